package dev.bitacora.agent;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.Map;

/** An exception as the event's fields. */
final class ErrorFields {
  /** Of a stack trace; what is further down tells nothing that the top does not. */
  private static final int MAX_TRACE = 16 * 1024;

  private ErrorFields() {}

  static Map<String, Object> of(Throwable error) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("error.type", error.getClass().getName());
    fields.put("error.message", message(error));
    fields.put("error.stack_trace", stackTrace(error));
    return fields;
  }

  private static String message(Throwable error) {
    try {
      return error.getMessage();
    } catch (Throwable t) { // a component's exception may throw anything
      return "[no message: " + t.getClass().getName() + "]";
    }
  }

  private static String stackTrace(Throwable error) {
    StringWriter trace = new StringWriter();
    try {
      error.printStackTrace(new PrintWriter(trace, true));
    } catch (Throwable t) { // as above
      trace.append("[no stack trace: ").append(t.getClass().getName()).append(']');
    }
    return trace.getBuffer().substring(0, Math.min(MAX_TRACE, trace.getBuffer().length()));
  }
}

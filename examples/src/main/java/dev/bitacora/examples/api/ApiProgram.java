package dev.bitacora.examples.api;

import dev.bitacora.agent.AuditLog;
import dev.bitacora.agent.EventDraft;
import dev.bitacora.agent.context.AuditContext;
import dev.bitacora.agent.context.User;
import dev.bitacora.core.event.Actions;
import dev.bitacora.examples.component.Peers;
import dev.bitacora.examples.component.Program;
import dev.bitacora.examples.component.Workbench;
import dev.bitacora.examples.people.People;
import dev.bitacora.examples.people.Person;
import dev.bitacora.examples.web.Answer;
import dev.bitacora.examples.web.Call;
import dev.bitacora.examples.web.RefusedException;
import dev.bitacora.examples.web.Routes;
import java.util.Map;
import org.slf4j.Logger;

/**
 * Invoices over HTTP. Who changes one is recorded with the values before and after; who may not, as
 * a failure with its reason. Asks the assistant for a summary, keeps invoices in the cache, and
 * lets the batch component export them.
 */
public final class ApiProgram implements Program {
  /** Above this, in cents, a clerk's own approval is not enough. */
  private static final long LIMIT = 5_000_00;

  private static final String INVOICE = "invoice";

  private final AuditLog audit;
  private final Logger log;
  private final Peers peers;
  private final InvoiceBook book = new InvoiceBook();

  public ApiProgram(Workbench workbench) {
    audit = workbench.audit();
    log = workbench.log();
    peers = workbench.peers();
  }

  @Override
  public void serve(Routes routes) {
    routes
        .post("/sessions", this::login)
        .post("/invoices", this::create)
        .get("/invoices/{id}", this::read)
        .put("/invoices/{id}", this::change)
        .post("/invoices/{id}/approval", this::approve)
        .post("/invoices/{id}/rejection", this::reject)
        .post("/exports", this::export);
  }

  private Answer login(Call call) throws RefusedException {
    String id = call.required("user");
    boolean good = People.find(id).isPresent() && "right".equals(call.json().get("password"));
    User user = People.find(id).map(Person::actor).orElseGet(() -> User.id(id));
    EventDraft event =
        audit
            .event(good ? Actions.AUTHN_LOGIN_SUCCESS : Actions.AUTHN_LOGIN_FAIL)
            .actor(user)
            .field("event.category", "authentication");
    if (good) {
      event.success().record();
      return Answer.of(201, "welcome");
    }
    event.failure("wrong user or password").record();
    log.warn("login of {} failed", id);
    return Answer.of(401, "wrong user or password");
  }

  private Answer create(Call call) throws RefusedException {
    Person clerk = caller("clerk", "invoice.create", "new");
    Map<String, Object> body = call.json();
    long amount = body.get("amount") instanceof Long cents ? cents : 0;
    if (amount <= 0) {
      audit.event(Actions.INPUT_VALIDATION_FAIL).failure("amount: must be positive").record();
      throw new RefusedException(400, "amount: must be positive");
    }
    Invoice invoice = book.create(call.required("customer"), amount, clerk.id());
    audit
        .event("invoice.create")
        .target(INVOICE, invoice.id())
        .change("status", null, invoice.status())
        .change("amount", null, amount)
        .label("customer", invoice.customer())
        .success()
        .record();
    summarise(invoice);
    peers.put("cache", "/entries/" + invoice.id(), invoice.toJson());
    log.info("invoice {} of {} cents created", invoice.id(), amount);
    return new Answer(201, invoice.toJson());
  }

  private void summarise(Invoice invoice) {
    Answer summary = peers.post("assistant", "/summaries", invoice.toJson());
    if (!summary.isGood()) {
      log.warn("invoice {} has no summary: {}", invoice.id(), summary.text("message"));
    }
  }

  private Answer read(Call call) throws RefusedException {
    Invoice invoice = find(call);
    if (peers.get("cache", "/entries/" + invoice.id()).status() == 404) {
      peers.put("cache", "/entries/" + invoice.id(), invoice.toJson());
    }
    audit.event(Actions.SENSITIVE_READ).target(INVOICE, invoice.id()).success().record();
    return Answer.ok(invoice.toJson());
  }

  private Answer change(Call call) throws RefusedException {
    Invoice before = find(call);
    caller("clerk", "invoice.change", before.id());
    if (!(call.json().get("amount") instanceof Long amount) || amount <= 0) {
      audit.event(Actions.INPUT_VALIDATION_FAIL).failure("amount: must be positive").record();
      throw new RefusedException(400, "amount: must be positive");
    }
    requirePending(before, "invoice.change");
    Invoice after = book.change(before.id(), old -> old.withAmount(amount)).orElse(before);
    audit
        .event("invoice.change")
        .target(INVOICE, after.id())
        .change("amount", before.amount(), after.amount())
        .success()
        .record();
    peers.delete("cache", "/entries/" + after.id());
    return Answer.ok(after.toJson());
  }

  private Answer approve(Call call) throws RefusedException {
    Invoice invoice = find(call);
    Person approver = caller("approver", "invoice.approve", invoice.id());
    requirePending(invoice, "invoice.approve");
    if (approver.id().equals(invoice.createdBy()) && invoice.amount() > LIMIT) {
      throw refused("invoice.approve", invoice.id(), 403, "four eyes are required above the limit");
    }
    return decide(invoice, "approved", audit.event("invoice.approve").mandatory());
  }

  private Answer reject(Call call) throws RefusedException {
    Invoice invoice = find(call);
    caller("approver", "invoice.reject", invoice.id());
    requirePending(invoice, "invoice.reject");
    String reason = call.required("reason");
    return decide(invoice, "rejected", audit.event("invoice.reject").field("event.reason", reason));
  }

  private Answer decide(Invoice before, String status, EventDraft event) {
    Invoice after = book.change(before.id(), old -> old.withStatus(status)).orElse(before);
    event
        .target(INVOICE, after.id())
        .change("status", before.status(), after.status())
        .detail("amount", after.amount())
        .success()
        .record();
    peers.delete("cache", "/entries/" + after.id());
    log.info("invoice {} {}", after.id(), status);
    return Answer.ok(after.toJson());
  }

  private Answer export(Call call) throws RefusedException {
    String name = call.required("name");
    long rows = call.json().get("rows") instanceof Long number ? Math.min(number, 1000) : 10;
    StringBuilder input = new StringBuilder();
    for (int row = 0; row < rows; row++) {
      input.append("{\"row\":").append(row).append(",\"export\":\"").append(name).append("\"}\n");
    }
    Answer collected = peers.postText("batch", "/batches/" + name + "/rows", input.toString());
    Answer written =
        collected.isGood()
            ? peers.post("batch", "/batches/" + name + "/file", Map.of())
            : collected;
    EventDraft event = audit.event("export.run").target("export", name).detail("rows", rows);
    if (written.isGood()) {
      event.detail("bytes", written.number("bytes")).success().record();
    } else {
      event.failure(written.text("message")).record();
    }
    log.info("export {} of {} rows: {}", name, rows, written.status());
    return written;
  }

  private Invoice find(Call call) throws RefusedException {
    String id = call.path("id");
    return book.find(id).orElseThrow(() -> new RefusedException(404, "there is no invoice " + id));
  }

  /** The person who calls, if they have this role; recorded as a failure if not. */
  private Person caller(String role, String action, String target) throws RefusedException {
    Person person =
        AuditContext.current()
            .actor()
            .flatMap(user -> People.find(user.id()))
            .orElseThrow(() -> new RefusedException(401, "who are you?"));
    if (!person.has(role)) {
      audit
          .event(Actions.AUTHZ_FAIL)
          .target(INVOICE, target)
          .detail("wanted", action)
          .failure("the role " + role + " is required")
          .record();
      throw new RefusedException(403, "the role " + role + " is required");
    }
    return person;
  }

  private void requirePending(Invoice invoice, String action) throws RefusedException {
    if (!invoice.isPending()) {
      throw refused(action, invoice.id(), 409, "it is " + invoice.status() + " already");
    }
  }

  private RefusedException refused(String action, String id, int status, String reason) {
    audit.event(action).target(INVOICE, id).failure(reason).record();
    return new RefusedException(status, reason);
  }
}

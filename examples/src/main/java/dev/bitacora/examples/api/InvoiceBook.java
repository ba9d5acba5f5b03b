package dev.bitacora.examples.api;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The latest invoices, in memory. Safe for any thread. */
final class InvoiceBook {
  private static final int CAPACITY = 5_000;

  private final Map<String, Invoice> invoices =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Invoice> eldest) {
          return size() > CAPACITY;
        }
      };
  private long lastNumber = 1000;

  synchronized Invoice create(String customer, long amount, String createdBy) {
    String id = "I-" + ++lastNumber;
    Invoice invoice = new Invoice(id, customer, amount, "pending", createdBy);
    invoices.put(id, invoice);
    return invoice;
  }

  synchronized Optional<Invoice> find(String id) {
    return Optional.ofNullable(invoices.get(id));
  }

  /** The changed invoice; empty when there is none. */
  synchronized Optional<Invoice> change(String id, UnaryOperator<Invoice> change) {
    return Optional.ofNullable(invoices.computeIfPresent(id, (key, old) -> change.apply(old)));
  }
}

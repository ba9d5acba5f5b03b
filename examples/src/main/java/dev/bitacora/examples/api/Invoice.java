package dev.bitacora.examples.api;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An invoice at one moment.
 *
 * @param amount in cents
 * @param status pending, approved or rejected
 */
record Invoice(String id, String customer, long amount, String status, String createdBy) {
  Invoice withAmount(long amount) {
    return new Invoice(id, customer, amount, status, createdBy);
  }

  Invoice withStatus(String status) {
    return new Invoice(id, customer, amount, status, createdBy);
  }

  boolean isPending() {
    return status.equals("pending");
  }

  Map<String, Object> toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("id", id);
    json.put("customer", customer);
    json.put("amount", amount);
    json.put("status", status);
    json.put("createdBy", createdBy);
    return json;
  }
}

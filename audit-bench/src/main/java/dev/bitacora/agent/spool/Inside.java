package dev.bitacora.agent.spool;

import dev.bitacora.agent.AuditLog;
import java.lang.reflect.Field;
import java.util.Optional;

/** Looks into objects that keep to themselves: the harness needs to, the product shall not. */
public final class Inside {
  private Inside() {}

  /** The spool of an open agent's audit lane. */
  public static DiskSpool auditSpool(AuditLog audit) {
    Object lanes = ((Optional<?>) of(audit, "lanes")).orElseThrow();
    if (of(of(lanes, "audit"), "spool") instanceof DiskSpool spool) {
      return spool;
    }
    throw new IllegalStateException("the audit lane has no spool on a disk");
  }

  /** What an object holds under a name. */
  public static Object of(Object owner, String name) {
    try {
      Field field = owner.getClass().getDeclaredField(name);
      field.setAccessible(true);
      return field.get(owner);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(
          owner.getClass().getName() + " has changed: the harness looks for its " + name, e);
    }
  }
}

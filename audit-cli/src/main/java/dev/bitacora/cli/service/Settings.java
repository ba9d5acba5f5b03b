package dev.bitacora.cli.service;

import dev.bitacora.core.config.Configuration;
import dev.bitacora.core.config.Setting;
import dev.bitacora.store.Retention;

/** Settings as the parts take them. */
final class Settings {
  private Settings() {}

  static Retention retention(Configuration configuration) {
    return new Retention(
        configuration.days(Setting.RETENTION_EVENTS), configuration.days(Setting.RETENTION_LOGS));
  }
}

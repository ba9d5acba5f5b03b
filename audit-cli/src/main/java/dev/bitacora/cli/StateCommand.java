package dev.bitacora.cli;

import dev.bitacora.core.config.Setting;

/**
 * A command that works on the service's state itself, in the data directory or in Elasticsearch:
 * whoever may write there is an administrator. The service may run meanwhile, or not.
 */
abstract class StateCommand extends SettingsCommand {
  StateCommand() {
    super(
        Setting.DATA_DIR,
        Setting.ELASTICSEARCH_URL,
        Setting.ELASTICSEARCH_USER,
        Setting.ELASTICSEARCH_PASSWORD,
        Setting.ELASTICSEARCH_API_KEY,
        Setting.ELASTICSEARCH_CA_FILE,
        Setting.CONFIG);
  }
}

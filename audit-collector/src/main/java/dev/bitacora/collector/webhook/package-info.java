/** How alarms reach somebody: webhooks that speak Alertmanager's language. */
package dev.bitacora.collector.webhook;

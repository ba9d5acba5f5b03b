/** Kibana: builds the objects of {@code elk/kibana} into what Kibana imports, and installs them. */
package dev.bitacora.cli.kibana;

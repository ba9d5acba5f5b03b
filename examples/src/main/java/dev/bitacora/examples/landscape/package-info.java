/** All example components in several environments, in one JVM or in processes of their own. */
package dev.bitacora.examples.landscape;

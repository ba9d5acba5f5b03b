/** Topics on a broker of the harness's own: made, and read as a collector would. */
package dev.bitacora.bench.kafka;

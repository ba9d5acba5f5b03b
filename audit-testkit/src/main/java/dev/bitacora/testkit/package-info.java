/**
 * Real servers for tests and for the demo on real engines: a Kafka broker and an Elasticsearch
 * node, each a process of its own on free loopback ports, that can be killed, paused and restarted
 * and that vanish with the JVM that started them.
 */
package dev.bitacora.testkit;

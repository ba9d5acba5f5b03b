package dev.bitacora.examples.component;

import dev.bitacora.agent.AuditLog;
import org.slf4j.Logger;

/** What a program works with. */
public record Workbench(AuditLog audit, Logger log, Peers peers) {}

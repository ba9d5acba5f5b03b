package dev.bitacora.collector.deadletter;

/** A dead letter where it is kept. */
public record StoredDeadLetter(DeadLetterId id, DeadLetter letter) {}

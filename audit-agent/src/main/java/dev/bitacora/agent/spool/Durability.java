package dev.bitacora.agent.spool;

/** What an accepted record survives. */
public enum Durability {
  /** Nothing but a slow or absent destination: it is lost with the process. */
  MEMORY("memory only: does not survive a crash of the process"),
  /** The death of the process by any signal. */
  PROCESS("survives the death of the process"),
  /** Loss of power. */
  HOST("survives loss of power"),
  /** The broker or the intake has it. */
  REMOTE("acknowledged by the destination");

  private final String meaning;

  Durability(String meaning) {
    this.meaning = meaning;
  }

  /** The same in words. */
  public String meaning() {
    return meaning;
  }
}

package dev.bitacora.bench.agent.calls;

import dev.bitacora.testkit.KafkaBroker;

/** How the broker is while calls are made. */
enum BrokerState {
  UP("up"),
  PAUSED("paused"),
  DOWN("killed");

  private final String text;

  BrokerState(String text) {
    this.text = text;
  }

  /** For people. */
  String text() {
    return text;
  }

  /** Brings a broker that is up into this state. */
  void enter(KafkaBroker broker) {
    switch (this) {
      case UP -> {}
      case PAUSED -> broker.pause();
      case DOWN -> broker.kill();
    }
  }

  /** Brings it up again. */
  void leave(KafkaBroker broker) {
    switch (this) {
      case UP -> {}
      case PAUSED -> broker.resume();
      case DOWN -> broker.restart();
    }
  }
}

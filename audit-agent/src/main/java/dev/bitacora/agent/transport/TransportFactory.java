package dev.bitacora.agent.transport;

/** Opens connections to one destination. */
public interface TransportFactory {
  /** Opens a connection, on the shipper's thread and again after each failure. */
  Transport open() throws DeliveryFailure;

  /** The destination for people, without secrets: {@code http://127.0.0.1:7070}. */
  String destination();
}

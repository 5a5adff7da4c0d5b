package dev.starling.messenger;

import java.time.Duration;

/**
 * The connection that carries a session, as the session sees it. Any thread may call, but where it
 * says otherwise.
 */
interface Link {
  /**
   * Notes that the connection carries {@code session} from now on; on the connection's own thread.
   *
   * @return false when it has carried it before
   */
  boolean join(LiveSession session);

  /**
   * Sends an encrypted packet after those sent before; nothing happens on a connection that is
   * closed.
   */
  void send(byte[] packet);

  /** Whether the client takes bytes more slowly than they come: then no more are made for it. */
  boolean congested();

  /**
   * Closes the connection unless it is told otherwise within {@code delay}; an earlier order is
   * void.
   */
  void disconnectAfter(Duration delay);

  /**
   * Reads no more from the client until {@link #release} by the same holder; on the connection's
   * own thread.
   */
  void hold(Object holder);

  void release(Object holder);
}

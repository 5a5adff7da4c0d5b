package dev.starling.mtproto;

/** Where a transport puts the packets that it finds in a stream. */
@FunctionalInterface
public interface PacketSink {

  /**
   * One packet, called while the transport reads.
   *
   * @param packet a fresh array of exactly the framed bytes, the padding of padded intermediate
   *     still on it
   * @param quickAckRequested whether the sender wants to hear at once that the packet has arrived
   */
  void packet(byte[] packet, boolean quickAckRequested);

  /**
   * The server has the packet of this token ({@link Envelope#quickAckToken}); a client's transport
   * only. Nobody needs to know: the answer or an acknowledgement comes too.
   */
  default void quickAck(int token) {}
}

package dev.starling.mtproto;

import dev.starling.tl.MsgContainer;
import java.util.List;
import java.util.random.RandomGenerator;

/** Gives messages their msg_id and seqno and puts them, alone or in a container, into packets. */
final class Packer {
  /** Larger messages go alone, so that small ones do not wait for them to arrive. */
  static final int CONTAINER_BYTES_MAX = 64 << 10;

  /** "A container holds at most 1020 messages." */
  static final int CONTAINER_MESSAGES_MAX = 1020;

  private static final int CONTAINER_HEADER_BYTES = 8;
  private static final int MESSAGE_HEADER_BYTES = 16;

  private final AuthKey key;
  private final Side side;
  private final long sessionId;
  private final RandomGenerator padding;
  private final MessageIds ids;
  private int contentCount;

  Packer(AuthKey key, Side side, long sessionId, RandomGenerator padding, MessageIds ids) {
    this.key = key;
    this.side = side;
    this.sessionId = sessionId;
    this.padding = padding;
    this.ids = ids;
  }

  /** Corrects the count of content-related messages by which the seqno goes. */
  void shiftSeqno(int by) {
    contentCount = Math.max(0, contentCount + by / 2);
  }

  /** Behind the last message that fits into one packet with that at {@code from}. */
  static int endOfPacket(List<Outgoing> messages, int from) {
    int to = from;
    long bytes = 0;
    do {
      bytes += MESSAGE_HEADER_BYTES + messages.get(to).body.length;
      to++;
    } while (to < messages.size()
        && to - from < CONTAINER_MESSAGES_MAX
        && bytes + MESSAGE_HEADER_BYTES + messages.get(to).body.length <= CONTAINER_BYTES_MAX);
    return to;
  }

  /** The encrypted packet of these messages, which are due no longer. */
  byte[] seal(List<Outgoing> messages, long salt) {
    // A message sent again goes in a container even alone: its msg_id may be old by now, and the
    // receiver checks the age of the packet's own.
    boolean bare = messages.size() == 1 && messages.getFirst().msgId == 0;
    messages.forEach(this::name);
    if (bare) {
      Outgoing only = messages.getFirst();
      only.carrier = only.msgId;
      return seal(salt, only.msgId, only.seqno, only.body);
    }
    byte[] body = container(messages);
    long msgId = ids.next(Outgoing.Kind.SERVICE.idKind(side));
    messages.forEach(message -> message.carrier = msgId);
    return seal(salt, msgId, 2 * contentCount, body);
  }

  /**
   * "msg_seqno: twice the number of content-related messages created by the sender before this one,
   * and one more if this message is content-related too."
   */
  private void name(Outgoing message) {
    message.due = false;
    if (message.msgId == 0) {
      message.msgId = ids.next(message.kind.idKind(side));
      if (message.bodyOf != null) {
        message.body = message.bodyOf.apply(message.msgId);
      }
      message.seqno = 2 * contentCount + (message.kind.content ? 1 : 0);
      contentCount += message.kind.content ? 1 : 0;
    }
  }

  private static byte[] container(List<Outgoing> messages) {
    int length = CONTAINER_HEADER_BYTES;
    for (Outgoing message : messages) {
      length += MESSAGE_HEADER_BYTES + message.body.length;
    }
    byte[] container = new byte[length];
    Bytes.putInt(container, 0, MsgContainer.ID);
    Bytes.putInt(container, 4, messages.size());
    int offset = CONTAINER_HEADER_BYTES;
    for (Outgoing message : messages) {
      Bytes.putLong(container, offset, message.msgId);
      Bytes.putInt(container, offset + 8, message.seqno);
      Bytes.putInt(container, offset + 12, message.body.length);
      offset += MESSAGE_HEADER_BYTES;
      System.arraycopy(message.body, 0, container, offset, message.body.length);
      offset += message.body.length;
    }
    return container;
  }

  private byte[] seal(long salt, long msgId, int seqno, byte[] body) {
    return Envelope.seal(key, side, salt, sessionId, msgId, seqno, body, padding);
  }
}

package dev.starling.tl;

import java.util.ArrayList;
import java.util.List;

/**
 * {@code msg_container#73f1f8dc messages:vector<%Message> = MessageContainer}: several messages in
 * one. Bodies stay raw and are decoded one by one, so that a bad message does not spoil its
 * neighbours.
 */
public record MsgContainer(List<ContainerMessage> messages) implements TlObject {
  public static final int ID = 0x73f1f8dc;

  /**
   * "A container may hold at most 1020 messages": what official servers take and clients keep to.
   */
  public static final int MAX_MESSAGES = 1020;

  private static final int MESSAGE_HEADER = 16;

  /**
   * One message: {@code message msg_id:long seqno:int bytes:int body:Object}, the body's length a
   * multiple of 4.
   */
  @SuppressWarnings("ArrayRecordComponent") // a message body, never compared
  public record ContainerMessage(long msgId, int seqno, byte[] body) {}

  @Override
  public int constructorId() {
    return ID;
  }

  @Override
  public void write(TlWriter out) {
    out.writeInt(ID);
    out.writeInt(messages.size());
    for (ContainerMessage message : messages) {
      out.writeLong(message.msgId);
      out.writeInt(message.seqno);
      out.writeInt(message.body.length);
      out.writeRaw(message.body);
    }
  }

  static MsgContainer readFields(TlReader in) {
    int count = in.readInt();
    if (count < 0 || count > MAX_MESSAGES || count > in.remaining() / MESSAGE_HEADER) {
      throw new TlException("a container of " + count + " messages");
    }
    var messages = new ArrayList<ContainerMessage>(count);
    for (int i = 0; i < count; i++) {
      messages.add(new ContainerMessage(in.readLong(), in.readInt(), in.readRaw(in.readInt())));
    }
    return new MsgContainer(List.copyOf(messages));
  }
}

package dev.starling.mtproto;

import dev.starling.tl.Layer;
import dev.starling.tl.Tl;
import dev.starling.tl.TlObject;
import dev.starling.tl.mt.MsgsAck;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What one side of a session has to send: messages that wait for the next flush, and content that
 * was sent and is kept so that it can be sent again, with its msg_id and seqno and fresh padding,
 * until the other side is known to have it. A flush puts all that is due into as few packets as the
 * caps of a container allow, acknowledgements with it.
 */
final class Outbox {
  /** "The vector of identifiers holds at most 8192." */
  static final int IDS_MAX = 8192;

  private final Env env;
  private final Packer packer;
  private final PendingAcks acks = new PendingAcks();
  private final ArrayList<Outgoing> waiting = new ArrayList<>(0);
  private final ArrayList<Outgoing> kept = new ArrayList<>(0); // sorted by msg_id
  private int waitingBytes;
  private int keptBytes;
  private int serviceBytes;

  Outbox(AuthKey key, Side side, long sessionId, Env env, MessageIds ids) {
    this.env = env;
    this.packer = new Packer(key, side, sessionId, env.random(), ids);
  }

  PendingAcks acks() {
    return acks;
  }

  /** Messages that wait for their first flush, and their bytes. */
  int waiting() {
    return waiting.size();
  }

  int waitingBytes() {
    return waitingBytes;
  }

  /** Bytes of the {@link #service} messages since the last flush. */
  int serviceBytes() {
    return serviceBytes;
  }

  /** Messages sent and kept, and their bytes. */
  int kept() {
    return kept.size();
  }

  int keptBytes() {
    return keptBytes;
  }

  void service(TlObject message) {
    byte[] body = Tl.encode(message, Layer.NEWEST);
    add(new Outgoing(Outgoing.Kind.SERVICE, body, 0));
    serviceBytes += body.length;
  }

  void add(Outgoing message) {
    waiting.add(message);
    waitingBytes += message.body.length;
  }

  /** Takes out the kept message of that id; null when there is none. */
  @Nullable Outgoing take(long msgId) {
    int at = indexOf(msgId);
    return at < 0 ? null : removeKept(at);
  }

  /**
   * Takes out the kept message that is missed least: a push, which the difference has too; else an
   * answer that can be made again; else any. Of its kind the one that was sent first.
   */
  Outgoing takeLeast() {
    int least = 0;
    for (int i = 1; i < kept.size() && worth(kept.get(least)) > 0; i++) {
      least = worth(kept.get(i)) < worth(kept.get(least)) ? i : least;
    }
    return removeKept(least);
  }

  private static int worth(Outgoing message) {
    return message.kind == Outgoing.Kind.PUSH ? 0 : message.repeatable ? 1 : 2;
  }

  /** Takes out the message that waits longest. */
  Outgoing takeFirstWaiting() {
    Outgoing message = waiting.removeFirst();
    waitingBytes -= message.body.length;
    return message;
  }

  /** Removes kept and waiting messages; answers whether there were any. */
  boolean removeIf(Predicate<Outgoing> which) {
    int before = kept.size() + waiting.size();
    kept.removeIf(which);
    waiting.removeIf(which);
    keptBytes = bytes(kept);
    waitingBytes = bytes(waiting);
    return kept.size() + waiting.size() < before;
  }

  /** The message, kept or waiting, that is of that kind and belongs to that call. */
  @Nullable Outgoing find(Outgoing.Kind kind, long call) {
    for (Outgoing message : kept) {
      if (message.kind == kind && message.call == call) {
        return message;
      }
    }
    for (Outgoing message : waiting) {
      if (message.kind == kind && message.call == call) {
        return message;
      }
    }
    return null;
  }

  /** Whether the message of that id is kept. */
  boolean keeps(long msgId) {
    return indexOf(msgId) >= 0;
  }

  /** The kept message of that id goes again with the next flush; false when there is none. */
  boolean sendAgain(long msgId) {
    int at = indexOf(msgId);
    if (at >= 0) {
      kept.get(at).due = true;
    }
    return at >= 0;
  }

  /** The kept messages that match, for the caller to mark or take. */
  List<Outgoing> kept(Predicate<Outgoing> which) {
    return kept.stream().filter(which).toList();
  }

  /** A kept message goes again with the next flush, under a new msg_id and seqno. */
  void sendAnew(Outgoing message) {
    take(message.msgId);
    message.msgId = 0;
    add(message);
  }

  /** Corrects the seqno of what is sent from now on. */
  void shiftSeqno(int by) {
    packer.shiftSeqno(by);
  }

  /** Hands all that is due to {@code wire}, one encrypted packet at a time. */
  void flush(long salt, Consumer<byte[]> wire) {
    List<Outgoing> batch = new ArrayList<>(waiting.size() + 1);
    for (Outgoing message : kept) {
      if (message.due) {
        batch.add(message);
      }
    }
    batch.addAll(waiting);
    waiting.clear();
    waiting.trimToSize();
    waitingBytes = 0;
    serviceBytes = 0;
    for (Outgoing message : batch) {
      if (message.kind == Outgoing.Kind.ANSWER) {
        acks.remove(message.call);
      }
    }
    boolean acksDue = !acks.isEmpty() && env.clock().millis() >= acks.dueMillis();
    if (!acks.isEmpty() && (acksDue || !batch.isEmpty())) {
      MsgsAck ack = new MsgsAck(acks.drain());
      batch.add(new Outgoing(Outgoing.Kind.SERVICE, Tl.encode(ack, Layer.NEWEST), 0));
    }
    for (int from = 0; from < batch.size(); ) {
      List<Outgoing> packet = batch.subList(from, Packer.endOfPacket(batch, from));
      List<Outgoing> kept = packet.stream().filter(m -> m.kind.content && m.msgId == 0).toList();
      wire.accept(packer.seal(packet, salt));
      kept.forEach(this::keep);
      from += packet.size();
    }
  }

  private void keep(Outgoing message) {
    // Nearly always at the end; a client whose clock is corrected makes lower ids than before.
    kept.add(placeOf(message.msgId), message);
    keptBytes += message.body.length;
  }

  private Outgoing removeKept(int at) {
    Outgoing message = kept.remove(at);
    keptBytes -= message.body.length;
    if (kept.isEmpty()) {
      kept.trimToSize();
    }
    return message;
  }

  private int indexOf(long msgId) {
    int place = placeOf(msgId) - 1;
    return place >= 0 && kept.get(place).msgId == msgId ? place : -1;
  }

  /** How many of the kept ids are not above this one. */
  private int placeOf(long msgId) {
    int place = kept.size();
    if (place > 0 && kept.get(place - 1).msgId <= msgId) {
      return place;
    }
    int low = 0;
    while (low < place) {
      int middle = (low + place) >>> 1;
      if (kept.get(middle).msgId <= msgId) {
        low = middle + 1;
      } else {
        place = middle;
      }
    }
    return place;
  }

  private static int bytes(List<Outgoing> messages) {
    return messages.stream().mapToInt(message -> message.body.length).sum();
  }
}

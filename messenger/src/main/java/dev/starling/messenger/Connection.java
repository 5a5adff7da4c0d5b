package dev.starling.messenger;

import dev.starling.messenger.AuthKeys.Known;
import dev.starling.messenger.Handshakes.Outcome;
import dev.starling.mtproto.Envelope;
import dev.starling.mtproto.Envelope.Opened;
import dev.starling.mtproto.Side;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Queue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the packets of one connection are for: with auth_key_id 0 the handshake, else a session of
 * that auth key.
 *
 * <p>Packets are taken in their order. While one waits for something outside the event loop (a
 * handshake step, an auth key in the store, a session that has calls enough) the socket is not
 * read, and those that came along with it wait in {@link #inbox}: at most what one read brings.
 */
final class Connection implements Wire.Receiver, Link {
  /** "Auth key not found": the client makes another. */
  private static final int UNKNOWN_KEY = -404;

  /** "Transport flood": the client comes again later. */
  private static final int FLOOD = -429;

  /**
   * A plain packet: the handshake's largest is under 500 bytes, to which clients add some padding.
   * Anybody may send one, and it waits for a thread.
   */
  private static final int PLAIN_BYTES_MAX = 4 << 10;

  /**
   * Sessions that one connection carries at once; a client has one, and begins anew now and then.
   * Whoever held thousands by one connection would leave none to others, as only sessions without a
   * connection make room.
   */
  static final int SESSIONS_MAX = 16;

  /**
   * Bytes of messages, unpacked, that one connection has read in one turn of its event loop: a few
   * milliseconds. What a 64 KiB read brings may unpack to a thousand times as much, and others
   * wait.
   */
  static final int TURN_BYTES_MAX = 1 << 20;

  /** Most packets are taken at once; the queue grows when they are not. */
  private static final int INBOX_USUAL = 1;

  /** Holds until the event loop's next turn. */
  private static final Object NEXT_TURN = new Object();

  private final Wire wire;
  private final Gateway gateway;
  private final Dispatch dispatch;
  private Handshakes.@Nullable Attempt handshake;
  private final Queue<Inbound> inbox = new ArrayDeque<>(INBOX_USUAL);
  private final Set<Object> holders = new HashSet<>();
  private final LinkedHashSet<LiveSession> sessions = new LinkedHashSet<>();
  private final Set<LiveSession> unflushed = new LinkedHashSet<>();
  private int inboxBytes;
  private int turnBytes;
  private boolean closed;

  /** A packet that waits for its turn. */
  @SuppressWarnings("ArrayRecordComponent") // a carrier
  private record Inbound(byte[] packet, boolean quickAckWanted) {}

  Connection(Wire wire, Gateway gateway, Dispatch dispatch) {
    this.wire = wire;
    this.gateway = gateway;
    this.dispatch = dispatch;
  }

  @Override
  public void packet(byte[] packet, boolean quickAckWanted) {
    inbox.add(new Inbound(packet, quickAckWanted));
    inboxBytes += packet.length;
    takePackets();
  }

  @Override
  public int heldBytes() {
    return inboxBytes;
  }

  private void takePackets() {
    while (holders.isEmpty() && !closed && !inbox.isEmpty()) {
      if (turnBytes > TURN_BYTES_MAX) {
        hold(NEXT_TURN);
        release(NEXT_TURN);
        return;
      }
      Inbound next = inbox.remove();
      byte[] packet = next.packet;
      inboxBytes -= packet.length;
      long keyId = Envelope.authKeyId(packet);
      Known known = keyId == 0 ? null : gateway.keys.cached(keyId);
      if (keyId == 0) {
        plain(packet);
      } else if (known != null) {
        encrypted(known, next);
      } else {
        load(keyId, next);
      }
    }
  }

  private void plain(byte[] packet) {
    if (packet.length > PLAIN_BYTES_MAX
        || !(Envelope.openPlain(packet) instanceof Opened.Plain(_, byte[] body))) {
      wire.drop();
    } else {
      pause();
      handshake().take(body);
    }
  }

  private Handshakes.Attempt handshake() {
    Handshakes.Attempt made = handshake;
    if (made == null) {
      made =
          gateway.handshakes.new Attempt(wire.source(), outcome -> resume(() -> stepped(outcome)));
      handshake = made;
    }
    return made;
  }

  private void stepped(Outcome outcome) {
    switch (outcome) {
      case Outcome.Answer(byte[] answer) -> wire.send(answer);
      case Outcome.NoAnswer() -> {}
      case Outcome.Busy() -> wire.refuse(FLOOD);
      case Outcome.Refused() -> wire.refuse(UNKNOWN_KEY);
    }
  }

  private void load(long keyId, Inbound packet) {
    pause();
    dispatch.execute(
        () -> {
          try {
            Known known = gateway.keys.find(keyId);
            resume(() -> loaded(known, packet));
          } catch (RuntimeException e) {
            // Not -404: a client would throw away a good key because our disk is bad.
            gateway.defects.log("auth key", e);
            wire.execute(wire::drop);
          }
        });
  }

  private void loaded(@Nullable Known known, Inbound packet) {
    if (known == null) {
      gateway.counters.unknownKeys.increment();
      wire.refuse(UNKNOWN_KEY);
    } else {
      encrypted(known, packet);
    }
  }

  private void encrypted(Known known, Inbound inbound) {
    if (!(Envelope.open(known.key(), Side.CLIENT, inbound.packet)
        instanceof Opened.Message message)) {
      wire.drop();
      return;
    }
    gateway.counters.packets.increment();
    wire.alive();
    LiveSession session;
    int bytes;
    do {
      session = gateway.registry.session(known.key(), message.sessionId(), dispatch);
      if (session == null) {
        wire.refuse(FLOOD);
        return;
      }
      bytes = session.receive(this, message);
    } while (bytes < 0); // it was forgotten just now: once more, with a new one
    turnBytes += inbound.packet.length + bytes;
    if (inbound.quickAckWanted && bytes > 0) {
      wire.quickAck(message.quickAckToken());
    }
    unflushed.add(session);
  }

  private void pause() {
    hold(this);
  }

  /** Back from elsewhere: takes up where {@link #pause} left. */
  private void resume(Runnable next) {
    wire.execute(
        () -> {
          if (!closed) {
            next.run();
          }
          letGo(this);
        });
  }

  private void letGo(Object holder) {
    holders.remove(holder);
    wire.release(holder);
    if (!closed) {
      turnBytes = 0;
      takePackets();
      flushSessions();
      wire.account();
    }
  }

  @Override
  public void batchRead() {
    turnBytes = 0;
    flushSessions();
  }

  private void flushSessions() {
    unflushed.forEach(LiveSession::flush);
    unflushed.clear();
  }

  @Override
  public void writable() {
    sessions.forEach(session -> session.drain(this));
  }

  @Override
  public void closed() {
    closed = true;
    inbox.clear();
    inboxBytes = 0;
    sessions.forEach(session -> session.leave(this));
    sessions.clear();
  }

  @Override
  public boolean join(LiveSession session) {
    sessions.removeIf(
        LiveSession
            ::isClosed); // or a client that makes and destroys sessions would fill the memory
    boolean joined = sessions.add(session);
    if (sessions.size() > SESSIONS_MAX) {
      LiveSession eldest = sessions.removeFirst();
      // Later, as the lock of the one that joins is held.
      wire.execute(() -> leaveUnlessBack(eldest));
    }
    return joined;
  }

  private void leaveUnlessBack(LiveSession session) {
    if (!sessions.contains(session)) {
      session.leave(this);
    }
  }

  @Override
  public void send(byte[] packet) {
    wire.send(packet);
  }

  @Override
  public boolean congested() {
    return wire.congested();
  }

  @Override
  public void disconnectAfter(Duration delay) {
    wire.execute(() -> wire.disconnectAfter(delay));
  }

  @Override
  public void hold(Object holder) {
    holders.add(holder);
    wire.hold(holder);
  }

  @Override
  public void release(Object holder) {
    wire.execute(() -> letGo(holder));
  }
}

package dev.starling.messenger;

import dev.starling.messenger.Dispatch.Reply;
import dev.starling.messenger.Lane.Call;
import dev.starling.messenger.Outcomes.Outcome;
import dev.starling.mtproto.Env;
import dev.starling.mtproto.Envelope.Opened.Message;
import dev.starling.mtproto.ServerSession;
import dev.starling.tl.Layer;
import dev.starling.tl.Tl;
import dev.starling.tl.TlObject;
import dev.starling.tl.api.UpdatesTooLong;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A session with what the protocol machine does not know: the connection that carries it now, its
 * calls and its pushes.
 *
 * <p><b>Backpressure.</b> While the connection is congested no call is begun and nothing is sent,
 * and pushes fill the machine's queue until it drops them; while the lane is full the connection is
 * not read. A client whose pushes were dropped is told once that there are too many to list, and
 * asks for the difference.
 *
 * <p><b>Lock.</b> Everything happens under the session's lock, which is held for computing only, so
 * that event loops may take it. The registry's lock may be taken inside it, never the other way
 * round.
 */
@SuppressWarnings("ReferenceEquality") // a link is itself and no other
final class LiveSession implements ServerSession.Sink {
  /**
   * "Too many updates, it is necessary to execute updates.getDifference"; the same bytes in every
   * layer.
   */
  private static final byte[] TOO_LONG = Tl.encode(new UpdatesTooLong(), Layer.NEWEST);

  /** "Over 30 seconds in the future": such ids are refused. */
  private static final int AHEAD_SECONDS = 30;

  /**
   * The clock of the day may run more slowly than the timer's: who wakes a little early finds
   * nothing due, and nobody wakes him again.
   */
  private static final Duration WAKE_LATE = Duration.ofMillis(20);

  /** A session that was ended elsewhere has a moment to hear of it before its connection closes. */
  private static final Duration ENDED_LINGERS = Duration.ofSeconds(1);

  final long authKeyId;
  final long id;
  private final ServerSession machine;
  private final Dispatch dispatch;
  private final SessionRegistry registry;
  private final ReentrantLock lock = new ReentrantLock();
  private final Lane lane = new Lane();
  private final Env env;
  private @Nullable Link home;
  private volatile long newestMsgId;
  private long awayBytes;
  private boolean missed;
  private boolean lost;
  private volatile boolean closed;
  private volatile ClientInfo client = ClientInfo.UNKNOWN;

  LiveSession(
      long authKeyId,
      long id,
      ServerSession machine,
      Dispatch dispatch,
      SessionRegistry registry,
      Env env) {
    this.authKeyId = authKeyId;
    this.id = id;
    this.machine = machine;
    this.dispatch = dispatch;
    this.registry = registry;
    this.env = env;
  }

  /** What the client said of itself last. */
  ClientInfo client() {
    return client;
  }

  void introduce(ClientInfo info) {
    client = info;
  }

  /**
   * Takes a message that {@code link} brought, on the link's thread; answers how many bytes it was,
   * unpacked, 0 when it was refused, and less when the session is no more and another must be made.
   *
   * <p>The session follows its newest message: a client's new connection takes over at once, and
   * one who plays a recorded packet again takes over nothing.
   */
  int receive(Link link, Message message) {
    lock.lock();
    try {
      if (closed) {
        return -1;
      }
      if (home == null || message.msgId() > newestMsgId) {
        newestMsgId = Math.max(newestMsgId, Math.min(message.msgId(), newestPlausible()));
        moveTo(link);
      }
      int bytes = machine.receive(message, this);
      startLane();
      lane.holdIfFull(link);
      return bytes;
    } finally {
      lock.unlock();
    }
  }

  /**
   * A client whose clock is ahead sends ids that are refused; they must not outdo the right ones
   * that follow.
   */
  private long newestPlausible() {
    return (env.clock().millis() / 1000 + AHEAD_SECONDS) << 32;
  }

  private void moveTo(Link link) {
    if (home == null) {
      registry.attached(this, awayBytes);
      awayBytes = 0;
    }
    if (home != link) {
      home = link;
      if (link.join(this) || lost) {
        lost = false;
        machine.attached(this);
      }
    }
  }

  /** Sends what is due, unless the client must take what it has first. */
  void flush() {
    lock.lock();
    try {
      if (home != null && !home.congested()) {
        if (missed) {
          missed = false;
          machine.push(TOO_LONG, this);
        }
        machine.flush(this);
      }
    } finally {
      lock.unlock();
    }
  }

  /** {@code link} takes bytes again: what waited for it goes on. */
  void drain(Link link) {
    lock.lock();
    try {
      if (home == link) {
        flush();
        startLane();
      }
    } finally {
      lock.unlock();
    }
  }

  /** {@code link} is closed. Calls go on; answers and pushes wait for the next connection. */
  void leave(Link link) {
    lock.lock();
    try {
      lane.left(link);
      if (home == link) {
        home = null;
        lost = true; // what it took last, though the next may be one that was there before it
        startLane();
        if (!closed) {
          registry.detached(this);
          account();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** Sends updates, now or when the client can take them. */
  void push(byte[] updates) {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      registry.counters.pushes.increment();
      if (home == null && !registry.mayKeep(updates.length)) {
        lagging();
        return;
      }
      machine.push(updates, this);
      account();
      flush();
    } finally {
      lock.unlock();
    }
  }

  /** Tells the registry what is held for a client that is away. */
  private void account() {
    if (home == null && !closed) {
      long grown = machine.heldBytes() - awayBytes;
      awayBytes += grown;
      LiveSession forgotten = registry.keep(grown);
      if (forgotten != null) {
        dispatch.execute(forgotten::close); // elsewhere, as this session's lock is held
      }
    }
  }

  /**
   * It takes part in updates from now on. A client that goes on with a session which we forgot, in
   * a restart or while it was away, is told of it by {@code new_session_created}; not all of them
   * ask for the difference then, so it is sent for.
   */
  void subscribed() {
    lock.lock();
    try {
      missed |= machine.isResumed();
    } finally {
      lock.unlock();
    }
  }

  /** Its auth key is signed out: the client learns it by asking for the difference. */
  void end() {
    lock.lock();
    try {
      if (!closed) {
        machine.push(TOO_LONG, this);
        account();
        flush();
        disconnectAfter(ENDED_LINGERS);
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Ends it: the next message of the same session id begins a new one, which the client is told of.
   */
  void close() {
    lock.lock();
    try {
      closed = true;
      lane.clear();
      registry.attached(this, awayBytes);
      registry.ended(this);
      awayBytes = 0;
    } finally {
      lock.unlock();
    }
  }

  /** No message that it has taken has a greater msg_id; any thread may ask. */
  long newestMsgId() {
    return newestMsgId;
  }

  boolean isClosed() {
    return closed;
  }

  private void startLane() {
    if (lane.isStanding() && !congested()) {
      lane.running(true);
      if (!dispatch.execute(this::runLane)) {
        lane.running(false);
      }
    }
  }

  private boolean congested() {
    return home != null && home.congested();
  }

  private void runLane() {
    try {
      for (Call call = next(); call != null; call = next()) {
        finish(call, dispatch.answer(this, call));
      }
    } catch (RuntimeException | Error e) {
      // The lane would stand still for ever: a session that ends is one that its client makes anew.
      dispatch.defect("session", e);
      close();
    }
  }

  private @Nullable Call next() {
    lock.lock();
    try {
      return lane.next(congested());
    } finally {
      lock.unlock();
    }
  }

  private void finish(Call call, @Nullable Reply reply) {
    lock.lock();
    try {
      if (reply == null) {
        lane.postpone(call);
        return;
      }
      lane.ended(call, reply.failed());
      if (reply.bare()) {
        machine.tell(call.msgId(), reply.body());
      } else {
        machine.answer(call.msgId(), reply.body(), this);
      }
      account();
      flush();
    } finally {
      lock.unlock();
    }
  }

  /** How the call that another names as its predecessor ended. */
  Outcome outcome(long msgId) {
    lock.lock();
    try {
      return lane.outcome(msgId);
    } finally {
      lock.unlock();
    }
  }

  // What the machine wants done; it is only asked under the lock.

  @Override
  public void send(byte[] packet) {
    if (home != null) {
      home.send(packet);
    }
  }

  @Override
  public void request(long reqMsgId, TlObject request, int bytes) {
    lane.add(reqMsgId, request, bytes);
  }

  @Override
  public void unknown(long reqMsgId, int layer) {
    lane.addUnknown(reqMsgId, layer);
  }

  @Override
  public void disconnectAfter(Duration delay) {
    if (home != null) {
      home.disconnectAfter(delay);
    }
  }

  @Override
  public boolean destroySession(long sessionId) {
    LiveSession destroyed = registry.destroy(authKeyId, sessionId);
    // Elsewhere, as this session's lock is held: two sessions may be destroying each other.
    return destroyed != null && dispatch.execute(destroyed::close);
  }

  @Override
  public void flushAfter(Duration delay) {
    env.scheduler().after(delay.plus(WAKE_LATE), () -> dispatch.execute(this::flush));
  }

  @Override
  public void lagging() {
    registry.counters.lags.increment();
    missed = true;
  }
}

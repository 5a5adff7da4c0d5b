package dev.starling.messenger;

import dev.starling.messenger.AuthKeys.Known;
import dev.starling.mtproto.AuthKey;
import dev.starling.mtproto.Env;
import dev.starling.mtproto.Salts;
import dev.starling.mtproto.Scheduler.Cancellable;
import dev.starling.mtproto.ServerSession;
import dev.starling.tl.Layer;
import dev.starling.tl.Tl;
import dev.starling.tl.api.AnyUpdates;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * All sessions of the gateway: by auth key and session id, and by the account whose updates they
 * take.
 *
 * <p>A session outlives its connection for {@link #AWAY_MAX}, so that a client that changes
 * networks finds its unread answers; then it, or the one longest away when there are too many, is
 * forgotten. That is always safe: the client is told {@code new_session_created} and asks for the
 * difference, and no call that the forgotten session has taken is taken again ({@link
 * SessionFloors}).
 */
final class SessionRegistry implements Sessions, AutoCloseable {
  /**
   * Longer than a tunnel or a change of networks; a client that comes later needs the difference
   * anyway.
   */
  static final Duration AWAY_MAX = Duration.ofMinutes(10);

  private static final Duration SWEEP_EVERY = Duration.ofMinutes(1);

  /**
   * Handshakes whose first salt is still remembered: as many as two cores make in a minute, a
   * client uses it at once.
   */
  private static final int FIRST_SALTS_MAX = 8192;

  private record FirstSalt(long salt, long sinceSeconds) {}

  /** One auth key's sessions, and the salts they share. */
  private record OfKey(Salts salts, Map<Long, LiveSession> sessions) {}

  final GatewayCounters counters;
  private final AuthKeys keys;
  private final GatewayLimits limits;
  private final Env env;
  private final AtomicLong awayBytes = new AtomicLong();
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Long, OfKey> ofKeys = new HashMap<>();
  private final Map<LiveSession, Long> awaySince = new LinkedHashMap<>();
  private final Subscriptions subscriptions = new Subscriptions();
  private final Map<Long, FirstSalt> firstSalts =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, FirstSalt> eldest) {
          return size() > FIRST_SALTS_MAX;
        }
      };
  private final SessionFloors floors;
  private int size;
  private Cancellable sweeping;

  SessionRegistry(AuthKeys keys, GatewayLimits limits, GatewayCounters counters, Env env) {
    this.keys = keys;
    this.limits = limits;
    this.counters = counters;
    this.env = env;
    this.floors = new SessionFloors(env.clock().millis());
    this.sweeping = sweepLater();
  }

  /**
   * The session, made if need be; null when the auth key, or the gateway, has all the sessions it
   * may have.
   */
  @Nullable LiveSession session(AuthKey key, long sessionId, Dispatch dispatch) {
    List<LiveSession> evicted = new ArrayList<>();
    lock.lock();
    try {
      OfKey had = ofKeys.get(key.id());
      OfKey ofKey = had == null ? ofKey(key) : had;
      LiveSession known = ofKey.sessions.get(sessionId);
      if (known != null) {
        return known;
      }
      if (ofKey.sessions.size() >= limits.sessionsOfKey()) {
        evict(longestAway(ofKey), evicted);
      }
      if (size >= limits.sessions()) {
        evict(longestAway(), evicted);
      }
      if (ofKey.sessions.size() >= limits.sessionsOfKey() || size >= limits.sessions()) {
        return null;
      }
      long since = floors.millisOf(key.id());
      ServerSession machine = new ServerSession(key, sessionId, ofKey.salts, env, since);
      LiveSession session = new LiveSession(key.id(), sessionId, machine, dispatch, this, env);
      ofKeys.put(key.id(), ofKey); // the first of its key, or evicting has removed it
      ofKey.sessions.put(sessionId, session);
      size++;
      return session;
    } finally {
      lock.unlock();
      evicted.forEach(LiveSession::close);
    }
  }

  /** A handshake has ended with this salt: the key's first messages may bear it. */
  void firstSalt(long authKeyId, long salt) {
    lock.lock();
    try {
      firstSalts.put(authKeyId, new FirstSalt(salt, env.unixSeconds()));
    } finally {
      lock.unlock();
    }
  }

  /**
   * A session takes part in the updates of {@code accountId} from now on.
   *
   * @return whether it did not before
   */
  boolean subscribe(LiveSession session, long accountId, long permanentKeyId) {
    if (subscriptions.of(accountId).contains(session)) {
      return false; // nearly every call: no lock for it
    }
    lock.lock();
    try {
      if (isRegistered(session)) {
        subscriptions.add(session, accountId, permanentKeyId);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void push(long accountId, AnyUpdates updates, long exceptSessionId) {
    push(accountId, updates, id -> id != exceptSessionId);
  }

  @Override
  public void pushTo(long accountId, long sessionId, AnyUpdates updates) {
    push(accountId, updates, id -> id == sessionId);
  }

  private void push(long accountId, AnyUpdates updates, LongPredicate to) {
    Map<Layer, byte[]> bodies = new HashMap<>();
    for (LiveSession session : subscriptions.of(accountId)) {
      Known key = to.test(session.id) ? keys.find(session.authKeyId) : null;
      // Asked of the key each time: a key signed in to another account takes nothing of this one
      // with it.
      if (key != null && key.accountId() == accountId) {
        session.push(bodies.computeIfAbsent(key.layer(), layer -> Tl.encode(updates, layer)));
      }
    }
  }

  /** So seldom that nobody needs an index by session id. */
  @Override
  public void tell(long permanentKeyId, long sessionId, AnyUpdates updates) {
    List<LiveSession> namesakes;
    lock.lock();
    try {
      namesakes =
          ofKeys.values().stream()
              .map(ofKey -> ofKey.sessions.get(sessionId))
              .filter(Objects::nonNull)
              .toList();
    } finally {
      lock.unlock();
    }
    for (LiveSession session : namesakes) {
      Known key = keys.find(session.authKeyId);
      if (key != null && key.permanentId() == permanentKeyId) {
        session.push(Tl.encode(updates, key.layer()));
      }
    }
  }

  @Override
  public boolean listens(long accountId, long exceptSessionId) {
    for (LiveSession session : subscriptions.of(accountId)) {
      if (session.id != exceptSessionId) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void drop(long authKeyId) {
    lock.lock();
    try {
      subscriptions.ofKey(authKeyId).forEach(subscriptions::remove);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void end(long authKeyId) {
    List<LiveSession> ended;
    lock.lock();
    try {
      OfKey ofKey = ofKeys.get(authKeyId);
      Set<LiveSession> all = new HashSet<>(subscriptions.ofKey(authKeyId));
      if (ofKey != null) {
        all.addAll(ofKey.sessions.values());
      }
      ended = List.copyOf(all);
    } finally {
      lock.unlock();
    }
    drop(authKeyId);
    ended.forEach(LiveSession::end);
  }

  /** Whether a session may keep a push for a client that is away. */
  boolean mayKeep(int bytes) {
    return awayBytes.get() + bytes <= limits.awayBytes();
  }

  /**
   * What is kept for a client that is away has grown by so much.
   *
   * @return a session that is forgotten to make room, to be closed; null when there is room
   */
  @Nullable LiveSession keep(long bytes) {
    if (awayBytes.addAndGet(bytes) <= limits.awayBytes()) {
      return null;
    }
    lock.lock();
    try {
      LiveSession eldest = longestAway();
      if (eldest != null) {
        remove(eldest);
      }
      return eldest;
    } finally {
      lock.unlock();
    }
  }

  long awayBytes() {
    return awayBytes.get();
  }

  /** A connection carries the session, or nothing will; so much was kept for it meanwhile. */
  void attached(LiveSession session, long keptBytes) {
    awayBytes.addAndGet(-keptBytes);
    lock.lock();
    try {
      awaySince.remove(session);
    } finally {
      lock.unlock();
    }
  }

  /** No connection carries the session. */
  void detached(LiveSession session) {
    lock.lock();
    try {
      if (isRegistered(session)) {
        awaySince.put(session, env.clock().millis());
      }
    } finally {
      lock.unlock();
    }
  }

  /** A session that was forgotten has ended: it may have taken a message until now. */
  void ended(LiveSession session) {
    lock.lock();
    try {
      floors.raise(session.authKeyId, session.newestMsgId());
    } finally {
      lock.unlock();
    }
  }

  /** Forgets a session that its client has destroyed from another one; null when there is none. */
  @Nullable LiveSession destroy(long authKeyId, long sessionId) {
    lock.lock();
    try {
      OfKey ofKey = ofKeys.get(authKeyId);
      LiveSession session = ofKey == null ? null : ofKey.sessions.get(sessionId);
      if (session != null) {
        remove(session);
      }
      return session;
    } finally {
      lock.unlock();
    }
  }

  int size() {
    lock.lock();
    try {
      return size;
    } finally {
      lock.unlock();
    }
  }

  /** Sweeps no more. */
  @Override
  public void close() {
    lock.lock();
    try {
      sweeping.cancel();
    } finally {
      lock.unlock();
    }
  }

  private Cancellable sweepLater() {
    return env.scheduler().after(SWEEP_EVERY, this::sweep);
  }

  private void sweep() {
    long before = env.clock().millis() - AWAY_MAX.toMillis();
    List<LiveSession> forgotten = new ArrayList<>();
    lock.lock();
    try {
      for (Map.Entry<LiveSession, Long> away : awaySince.entrySet()) {
        if (away.getValue() > before) {
          break; // they are in the order of leaving
        }
        forgotten.add(away.getKey());
      }
      forgotten.forEach(this::remove);
      floors.sweep(env.clock().millis());
      sweeping = sweepLater();
    } finally {
      lock.unlock();
    }
    forgotten.forEach(LiveSession::close);
  }

  private OfKey ofKey(AuthKey key) {
    Salts salts = new Salts(key, env);
    FirstSalt first = firstSalts.get(key.id());
    if (first != null) {
      salts.acceptHandshakeSalt(first.salt, first.sinceSeconds);
    }
    return new OfKey(salts, new HashMap<>());
  }

  private void evict(@Nullable LiveSession session, List<LiveSession> evicted) {
    if (session != null) {
      remove(session);
      evicted.add(session);
    }
  }

  private @Nullable LiveSession longestAway(OfKey ofKey) {
    return ofKey.sessions.values().stream()
        .filter(awaySince::containsKey)
        .min(Comparator.comparing(awaySince::get))
        .orElse(null);
  }

  private @Nullable LiveSession longestAway() {
    return awaySince.isEmpty() ? null : awaySince.keySet().iterator().next();
  }

  private void remove(LiveSession session) {
    OfKey ofKey = ofKeys.get(session.authKeyId);
    if (ofKey != null && ofKey.sessions.remove(session.id, session)) {
      size--;
      if (ofKey.sessions.isEmpty()) {
        ofKeys.remove(session.authKeyId);
      }
    }
    awaySince.remove(session);
    subscriptions.remove(session);
    floors.raise(session.authKeyId, session.newestMsgId());
  }

  private boolean isRegistered(LiveSession session) {
    OfKey ofKey = ofKeys.get(session.authKeyId);
    return ofKey != null && ofKey.sessions.get(session.id) == session;
  }
}

package dev.starling.mtproto;

import dev.starling.tl.mt.FutureSalt;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The server salts of one auth key. "Server salt: a (random) 64-bit number changed every 30 minutes
 * at the request of the server; messages with the old salt are accepted for a further 1800
 * seconds." Ours follow from the auth key and the half-hour, so that they need no storage and
 * outlive a restart; half-hours begin at another second for each key, so that not all clients
 * change their salts at once.
 *
 * <p>Thread-safe: all sessions of a key share one.
 */
public final class Salts {
  /** How long a salt is the current one, seconds. */
  static final int PERIOD_SECONDS = 1800;

  /** How long it is accepted beside its successor, seconds. */
  static final int OLD_SECONDS = 1800;

  /** "The client may request up to 64 future salts": 32 hours. */
  static final int FUTURE_MAX = 64;

  private static final byte[] PURPOSE = "server salt".getBytes(StandardCharsets.US_ASCII);

  private final AuthKey key;
  private final Env env;
  private final int phaseSeconds;
  private volatile @Nullable Now cached;
  private volatile @Nullable Future future;
  private volatile @Nullable Handshake handshake;

  private record Now(long period, long current, long old) {}

  /** The salts from a period on, once derived: a container may ask a thousand times. */
  private record Future(long period, List<FutureSalt> salts) {}

  private record Handshake(long salt, long untilSeconds) {}

  public Salts(AuthKey key, Env env) {
    this.key = key;
    this.env = env;
    this.phaseSeconds = (int) Math.floorMod(key.id(), (long) PERIOD_SECONDS);
  }

  /**
   * Accepts, for as long as any salt lives, also the one that client and server took from the
   * handshake's nonces: "server_salt = new_nonce[0:8] xor server_nonce[0:8]".
   */
  public void acceptHandshakeSalt(long salt) {
    acceptHandshakeSalt(salt, seconds());
  }

  /**
   * As {@link #acceptHandshakeSalt(long)}, when the handshake ended at {@code since}, unix time.
   */
  public void acceptHandshakeSalt(long salt, long since) {
    handshake = new Handshake(salt, since + PERIOD_SECONDS + OLD_SECONDS);
  }

  /**
   * The salt of now: what the server's own messages carry and what a client with another is told.
   */
  public long current() {
    return now().current;
  }

  /** Whether a message may carry this salt now. */
  public boolean accepts(long salt) {
    Now now = now();
    if (salt == now.current || salt == now.old) {
      return true;
    }
    Handshake first = handshake;
    return first != null && salt == first.salt && seconds() < first.untilSeconds;
  }

  /** The current salt and those after it, at least one and at most {@value #FUTURE_MAX}. */
  public List<FutureSalt> future(int count) {
    long period = period();
    Future known = future;
    if (known == null || known.period != period) {
      known = new Future(period, deriveAll(period));
      future = known;
    }
    return known.salts.subList(0, Math.clamp(count, 1, FUTURE_MAX));
  }

  private List<FutureSalt> deriveAll(long period) {
    List<FutureSalt> salts = new ArrayList<>(FUTURE_MAX);
    for (long next = period; next < period + FUTURE_MAX; next++) {
      long since = next * PERIOD_SECONDS + phaseSeconds;
      long until = since + PERIOD_SECONDS + OLD_SECONDS;
      salts.add(new FutureSalt((int) since, (int) until, derive(next)));
    }
    return List.copyOf(salts);
  }

  private Now now() {
    long period = period();
    Now now = cached;
    if (now == null || now.period != period) {
      now = new Now(period, derive(period), derive(period - 1));
      cached = now;
    }
    return now;
  }

  private long period() {
    return Math.floorDiv(seconds() - phaseSeconds, (long) PERIOD_SECONDS);
  }

  private long seconds() {
    return Math.floorDiv(env.clock().millis(), 1000L);
  }

  private long derive(long period) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key.key256(), "HmacSHA256"));
      mac.update(PURPOSE);
      return ByteBuffer.wrap(mac.doFinal(ByteBuffer.allocate(8).putLong(period).array())).getLong();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HmacSHA256", e);
    }
  }
}

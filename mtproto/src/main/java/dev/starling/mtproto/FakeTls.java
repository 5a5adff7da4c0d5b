package dev.starling.mtproto;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The server's end of the disguise of {@code ee} links: it knows its clients' hellos by an HMAC in
 * place of their random, and answers as a server of TLS 1.3 would. Thread-safe.
 *
 * <pre>
 * hello:  random = HMAC-SHA256(secret, hello rejoined into one record, its random zeroed),
 *         the last 4 bytes xored with the unix time, little-endian
 * flight: ServerHello | change_cipher_spec | one record of application data;
 *         random = HMAC-SHA256(secret, client random | flight with its random zeroed)
 * </pre>
 */
public final class FakeTls {
  /** Clients send their own clock's time, and those of phones are off by minutes. */
  public static final Duration SKEW_MAX = Duration.ofMinutes(10);

  /** A hello is good for so long after its time and before it, so it is remembered for both. */
  public static final Duration REMEMBERED = SKEW_MAX.multipliedBy(2);

  /**
   * Hellos remembered, about 100 bytes each: three times the connections of a process in the two
   * skews that a hello may be good for. Only who holds a secret fills it.
   */
  public static final int REPLAYS_MAX = 1 << 16;

  private static final int MAC_BYTES = 28;
  private static final int TLS_AES_128_GCM_SHA256 = 0x1301;
  private static final int TLS_CHACHA20_POLY1305_SHA256 = 0x1303;

  /**
   * The encrypted part of a real flight is mostly its certificates: the same length each time, some
   * 2 to 4 KB. Each secret has its own.
   */
  private static final int ENCRYPTED_BYTES_MIN = 2000;

  private static final int ENCRYPTED_BYTES_SPREAD = 2000;

  private final List<ProxySecret> secrets;
  private final Env env;
  private final Replays replays;

  /** What a hello comes to. */
  public sealed interface Verdict {
    /**
     * A client's.
     *
     * @param skewSeconds by how much its clock is before ours
     */
    record Known(ProxySecret secret, long skewSeconds) implements Verdict {}

    /** Nobody's who holds a secret. */
    record Unknown() implements Verdict {}

    /**
     * It offers nothing that the flight could answer, so a real server's answer is the only one.
     */
    record Unanswerable() implements Verdict {}

    /** Made with the secret for another domain than that of its link. */
    record WrongName(ProxySecret secret) implements Verdict {}

    /** Made with the secret, too early or too late: a replay, or a clock that is wrong. */
    record Skewed(ProxySecret secret, long skewSeconds) implements Verdict {}

    /** Made with the secret, and here before. */
    record Replayed(ProxySecret secret) implements Verdict {}
  }

  /**
   * @param secrets tried in this order; one with a domain wants it in the hello
   */
  public FakeTls(List<ProxySecret> secrets, Env env) {
    this(secrets, new ReplayCache(REMEMBERED, REPLAYS_MAX), env);
  }

  /**
   * @param replays remembers hellos for {@link #REMEMBERED} at least
   */
  public FakeTls(List<ProxySecret> secrets, Replays replays, Env env) {
    this.secrets = List.copyOf(secrets);
    this.replays = replays;
    this.env = env;
  }

  /** As {@link #judge(TlsHello, Iterable)} with all secrets; null for whatever is not known. */
  public @Nullable ProxySecret judge(TlsHello hello) {
    return judge(hello, secrets) instanceof Verdict.Known(ProxySecret secret, _) ? secret : null;
  }

  /**
   * Whose hello it is. A hello is known once: asked again, it is a replay.
   *
   * @param candidates secrets that may have made it, in the order in which they are tried; asked
   *     for the next only when the one before does not fit
   */
  public Verdict judge(TlsHello hello, Iterable<ProxySecret> candidates) {
    if (suite(hello) == 0 || group(hello) == 0) {
      return new Verdict.Unanswerable();
    }
    byte[] zeroed = hello.record().clone();
    Arrays.fill(
        zeroed, TlsHello.RANDOM_OFFSET, TlsHello.RANDOM_OFFSET + TlsHello.RANDOM_BYTES, (byte) 0);
    Mac mac = mac();
    for (ProxySecret secret : candidates) {
      byte[] expected = hmac(mac, secret, zeroed);
      if (matches(hello.random(), expected)) {
        return judge(hello, secret, expected);
      }
    }
    return new Verdict.Unknown();
  }

  private Verdict judge(TlsHello hello, ProxySecret secret, byte[] expected) {
    long skew = skewSeconds(hello.random(), expected);
    if (!secret.domain().isEmpty() && !secret.domain().equals(hello.serverName())) {
      return new Verdict.WrongName(secret);
    }
    if (Math.abs(skew) > SKEW_MAX.toSeconds()) {
      return new Verdict.Skewed(secret, skew);
    }
    return replays.add(hello.random(), env.clock().millis())
        ? new Verdict.Known(secret, skew)
        : new Verdict.Replayed(secret);
  }

  private static boolean matches(byte[] random, byte[] expected) {
    return MessageDigest.isEqual(
        Bytes.slice(random, 0, MAC_BYTES), Bytes.slice(expected, 0, MAC_BYTES));
  }

  /** "Its last 4 bytes are XORed with LE unix time." */
  private long skewSeconds(byte[] random, byte[] expected) {
    int time = Bytes.intAt(random, MAC_BYTES) ^ Bytes.intAt(expected, MAC_BYTES);
    return (long) time - env.unixSeconds();
  }

  /** The answer to a hello that {@link #judge} knows, ready for the wire. */
  public byte[] flight(ProxySecret secret, TlsHello hello) {
    return flight(
        secret, hello, new FlightShape(suite(hello), group(hello), encryptedBytes(secret)));
  }

  /**
   * The same in the shape of another server's answer to such a hello.
   *
   * @param shape one that {@link FlightShape#answers} this hello
   */
  public byte[] flight(ProxySecret secret, TlsHello hello, FlightShape shape) {
    int group = shape.group();
    byte[] share = KeyShares.ofServer(group, env.random());
    byte[] extensions =
        Bytes.concat(
            TlsWriter.extension(0x33, TlsWriter.number(group, 2), TlsWriter.sized(2, share)),
            TlsWriter.extension(0x2b, TlsWriter.number(0x0304, 2)));
    byte[] message =
        TlsWriter.handshake(
            2,
            TlsWriter.number(0x0303, 2),
            new byte[TlsHello.RANDOM_BYTES],
            TlsWriter.sized(1, hello.sessionId()),
            TlsWriter.number(shape.suite(), 2),
            TlsWriter.number(0, 1), // no compression
            TlsWriter.sized(2, extensions));
    byte[] flight =
        Bytes.concat(
            TlsWriter.handshakeRecord(0x0303, message),
            TlsRecords.changeCipherSpec(),
            TlsRecords.wrap(env.bytes(shape.encryptedBytes())));
    byte[] random = hmac(mac(), secret, hello.random(), flight);
    System.arraycopy(random, 0, flight, TlsHello.RANDOM_OFFSET, random.length);
    return flight;
  }

  private static int encryptedBytes(ProxySecret secret) {
    byte[] digest = Bytes.sha256(secret.key16(), new byte[] {'l', 'e', 'n'});
    return ENCRYPTED_BYTES_MIN + Math.floorMod(Bytes.intAt(digest, 0), ENCRYPTED_BYTES_SPREAD);
  }

  /** The suite of TLS 1.3 that a server picks: AES-128, the first choice of most, if offered. */
  private static int suite(TlsHello hello) {
    if (hello.cipherSuites().contains(TLS_AES_128_GCM_SHA256)) {
      return TLS_AES_128_GCM_SHA256;
    }
    return hello.cipherSuites().stream()
        .filter(suite -> suite > TLS_AES_128_GCM_SHA256 && suite <= TLS_CHACHA20_POLY1305_SHA256)
        .findFirst()
        .orElse(0);
  }

  /** The first group of the client's shares that we can imitate; 0 if there is none. */
  private static int group(TlsHello hello) {
    return hello.keyShares().stream().filter(KeyShares::isKnown).findFirst().orElse(0);
  }

  static Mac mac() {
    try {
      return Mac.getInstance("HmacSHA256");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HmacSHA256", e);
    }
  }

  static byte[] hmac(Mac mac, ProxySecret secret, byte[]... parts) {
    try {
      mac.init(new SecretKeySpec(secret.key16(), "HmacSHA256"));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("HmacSHA256", e);
    }
    for (byte[] part : parts) {
      mac.update(part);
    }
    return mac.doFinal();
  }
}

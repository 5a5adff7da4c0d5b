package dev.starling.mtproto;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * The client's end of the disguise of an {@code ee} link: a hello, then the server's flight, by
 * whose HMAC the client knows that the server holds the secret. What follows both ways is {@link
 * ClientTransport}'s. Not thread-safe.
 *
 * <p>The hello is one that a server of TLS 1.3 answers; it imitates no browser in particular.
 */
public final class TlsGreeting implements Greeting {
  /** More than any flight: a hello, and certificates in one record. */
  private static final int FLIGHT_BYTES_MAX = 24 << 10;

  private static final int SERVER_HELLO_RECORD = 22;
  private static final int APPLICATION_DATA = 23;

  private static final Progress MORE = new Progress.More();

  private final ProxySecret secret;
  private final byte[] hello;
  private byte[] seen = new byte[0];

  /**
   * @param secret of an {@code ee} link, or another to be used as one with {@code domain}
   */
  public TlsGreeting(ProxySecret secret, String domain, Env env) {
    this.secret = secret;
    this.hello = hello(domain, env.random());
    byte[] mac = FakeTls.hmac(FakeTls.mac(), secret, hello);
    int time = TlsHello.RANDOM_BYTES - Integer.BYTES;
    Bytes.putInt(mac, time, Bytes.intAt(mac, time) ^ env.unixSeconds());
    System.arraycopy(mac, 0, hello, TlsHello.RANDOM_OFFSET, mac.length);
  }

  @Override
  public byte[] opening() {
    return hello.clone();
  }

  /** A hello with its random zeroed. */
  private static byte[] hello(String domain, RandomGenerator random) {
    byte[] sessionId = new byte[TlsHello.SESSION_ID_BYTES];
    random.nextBytes(sessionId);
    byte[] name = TlsWriter.sized(2, domain.getBytes(US_ASCII));
    byte[] shares =
        Bytes.concat(
            TlsWriter.number(KeyShares.X25519_MLKEM768, 2),
            TlsWriter.sized(2, KeyShares.mlKemKey(random), KeyShares.x25519(random)),
            TlsWriter.number(KeyShares.X25519, 2),
            TlsWriter.sized(2, KeyShares.x25519(random)));
    byte[] extensions =
        Bytes.concat(
            TlsWriter.extension(0x00, TlsWriter.sized(2, new byte[1], name)),
            TlsWriter.extension(0x17),
            TlsWriter.extension(0xff01, new byte[1]),
            TlsWriter.extension(
                0x0a, TlsWriter.sized(2, TlsWriter.numbers(0x11ec, 0x1d, 0x17, 0x18))),
            TlsWriter.extension(0x0b, new byte[] {1, 0}),
            TlsWriter.extension(0x23),
            TlsWriter.extension(
                0x10,
                TlsWriter.sized(
                    2,
                    TlsWriter.sized(1, "h2".getBytes(US_ASCII)),
                    TlsWriter.sized(1, "http/1.1".getBytes(US_ASCII)))),
            TlsWriter.extension(0x05, new byte[] {1, 0, 0, 0, 0}),
            TlsWriter.extension(
                0x0d,
                TlsWriter.sized(
                    2,
                    TlsWriter.numbers(
                        0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601))),
            TlsWriter.extension(0x33, TlsWriter.sized(2, shares)),
            TlsWriter.extension(0x2d, new byte[] {1, 1}),
            TlsWriter.extension(0x2b, TlsWriter.sized(1, TlsWriter.numbers(0x0304, 0x0303))));
    byte[] message =
        TlsWriter.handshake(
            1,
            TlsWriter.number(0x0303, 2),
            new byte[TlsHello.RANDOM_BYTES],
            TlsWriter.sized(1, sessionId),
            TlsWriter.sized(
                2,
                TlsWriter.numbers(
                    0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8, 0xc013,
                    0xc014, 0x9c, 0x9d, 0x2f, 0x35)),
            new byte[] {1, 0},
            TlsWriter.sized(2, extensions));
    return TlsWriter.handshakeRecord(0x0301, message);
  }

  @Override
  public Progress receive(byte[] in, int offset, int length) {
    seen = Bytes.concat(seen, Bytes.slice(in, offset, offset + length));
    byte[] spec = TlsRecords.changeCipherSpec();
    int afterHello = recordEnd(0, SERVER_HELLO_RECORD);
    int afterSpec = afterHello < 0 ? afterHello : afterHello + spec.length;
    int end = afterSpec < 0 ? afterSpec : recordEnd(afterSpec, APPLICATION_DATA);
    if (end == BROKEN || seen.length > FLIGHT_BYTES_MAX) {
      return new Progress.Failed("the answer is no flight of TLS 1.3");
    }
    if (end == MISSING || end > seen.length) {
      return MORE;
    }
    byte[] flight = Bytes.slice(seen, 0, end);
    int to = TlsHello.RANDOM_OFFSET + TlsHello.RANDOM_BYTES;
    byte[] random = Bytes.slice(flight, TlsHello.RANDOM_OFFSET, to);
    Arrays.fill(flight, TlsHello.RANDOM_OFFSET, to, (byte) 0);
    byte[] ours = Bytes.slice(hello, TlsHello.RANDOM_OFFSET, to);
    return Arrays.equals(spec, 0, spec.length, seen, afterHello, afterSpec)
            && MessageDigest.isEqual(random, FakeTls.hmac(FakeTls.mac(), secret, ours, flight))
        ? new Progress.Welcome(Bytes.slice(seen, end, seen.length))
        : new Progress.Failed("whoever answers does not hold the secret");
  }

  private static final int MISSING = -1;
  private static final int BROKEN = -2;

  /** Where the record at {@code at} ends, {@link #MISSING} or {@link #BROKEN}. */
  private int recordEnd(int at, int type) {
    if (seen.length < at + TlsRecords.HEADER_BYTES) {
      return MISSING;
    }
    if (seen[at] != type || seen[at + 1] != 3 || seen[at + 2] != 3) {
      return BROKEN;
    }
    int length = ((seen[at + 3] & 0xff) << 8) | (seen[at + 4] & 0xff);
    boolean holdsRandom = at > 0 || length >= TlsHello.RANDOM_OFFSET + TlsHello.RANDOM_BYTES;
    return holdsRandom ? at + TlsRecords.HEADER_BYTES + length : BROKEN;
  }
}

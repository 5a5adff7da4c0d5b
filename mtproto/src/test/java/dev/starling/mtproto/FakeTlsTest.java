package dev.starling.mtproto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.starling.mtproto.ServerTransport.Verdict;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The disguise of {@code ee} links, both ends. */
class FakeTlsTest {
  private static final ProxySecret PLAIN = ProxySecret.parse("a0".repeat(16));
  private static final ProxySecret FRONT =
      new ProxySecret(new byte[16], ProxySecret.Kind.FAKE_TLS, "example.org");
  private static final Scheduler NEVER = (delay, task) -> () -> {};

  private final Random random = new Random(1);
  private Instant now = Instant.ofEpochSecond(1_790_000_000);
  private final Env env = new Env(() -> now, random, NEVER);
  private final FakeTls tls = new FakeTls(List.of(PLAIN, FRONT), env);
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private ServerTransport server = server();

  private ServerTransport server() {
    return new ServerTransport(List.of(PLAIN, FRONT), tls, out::writeBytes);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 100, 5000})
  void packetsPassBothWays(int cut) {
    TlsGreeting greeting = new TlsGreeting(FRONT, FRONT.domain(), env);
    feed(greeting.opening(), cut);
    byte[] flight = out.toByteArray();
    Greeting.Progress progress = null;
    for (int at = 0; at < flight.length; at += cut) {
      assertTrue(progress == null || progress instanceof Greeting.Progress.More);
      progress = greeting.receive(flight, at, Math.min(cut, flight.length - at));
    }
    assertEquals(0, assertInstanceOf(Greeting.Progress.Welcome.class, progress).rest().length);

    var client = new ClientTransport(Framing.PADDED_INTERMEDIATE, true, FRONT, 2, random);
    byte[] large = new byte[60_000];
    random.nextBytes(large);
    byte[] up = Bytes.concat(client.opening(), client.frame(new byte[40]), client.frame(large));
    List<byte[]> received = feed(up, cut);
    assertArrayEquals(large, Bytes.slice(received.get(1), 0, large.length));
    assertEquals(FRONT, server.secret());

    byte[] down = Bytes.concat(server.frame(large, random), server.frameError(-404));
    List<byte[]> answered = new ArrayList<>();
    ClientTransport.Verdict verdict = null;
    for (int at = 0; at < down.length; at += cut) {
      int length = Math.min(cut, down.length - at);
      verdict = client.receive(down, at, length, (packet, ack) -> answered.add(packet));
    }
    assertArrayEquals(large, Bytes.slice(answered.getFirst(), 0, large.length));
    assertEquals(new ClientTransport.Verdict.TransportError(-404), verdict);
  }

  /** "ServerHello, then exactly 14 03 03 00 01 01, then exactly one 17 03 03 record." */
  @Test
  void theFlightIsThatOfTls13() {
    TlsHello hello = hello(greeting().opening());
    byte[] flight = tls.flight(FRONT, hello);
    assertEquals(1210, number(flight, 3)); // a real server's, with X25519MLKEM768
    assertArrayEquals(hello.sessionId(), Bytes.slice(flight, 44, 76));
    int spec = 5 + 1210;
    assertArrayEquals(TlsRecords.changeCipherSpec(), Bytes.slice(flight, spec, spec + 6));
    assertEquals(23, flight[spec + 6]);
    assertEquals(flight.length, spec + 11 + number(flight, spec + 9));
    assertEquals(flight.length, tls.flight(FRONT, hello).length, "the same each time");

    List<Integer> classic = List.of(0x0a0a, KeyShares.X25519, KeyShares.X25519_MLKEM768);
    TlsHello x25519 =
        new TlsHello(
            hello.record(), hello.random(), hello.sessionId(), List.of(0x1302), classic, null);
    assertEquals(122, number(tls.flight(FRONT, x25519), 3));
  }

  @Test
  void aHelloOverSeveralRecordsIsRejoined() {
    byte[] hello = greeting().opening();
    ByteArrayOutputStream split = new ByteArrayOutputStream();
    for (int at = 5; at < hello.length; ) {
      int length = Math.min(hello.length - at, 1 + random.nextInt(300));
      split.writeBytes(new byte[] {22, 3, 1, (byte) (length >> 8), (byte) length});
      split.write(hello, at, length);
      at += length;
    }
    feed(split.toByteArray(), 50);
    assertTrue(out.size() > 0);
  }

  @Test
  void aHelloOfAnotherIsForeignWithAllItsBytes() {
    byte[] hello =
        new TlsGreeting(ProxySecret.parse("ff".repeat(16)), "example.org", env).opening();
    byte[] more = Bytes.concat(hello, new byte[] {1, 2, 3});
    server.receive(more, 0, 1000, nothing());
    Verdict verdict = server.receive(more, 1000, more.length - 1000, nothing());
    assertArrayEquals(more, assertInstanceOf(Verdict.Foreign.class, verdict).seen());
    assertEquals(0, out.size());
  }

  @Test
  void aFlippedBitIsForeign() {
    byte[] hello = greeting().opening();
    for (int bit = 8 * 11; bit < 8 * hello.length; bit += 97) {
      byte[] flipped = hello.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      TlsHello parsed = helloOrNull(flipped);
      assertTrue(parsed == null || tls.judge(parsed) == null, "bit " + bit);
    }
    assertEquals(FRONT, tls.judge(hello(hello)));
  }

  @Test
  void aHelloIsGoodForItsTimeAndOnce() {
    TlsHello hello = hello(greeting().opening());
    Instant sent = now;
    now = sent.plus(FakeTls.SKEW_MAX).plusSeconds(1);
    assertNull(tls.judge(hello));
    now = sent.minus(FakeTls.SKEW_MAX).minusSeconds(1);
    assertNull(tls.judge(hello));
    now = sent.plus(FakeTls.SKEW_MAX);
    assertEquals(FRONT, tls.judge(hello));
    now = sent;
    assertNull(tls.judge(hello), "a replay");
  }

  @Test
  void aSecretWithADomainWantsIt() {
    assertNull(tls.judge(hello(new TlsGreeting(FRONT, "example.com", env).opening())));
    assertEquals(PLAIN, tls.judge(hello(new TlsGreeting(PLAIN, "example.com", env).opening())));
  }

  /** Outside of TLS it would tell a prober that this is no web site. */
  @Test
  void aSecretForTlsFitsNothingElse() {
    ProxySecret padded = new ProxySecret(FRONT.key16(), ProxySecret.Kind.PADDED);
    byte[] header =
        new ClientTransport(Framing.PADDED_INTERMEDIATE, true, padded, 2, random).opening();
    assertInstanceOf(Verdict.Drop.class, server.receive(header, 0, header.length, nothing()));
  }

  /** "1 inner header in 256 starts with ef: do not sniff there." */
  @Test
  void insideNothingIsSniffed() {
    for (int first = 0; first < 256; first++) {
      server = server();
      out.reset();
      feed(greeting().opening(), 5000);
      ClientTransport client;
      byte[] opening;
      do {
        client = new ClientTransport(Framing.PADDED_INTERMEDIATE, true, FRONT, 2, random);
        opening = client.opening();
      } while ((opening[11] & 0xff) != first && first == 0xef);
      assertEquals(1, feed(Bytes.concat(opening, client.frame(new byte[20])), 5000).size());
    }
  }

  @Test
  void aServerWithoutTheSecretIsFoundOut() {
    TlsGreeting greeting = greeting();
    byte[] flight = tls.flight(PLAIN, hello(greeting.opening()));
    assertInstanceOf(Greeting.Progress.Failed.class, greeting.receive(flight, 0, flight.length));
  }

  @Test
  void replaysAreForgottenInOrder() {
    ReplayCache cache = new ReplayCache(Duration.ofSeconds(10), 3);
    assertTrue(cache.add(digest(1), 0));
    assertFalse(cache.add(digest(1), 10_000));
    assertTrue(cache.add(digest(1), 10_001));
    for (int i = 2; i < 6; i++) {
      assertTrue(cache.add(digest(i), 10_002));
    }
    assertTrue(cache.add(digest(1), 10_003), "the eldest gave way");
    assertFalse(cache.add(digest(5), 10_003));
  }

  private static byte[] digest(int i) {
    byte[] digest = new byte[32];
    digest[3] = (byte) i;
    return digest;
  }

  private TlsGreeting greeting() {
    return new TlsGreeting(FRONT, FRONT.domain(), env);
  }

  private static TlsHello hello(byte[] bytes) {
    return Objects.requireNonNull(helloOrNull(bytes));
  }

  private static @Nullable TlsHello helloOrNull(byte[] bytes) {
    return new TlsHelloReader().receive(bytes, 0, bytes.length)
            instanceof TlsHelloReader.Progress.Whole whole
        ? whole.hello()
        : null;
  }

  private static int number(byte[] bytes, int at) {
    return ((bytes[at] & 0xff) << 8) | (bytes[at + 1] & 0xff);
  }

  private static PacketSink nothing() {
    return (packet, quickAck) -> {};
  }

  private List<byte[]> feed(byte[] stream, int cut) {
    List<byte[]> received = new ArrayList<>();
    for (int at = 0; at < stream.length; at += cut) {
      int length = Math.min(cut, stream.length - at);
      assertInstanceOf(
          Verdict.Continue.class,
          server.receive(
              stream,
              at,
              length,
              (packet, ack) -> {
                received.add(packet);
                server.trust();
              }));
    }
    return received;
  }
}

package dev.starling.proxy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.starling.mtproto.Env;
import dev.starling.mtproto.ProxySecret.Kind;
import dev.starling.mtproto.TlsFlight;
import dev.starling.mtproto.TlsGreeting;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a prober gets of the proxy is what it gets of the site alone: the types and lengths of
 * records, text, and how the connection ends.
 */
class ProbeTest {
  private static final String SITE = "example.org";
  private static final int OPEN_AFTER_MILLIS = 7000;

  @TempDir static Path folder;
  private static final TestEnv WORLD = new TestEnv();
  private static final Env ENV = WORLD.env();
  private static final User ANN = new User("ann", new byte[16], SITE, UserLimits.NONE);
  private static final Random RANDOM = new Random(9);
  private static TlsOrigin origin;
  private static ProxyServer proxy;
  private static InetSocketAddress front;

  @BeforeAll
  static void start() throws Exception {
    origin = new TlsOrigin(folder);
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    proxy =
        new ProxyServer(
            new ProxySettings(List.of(any), () -> List.of(origin.address()), false, 1000, 1),
            List.of(ANN),
            Upstream.at(any),
            ENV);
    front = proxy.start().getFirst();
  }

  @AfterAll
  static void stop() throws IOException {
    assertEquals(0, proxy.stats().defects());
    proxy.close();
    origin.close();
  }

  /**
   * What a prober does.
   *
   * @param parts what it sends, each in a segment of its own
   * @param ends whether it half-closes then
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Probe(String name, boolean ends, byte[]... parts) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Probe> probes() {
    byte[] good = Hello.to(SITE).bytes(RANDOM);
    byte[] wrongKey =
        new TlsGreeting(
                new User("eve", bytes(16), SITE, UserLimits.NONE).secret(Kind.FAKE_TLS), SITE, ENV)
            .opening();
    byte[] wrongSite = new TlsGreeting(ANN.secret(Kind.FAKE_TLS), "example.com", ENV).opening();
    byte[] replayed = new TlsGreeting(ANN.secret(Kind.FAKE_TLS), SITE, ENV).opening();
    say(replayed);
    WORLD.aheadSeconds.set(-1000);
    byte[] skewed = new TlsGreeting(ANN.secret(Kind.FAKE_TLS), SITE, ENV).opening();
    WORLD.aheadSeconds.set(0);
    byte[] flipped = replayed.clone();
    flipped[20] ^= 1;
    return Stream.of(
        new Probe("plain HTTP", false, text("GET / HTTP/1.1\r\nHost: example.org\r\n\r\n")),
        new Probe("random bytes", false, bytes(300)),
        new Probe("a few random bytes", true, bytes(3)),
        new Probe("TLS 1.2 only", false, Hello.to(SITE).ofTls12().bytes(RANDOM)),
        new Probe("another site", false, Hello.to("example.com").bytes(RANDOM)),
        new Probe("another site with the right key", false, wrongSite),
        new Probe("no site", false, Hello.to(null).bytes(RANDOM)),
        new Probe("a wrong key", false, wrongKey),
        new Probe("a flipped bit", false, flipped),
        new Probe("a replay", false, replayed),
        new Probe("another time", false, skewed),
        new Probe("half a hello, then the end", true, Arrays.copyOf(good, 100)),
        new Probe("half a hello, then nothing", false, Arrays.copyOf(good, 100)),
        new Probe("a hello in pieces", false, pieces(good, 50)),
        new Probe("a hello byte by byte", false, pieces(good, 1)),
        new Probe("SSH", false, text("SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n")),
        new Probe("HTTP/2", false, text("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")),
        new Probe("a hello and the end", true, good),
        new Probe("a huge record", false, Hello.join(new byte[] {22, 3, 1, -1, -1}, bytes(2000))),
        new Probe("P-256 only", false, Hello.to(SITE).withGroup(Hello.P256).bytes(RANDOM)),
        new Probe("garbage after a hello", false, good, bytes(200)),
        new Probe("an alert after a hello", false, good, new byte[] {21, 3, 3, 0, 2, 2, 40}),
        new Probe("silence", false));
  }

  private static byte[] text(String text) {
    return text.getBytes(UTF_8);
  }

  private static byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    RANDOM.nextBytes(bytes);
    bytes[0] = (byte) (bytes[0] | 0x80); // no record, no text
    return bytes;
  }

  private static byte[][] pieces(byte[] whole, int length) {
    byte[][] pieces = new byte[(whole.length + length - 1) / length][];
    for (int i = 0; i < pieces.length; i++) {
      pieces[i] = Arrays.copyOfRange(whole, i * length, Math.min(whole.length, (i + 1) * length));
    }
    return pieces;
  }

  private static void say(byte[] hello) {
    try (Socket socket = new Socket(front.getAddress(), front.getPort())) {
      socket.getOutputStream().write(hello);
      assertEquals(22, socket.getInputStream().read());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @MethodSource("probes")
  void theSiteAnswersForItself(Probe probe) throws IOException {
    assertEquals(transcript(origin.address(), probe), transcript(front, probe));
  }

  private static String transcript(InetSocketAddress server, Probe probe) throws IOException {
    ByteArrayOutputStream got = new ByteArrayOutputStream();
    String end = "open";
    try (Socket socket = new Socket(server.getAddress(), server.getPort())) {
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(OPEN_AFTER_MILLIS);
      try {
        for (byte[] part : probe.parts) {
          socket.getOutputStream().write(part);
          if (probe.parts.length < 20) {
            Thread.sleep(100); // so that it is a segment, and what it brought about is over
          }
        }
        if (probe.ends) {
          socket.shutdownOutput();
        }
        byte[] buffer = new byte[1 << 14];
        for (int n = socket.getInputStream().read(buffer);
            n >= 0;
            n = socket.getInputStream().read(buffer)) {
          got.write(buffer, 0, n);
        }
        end = "FIN";
      } catch (SocketTimeoutException _) {
        // Open.
      } catch (SocketException _) {
        end = "RST";
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
    return records(got.toByteArray()) + end;
  }

  /** "22:122 20:1 23:1137", or the text itself. */
  private static String records(byte[] bytes) {
    StringBuilder records = new StringBuilder();
    int at = 0;
    while (at + 5 <= bytes.length && bytes[at] >= 20 && bytes[at] <= 23) {
      int length = (bytes[at + 3] & 0xff) << 8 | (bytes[at + 4] & 0xff);
      records.append(bytes[at]).append(':').append(length).append(' ');
      if (bytes[at] == 21 && length == 2 && at + 7 <= bytes.length) {
        records.append("(alert ").append(bytes[at + 6]).append(") ");
      }
      at += 5 + length;
    }
    return records + (at < bytes.length ? Arrays.toString(bytes) : "");
  }

  /** "Same record types, cipher and key share by hello." */
  @Test
  void aClientsFlightIsTheSitesOwn() throws IOException {
    TlsGreeting greeting = new TlsGreeting(ANN.secret(Kind.FAKE_TLS), SITE, ENV);
    TlsFlight ours = flight(front, greeting.opening());
    TlsFlight theirs = flight(origin.address(), greeting.opening());
    assertEquals(theirs.suite(), ours.suite());
    assertEquals(theirs.group(), ours.group());
    int sum = theirs.encrypted().stream().mapToInt(Integer::intValue).sum();
    assertEquals(List.of(sum), ours.encrypted());
  }

  private static TlsFlight flight(InetSocketAddress server, byte[] hello) throws IOException {
    ByteArrayOutputStream got = new ByteArrayOutputStream();
    try (Socket socket = new Socket(server.getAddress(), server.getPort())) {
      socket.setSoTimeout(3000);
      socket.getOutputStream().write(hello);
      byte[] buffer = new byte[1 << 14];
      try {
        for (int n = socket.getInputStream().read(buffer);
            n >= 0;
            n = socket.getInputStream().read(buffer)) {
          got.write(buffer, 0, n);
        }
      } catch (SocketTimeoutException _) {
        // That was the flight.
      }
    }
    TlsFlight flight = TlsFlight.read(got.toByteArray());
    assertNotNull(flight);
    assertTrue(!flight.encrypted().isEmpty());
    return Objects.requireNonNull(flight);
  }
}

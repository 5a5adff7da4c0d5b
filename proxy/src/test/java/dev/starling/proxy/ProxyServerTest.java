package dev.starling.proxy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.starling.mtproto.Env;
import dev.starling.mtproto.Framing;
import dev.starling.mtproto.ProxySecret;
import dev.starling.mtproto.ProxySecret.Kind;
import dev.starling.mtproto.TlsGreeting;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The proxy between clients, a data centre and an origin, all of them sockets. */
class ProxyServerTest {
  private static final String SITE = "example.org";

  private final TestEnv world = new TestEnv();
  private final Env env = world.env();
  private final Random random = new Random(5);
  private FakeCentre centre;
  private Origin origin;
  private ProxyServer proxy;
  private InetSocketAddress address;

  @BeforeEach
  void start() throws IOException {
    centre = new FakeCentre();
    origin = new Origin();
    proxy = proxy(origin.address(), true, user("ann"), user("bob"));
    address = proxy.start().getFirst();
  }

  private ProxyServer proxy(InetSocketAddress site, boolean undisguised, User... users) {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    return new ProxyServer(
        new ProxySettings(List.of(any), () -> List.of(site), undisguised, 1000, 1),
        List.of(users),
        Upstream.at(centre.address()),
        env);
  }

  @AfterEach
  void stop() throws IOException {
    assertEquals(0, proxy.stats().defects());
    proxy.close();
    centre.close();
    origin.close();
  }

  private static User user(String name) {
    return user(name, UserLimits.NONE);
  }

  private static User user(String name, UserLimits limits) {
    byte[] key = new byte[16];
    new Random(name.hashCode()).nextBytes(key);
    return new User(name, key, SITE, limits);
  }

  private ProxyClient client(String name, Kind kind, int dc) throws IOException {
    Framing framing = kind == Kind.PLAIN ? Framing.ABRIDGED : Framing.PADDED_INTERMEDIATE;
    return new ProxyClient(address, user(name).secret(kind), framing, dc, env);
  }

  private byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }

  private void echo(ProxyClient client, int bytes) throws IOException {
    byte[] packet = bytes(bytes);
    client.send(packet);
    assertArrayEquals(packet, client.receive(packet.length));
  }

  @ParameterizedTest
  @CsvSource({"PLAIN, 2", "PADDED, -4", "FAKE_TLS, 10002"})
  void packetsPassBothWays(Kind kind, int dc) throws IOException {
    try (ProxyClient ann = client("ann", kind, dc)) {
      for (int size : new int[] {40, 1000, 100_000, 900_000, 64}) {
        echo(ann, size);
      }
      assertEquals(dc, centre.asked.remove());
      UserStats stats = proxy.users().getFirst();
      assertEquals(1, stats.connections());
      assertEquals(1, stats.addresses());
      assertTrue(stats.up() > 1_000_000 && stats.down() > 1_000_000, stats.toString());
    }
  }

  @Test
  void whoHoldsNoSecretIsTheOrigins() throws IOException {
    TlsGreeting hello = new TlsGreeting(user("eve").secret(Kind.FAKE_TLS), SITE, env);
    assertFronted(hello.opening());
    assertFronted("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(UTF_8));
    assertFronted("SSH-2.0-OpenSSH_9.2p1\r\n".getBytes(UTF_8));
    assertFronted(bytes(200));
  }

  /** "Spliced from its first byte": both ways, with its end. */
  private void assertFronted(byte[] said) throws IOException {
    try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(said);
      InputStream in = socket.getInputStream();
      assertEquals(Origin.GREETING, new String(in.readNBytes(6), UTF_8));
      socket.getOutputStream().write(said);
      socket.shutdownOutput();
      byte[] twice = java.util.Arrays.copyOf(said, 2 * said.length);
      System.arraycopy(said, 0, twice, said.length, said.length);
      assertArrayEquals(twice, in.readAllBytes());
    }
  }

  @Test
  void aReplayIsTheOrigins() throws IOException {
    ProxySecret secret = user("ann").secret(Kind.FAKE_TLS);
    byte[] hello = new TlsGreeting(secret, SITE, env).opening();
    try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
      socket.getOutputStream().write(hello);
      assertEquals(22, socket.getInputStream().read());
    }
    assertFronted(hello);
    assertEquals(1, proxy.stats().replayed());
  }

  @ParameterizedTest
  @ValueSource(strings = {"example.com", "xn--e1afmkfd"})
  void anotherSiteIsTheOrigins(String site) throws IOException {
    assertFronted(new TlsGreeting(user("ann").secret(Kind.FAKE_TLS), site, env).opening());
  }

  @Test
  void aHelloOfAnotherTimeIsTheOrigins() throws IOException {
    byte[] hello = new TlsGreeting(user("ann").secret(Kind.FAKE_TLS), SITE, env).opening();
    world.aheadSeconds.set(700);
    assertFronted(hello);
    assertEquals(1, proxy.stats().skewed());
  }

  /** "1-byte segments too." */
  @Test
  void aHelloByteByByteIsAClients() throws IOException, InterruptedException {
    ProxySecret secret = user("bob").secret(Kind.FAKE_TLS);
    byte[] hello = new TlsGreeting(secret, SITE, env).opening();
    try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(20_000);
      for (byte b : hello) {
        socket.getOutputStream().write(b);
      }
      assertEquals(22, socket.getInputStream().read());
    }
    // One is what came before the last piece, one the hello of that kind to learn the answer by.
    assertFalse(Arrays.equals(hello, origin.received.take()), "the origin saw it whole");
    assertFalse(Arrays.equals(hello, origin.received.take()), "the origin saw it whole");
  }

  @Test
  void whoBreaksOffIsTheOrigins() throws IOException, InterruptedException {
    byte[] hello = new TlsGreeting(user("ann").secret(Kind.FAKE_TLS), SITE, env).opening();
    byte[] half = java.util.Arrays.copyOf(hello, hello.length / 2);
    try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(half);
      socket.shutdownOutput();
      assertArrayEquals(half, socket.getInputStream().readAllBytes());
    }
  }

  @Test
  void anOriginThatIsDownIsAReset() throws IOException {
    InetSocketAddress nobody;
    try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      nobody = (InetSocketAddress) closed.getLocalSocketAddress();
    }
    proxy.close();
    proxy = proxy(nobody, true, user("ann"));
    address = proxy.start().getFirst();
    for (byte[] said : List.of("GET / HTTP/1.1\r\n".getBytes(UTF_8), bytes(100))) {
      try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
        socket.setSoTimeout(20_000);
        socket.getOutputStream().write(said);
        assertThrows(SocketException.class, () -> socket.getInputStream().read());
      }
    }
    try (ProxyClient ann = client("ann", Kind.FAKE_TLS, 2)) {
      echo(ann, 100); // who may pass does not need it
    }
  }

  @Test
  void garbageAfterTheFlightGetsAnAlert() throws IOException {
    ProxySecret secret = user("ann").secret(Kind.FAKE_TLS);
    TlsGreeting greeting = new TlsGreeting(secret, SITE, env);
    try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(greeting.opening());
      byte[] flight = new byte[1 << 14];
      int filled = 0;
      while (greeting.receive(new byte[0], 0, 0)
          instanceof dev.starling.mtproto.Greeting.Progress.More) {
        int n = socket.getInputStream().read(flight);
        greeting.receive(flight, 0, n);
        filled += n;
      }
      assertTrue(filled > 2000);
      socket.getOutputStream().write(bytes(100));
      byte[] rest = socket.getInputStream().readAllBytes();
      assertEquals(24, rest.length);
      assertEquals(23, rest[0]);
    }
  }

  @Test
  void usersComeAndGo() throws IOException {
    proxy.put(user("carol"));
    try (ProxyClient carol = client("carol", Kind.FAKE_TLS, 2);
        ProxyClient bob = client("bob", Kind.PADDED, 2)) {
      echo(carol, 100);
      echo(bob, 100);
      assertTrue(proxy.revoke("carol", false));
      echo(carol, 100); // drains
      assertThrows(IOException.class, () -> client("carol", Kind.FAKE_TLS, 2));
      assertTrue(proxy.revoke("bob", true));
      assertThrows(IOException.class, () -> bob.receive(1));
    }
  }

  @Test
  void limitsHold() throws IOException {
    UserLimits two = new UserLimits(2, 0, 0, 0, 0, Optional.empty());
    proxy.put(user("dave", two));
    List<ProxyClient> in = new ArrayList<>();
    in.add(client("dave", Kind.FAKE_TLS, 2));
    in.add(client("dave", Kind.FAKE_TLS, 2));
    assertThrows(IOException.class, () -> client("dave", Kind.FAKE_TLS, 2));
    assertEquals(1, proxy.stats().overLimit());
    for (ProxyClient one : in) {
      one.close();
    }
  }

  /** mayGoOn: who is revoked drains, so only bytes and time end what is open. */
  @Test
  void bytesAndTimeEndWhatIsOpen() throws IOException {
    long most = 600_000;
    proxy.put(user("erin", new UserLimits(0, 0, most, 30, 0, Optional.empty())));
    try (ProxyClient erin = client("erin", Kind.FAKE_TLS, 2)) {
      echo(erin, 200_000);
      assertThrows(
          IOException.class,
          () -> {
            for (int i = 0; i < 10; i++) {
              echo(erin, 200_000);
            }
          });
    }
    assertThrows(IOException.class, () -> client("erin", Kind.FAKE_TLS, 2));
    world.aheadSeconds.set(Duration.ofDays(31).toSeconds());
    client("erin", Kind.FAKE_TLS, 2).close();
    Instant soon = env.clock().instant().plusSeconds(60);
    proxy.put(user("frank", new UserLimits(0, 0, 0, 0, 0, Optional.of(soon))));
    client("frank", Kind.FAKE_TLS, 2).close();
    world.aheadSeconds.addAndGet(61);
    assertThrows(IOException.class, () -> client("frank", Kind.FAKE_TLS, 2));
  }

  @Test
  void allOfAFullBucketGetIn() throws IOException {
    for (int i = 0; i < Users.BUCKET_MAX - 2; i++) {
      proxy.put(user("u" + i));
    }
    assertThrows(IllegalArgumentException.class, () -> proxy.put(user("one-too-many")));
    for (String name : List.of("u253", "u100", "u253", "ann")) {
      try (ProxyClient client = client(name, Kind.FAKE_TLS, 2);
          ProxyClient plain = client(name, Kind.PLAIN, 2)) {
        echo(client, 52);
        echo(plain, 52);
      }
    }
  }
}

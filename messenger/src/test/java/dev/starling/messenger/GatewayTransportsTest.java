package dev.starling.messenger;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.starling.mtproto.Envelope;
import dev.starling.mtproto.Framing;
import dev.starling.mtproto.ProxySecret;
import dev.starling.mtproto.Side;
import dev.starling.tl.api.HelpGetDeepLinkInfo;
import dev.starling.tl.api.HelpGetNearestDc;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every transport over real sockets, all of them at one port. */
class GatewayTransportsTest {
  private static final ProxySecret PADDED_OF_PLAIN =
      new ProxySecret(TestGateway.PLAIN.key16(), ProxySecret.Kind.PADDED);

  private TestGateway service;

  GatewayTransportsTest() throws IOException {
    service = new TestGateway(new MoodyStore(), TestGateway.LIMITS);
  }

  @AfterEach
  void stop() {
    service.close();
  }

  static Stream<Way> ways() {
    List<Way> ways = new ArrayList<>();
    for (Framing framing : Framing.values()) {
      ways.add(Way.plain(framing));
      if (framing != Framing.FULL) {
        ways.add(new Way(framing, true, null, false, false));
        ways.add(Way.of(framing, TestGateway.PLAIN));
        ways.add(Way.webSocket(framing, false));
        ways.add(Way.webSocket(framing, true));
      }
    }
    ways.add(Way.of(Framing.PADDED_INTERMEDIATE, TestGateway.PADDED));
    ways.add(Way.of(Framing.PADDED_INTERMEDIATE, PADDED_OF_PLAIN));
    ways.add(Way.of(Framing.PADDED_INTERMEDIATE, TestGateway.FAKE_TLS));
    ways.add(Way.of(Framing.PADDED_INTERMEDIATE, TestGateway.ANY_DOMAIN));
    return ways.stream();
  }

  @ParameterizedTest
  @MethodSource("ways")
  void aKeyIsMadeAndCallsAreAnswered(Way way) {
    try (var client = service.connect(way).signUp(TestGateway.SERVER_KEY.publicKey())) {
      assertEquals(2, client.call(new HelpGetNearestDc()).thisDc());
      String large = service.noise(300 << 10); // more than a stranger may send
      client.call(new HelpGetDeepLinkInfo(large));
      assertEquals(large, service.paths.getFirst());
      client.reconnect();
      client.call(new HelpGetDeepLinkInfo("again"));
    }
  }

  @ParameterizedTest
  @MethodSource("ways")
  void anUnknownKeyIsTold(Way way) {
    try (var client = service.connect(way)) {
      byte[] packet = new byte[88];
      packet[0] = 1;
      client.sendPacket(packet);
      assertEquals(-404, client.transportError());
      client.readToEnd();
    }
  }

  @ParameterizedTest
  @MethodSource("ways")
  void aQuickAckComesBeforeTheAnswer(Way way) {
    service.gate("slow");
    try (var client = service.connect(way).signUp(TestGateway.SERVER_KEY.publicKey())) {
      client.call(new HelpGetDeepLinkInfo("settled")); // the salt is right by now
      client.wantQuickAcks = true;
      long call = client.begin(new HelpGetDeepLinkInfo("slow"));
      if (way.framing() != Framing.FULL) {
        int token = Envelope.quickAckToken(client.key(), Side.CLIENT, client.sent.getLast());
        client.readUntil(() -> client.quickAcks.contains(token));
      }
      service.gate("slow").countDown();
      client.result(new HelpGetDeepLinkInfo("slow"), call);
    }
  }

  @Test
  void allOfThemAtOnce() {
    List<TestClient> clients = new ArrayList<>();
    try {
      ways().forEach(way -> clients.add(service.connect(way)));
      clients.forEach(client -> client.signUp(TestGateway.SERVER_KEY.publicKey()));
      for (TestClient client : clients.reversed()) {
        client.call(new HelpGetDeepLinkInfo("here"));
      }
    } finally {
      clients.forEach(TestClient::close);
    }
  }

  @Test
  void aBrowserFindsNothing() throws IOException {
    try (Socket socket = new Socket(service.address.getAddress(), service.address.getPort())) {
      socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(US_ASCII));
      String answer = new String(socket.getInputStream().readAllBytes(), US_ASCII);
      assertTrue(answer.startsWith("HTTP/1.1 404 Not Found\r\n"), answer);
    }
  }

  /** Fake TLS of another secret, where there is no certificate: as any garbage. */
  @Test
  void aForeignHelloIsDropped() throws IOException {
    service.close();
    service = new TestGateway(new MoodyStore(), TestGateway.LIMITS, null);
    try (var socket = new Socket(service.address.getAddress(), service.address.getPort())) {
      byte[] hello = new byte[600];
      System.arraycopy(new byte[] {22, 3, 1, 2, 0, 2, 0, 1, -4, 3, 3}, 0, hello, 0, 11);
      hello[5] = 1;
      socket.getOutputStream().write(hello);
      until(() -> service.gateway.stats().dropped() == 1);
    }
  }

  @Test
  void aStrangersLongPacketIsDropped() {
    try (var client = service.connect(Way.plain(Framing.INTERMEDIATE))) {
      client.sendBytes(new byte[] {0, 0, 2, 0}); // 128 KiB, which a signed-up client may send
      until(() -> service.gateway.stats().dropped() == 1);
    }
  }

  @Test
  void halfPacketsBeyondTheBudgetCostTheirSenders() {
    List<TestClient> hoarders = new ArrayList<>();
    try (var modest = service.client()) {
      for (int i = 0; i < 9; i++) { // 9 x 1 MiB, of 8
        TestClient hoarder = service.client();
        hoarders.add(hoarder);
        byte[] half = new byte[(1 << 20) + 4];
        half[2] = 0x1f; // 2 MB are announced
        hoarder.sendBytes(half);
      }
      until(() -> service.gateway.stats().dropped() > 0);
      modest.call(new HelpGetDeepLinkInfo("goes on"));
    } finally {
      hoarders.forEach(TestClient::close);
    }
  }

  @Test
  void oneSourceDoesNotHoldAllPlaces() throws IOException {
    service.close();
    service = new TestGateway(new MoodyStore(), new GatewayLimits(512, 600, 10, 1, 10, 1L << 30));
    List<Socket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < 70; i++) {
        sockets.add(new Socket(service.address.getAddress(), service.address.getPort()));
      }
      until(() -> service.gateway.stats().connectionsRefused() == 70 - 64);
      assertEquals(64, service.gateway.stats().connections());
      sockets.removeFirst().close();
      until(() -> service.gateway.stats().connections() == 63);
      try (var client = service.client()) {
        client.call(new HelpGetDeepLinkInfo("room again"));
      }
    } finally {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }

  private static void until(BooleanSupplier condition) {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < deadline, "it never happened");
      Thread.onSpinWait();
    }
  }
}

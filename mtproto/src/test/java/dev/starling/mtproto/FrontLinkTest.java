package dev.starling.mtproto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A link of a front at the service's end. */
class FrontLinkTest {
  private static final ProxySecret LINK =
      new ProxySecret(new byte[16], ProxySecret.Kind.FAKE_TLS, "example.org");
  private static final ProxySecret CELL = ProxySecret.parse("a0".repeat(16));
  private static final ProxySecret OTHER = ProxySecret.parse("b0".repeat(16));
  private static final ProxySecret GATEWAYS = ProxySecret.parse("c0".repeat(16));

  private final Random random = new Random(1);
  private final Env env =
      new Env(() -> Instant.ofEpochSecond(1_790_000_000), random, (delay, task) -> () -> {});
  private final Front front = new Front("north", LINK, List.of(OTHER, CELL));
  private final FakeTls tls = new FakeTls(List.of(LINK, GATEWAYS), env);
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ServerTransport server =
      new ServerTransport(List.of(GATEWAYS), List.of(front), tls, _ -> true, out::writeBytes);

  /** What a client under {@code secret} sends, as a front passes it on. */
  private ServerTransport.Verdict pass(ProxySecret secret, List<byte[]> arrived) {
    byte[] hello = new TlsGreeting(LINK, LINK.domain(), env).opening();
    server.receive(hello, 0, hello.length, (packet, ack) -> {});
    var client = new ClientTransport(Framing.PADDED_INTERMEDIATE, true, secret, 2, random);
    byte[] inner = Bytes.concat(client.opening(), client.frame(new byte[40]));
    byte[] up =
        secret.isForTls()
            ? inner
            : Bytes.concat(TlsRecords.changeCipherSpec(), TlsRecords.wrap(inner));
    return server.receive(up, 0, up.length, (packet, ack) -> arrived.add(packet));
  }

  @ParameterizedTest
  @EnumSource(ProxySecret.Kind.class)
  void theLinkNamesTheFrontAndTheSecretTheCell(ProxySecret.Kind kind) {
    List<byte[]> arrived = new ArrayList<>();
    String domain = kind == ProxySecret.Kind.FAKE_TLS ? "example.com" : "";
    pass(new ProxySecret(CELL.key16(), kind, domain), arrived);
    assertArrayEquals(new byte[40], Bytes.slice(arrived.getFirst(), 0, 40));
    assertEquals(front, server.front());
    assertEquals(CELL, server.secret());
  }

  @Test
  void noOtherSecretFitsOnALink() {
    List<byte[]> arrived = new ArrayList<>();
    assertInstanceOf(ServerTransport.Verdict.Drop.class, pass(GATEWAYS, arrived));
    assertEquals(List.of(), arrived);
  }

  @Test
  void whoComesWithoutALinkHasNoFront() {
    var client = new ClientTransport(Framing.PADDED_INTERMEDIATE, true, GATEWAYS, 2, random);
    byte[] up = Bytes.concat(client.opening(), client.frame(new byte[40]));
    server.receive(up, 0, up.length, (packet, ack) -> {});
    assertEquals(GATEWAYS, server.secret());
    assertNull(server.front());
  }

  @Test
  void aCellsSecretOpensNothingElsewhere() {
    var client = new ClientTransport(Framing.PADDED_INTERMEDIATE, true, CELL, 2, random);
    byte[] up = Bytes.concat(client.opening(), client.frame(new byte[40]));
    assertInstanceOf(
        ServerTransport.Verdict.Drop.class, server.receive(up, 0, up.length, (packet, ack) -> {}));
  }
}

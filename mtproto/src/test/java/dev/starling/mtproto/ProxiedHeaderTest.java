package dev.starling.mtproto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A proxy between a client with a secret and a data centre that knows of none. */
class ProxiedHeaderTest {
  private final Random random = new Random(3);
  private final byte[] packet = Bytes.concat(new byte[8], new byte[72]);

  @ParameterizedTest
  @CsvSource({
    "a0a1a2a3a4a5a6a7a8a9aaabacadaeaf, ABRIDGED, 2",
    "a0a1a2a3a4a5a6a7a8a9aaabacadaeaf, INTERMEDIATE, -4",
    "dda0a1a2a3a4a5a6a7a8a9aaabacadaeaf, PADDED_INTERMEDIATE, 10002",
  })
  void bothSidesUnderstandEachOther(String text, Framing framing, int dc) {
    ProxySecret secret = ProxySecret.parse(text);
    random.nextBytes(packet);
    var client = new ClientTransport(framing, true, secret, dc, random);
    ProxiedHeader header = new ProxiedHeader(client.opening());
    assertTrue(header.isUnder(secret));
    assertFalse(header.isUnder(ProxySecret.parse("b0".repeat(16))));

    ProxiedHeader.ToDataCentre way = header.toDataCentre(secret, random);
    assertEquals(dc, way.dc());
    var centre = new ServerTransport(List.of(), out -> {});
    List<byte[]> arrived = new java.util.ArrayList<>();
    centre.receive(way.header(), 0, ProxiedHeader.BYTES, (p, ack) -> arrived.add(p));
    for (int i = 0; i < 3; i++) {
      byte[] frame = client.frame(packet);
      byte[] out = new byte[frame.length + 7];
      way.forward(frame, 0, frame.length, new byte[frame.length], out, 7);
      centre.receive(out, 7, frame.length, (p, ack) -> arrived.add(p));
      way.rest();
    }
    assertEquals(3, arrived.size());
    assertEquals(dc, centre.dc());
    for (byte[] one : arrived) {
      assertArrayEquals(packet, Bytes.slice(one, 0, packet.length));
    }

    byte[] answer = centre.frame(packet, random); // as it is: "no cipher at all"
    List<byte[]> answers = new java.util.ArrayList<>();
    client.receive(answer, 0, answer.length, (p, ack) -> answers.add(p));
    assertArrayEquals(packet, Bytes.slice(answers.getFirst(), 0, packet.length));
  }

  @ParameterizedTest
  @CsvSource({"ABRIDGED", "INTERMEDIATE"})
  void aPaddedSecretWantsPadding(Framing framing) {
    ProxySecret plain = ProxySecret.parse("a0".repeat(16));
    ProxySecret padded = new ProxySecret(plain.key16(), ProxySecret.Kind.PADDED);
    var client = new ClientTransport(framing, true, plain, 2, random);
    ProxiedHeader header = new ProxiedHeader(client.opening());
    assertTrue(header.isUnder(plain));
    assertFalse(header.isUnder(padded));
  }

  /**
   * Whatever the first eight bytes are drawn, no data centre takes the header for another thing.
   */
  @ParameterizedTest
  @CsvSource({"0", "1"})
  void whatGoesOnLooksLikeNothingElse(int seed) {
    Random seeded = new Random(seed);
    ProxySecret secret = ProxySecret.parse("a0".repeat(16));
    for (int i = 0; i < 2000; i++) {
      byte[] opening = new ClientTransport(Framing.ABRIDGED, true, secret, 1, seeded).opening();
      byte[] sent = new ProxiedHeader(opening).toDataCentre(secret, seeded).header();
      assertFalse(Obfuscation.isForbidden(sent));
      assertFalse(sent[0] == (byte) 0xef);
    }
  }
}

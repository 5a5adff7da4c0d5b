package dev.starling.mtproto;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Both ends of a connection, and a port that tells its clients apart. */
class TransportTest {
  private static final String KEY = "a0a1a2a3a4a5a6a7a8a9aaabacadaeaf";
  private static final ProxySecret PLAIN = ProxySecret.parse(KEY);
  private static final ProxySecret PADDED = ProxySecret.parse("dd" + "0b".repeat(16));
  private static final PacketSink NOTHING = (packet, quickAck) -> {};

  /** The ways to come in. */
  @SuppressWarnings("ImmutableEnumChecker") // nobody changes a secret
  enum Way {
    ABRIDGED(Framing.ABRIDGED, false, null),
    FULL(Framing.FULL, false, null),
    INTERMEDIATE(Framing.INTERMEDIATE, false, null),
    PADDED_INTERMEDIATE(Framing.PADDED_INTERMEDIATE, false, null),
    OBFUSCATED_ABRIDGED(Framing.ABRIDGED, true, null),
    OBFUSCATED(Framing.INTERMEDIATE, true, null),
    OBFUSCATED_PADDED(Framing.PADDED_INTERMEDIATE, true, null),
    PLAIN_SECRET_ABRIDGED(Framing.ABRIDGED, true, PLAIN),
    PLAIN_SECRET(Framing.INTERMEDIATE, true, PLAIN),
    PLAIN_SECRET_PADDED(Framing.PADDED_INTERMEDIATE, true, PLAIN),
    PADDED_SECRET(Framing.PADDED_INTERMEDIATE, true, PADDED);

    private final Framing framing;
    private final boolean obfuscated;
    private final @Nullable ProxySecret secret;

    Way(Framing framing, boolean obfuscated, @Nullable ProxySecret secret) {
      this.framing = framing;
      this.obfuscated = obfuscated;
      this.secret = secret;
    }

    ClientTransport client(Random random) {
      return new ClientTransport(framing, obfuscated, secret, 2, random);
    }
  }

  private static ServerTransport server() {
    return new ServerTransport(
        List.of(PLAIN, PADDED),
        bytes -> {
          throw new AssertionError();
        });
  }

  /** Packets pass both ways, whatever the way in, and however the stream is cut. */
  @Property
  void packetsPassBothWays(
      @ForAll Way way, @ForAll long seed, @ForAll @IntRange(min = 1, max = 90) int cut) {
    Random random = new Random(seed);
    ClientTransport client = way.client(random);
    ServerTransport server = server();
    List<byte[]> sent = packets(random);

    var up = new ArrayList<byte[]>(List.of(client.opening()));
    sent.forEach(packet -> up.add(client.frame(packet)));
    List<byte[]> received = new ArrayList<>();
    feed(
        up,
        cut,
        random,
        (in, length) ->
            assertInstanceOf(
                ServerTransport.Verdict.Continue.class,
                server.receive(in, 0, length, (packet, quickAck) -> received.add(packet))));
    assertPackets(sent, received);
    assertEquals(way.secret, server.secret());
    assertEquals(way.obfuscated ? 2 : 0, server.dc());

    List<byte[]> down = sent.stream().map(packet -> server.frame(packet, random)).toList();
    List<byte[]> answered = new ArrayList<>();
    feed(
        down,
        cut,
        random,
        (in, length) ->
            assertInstanceOf(
                ClientTransport.Verdict.Continue.class,
                client.receive(in, 0, length, (packet, quickAck) -> answered.add(packet))));
    assertPackets(sent, answered);
  }

  @Test
  void aHeaderUnderASecretIsTakenOnce() {
    ReplayCache seen = new ReplayCache(Duration.ofDays(1), 10);
    for (ProxySecret secret : List.of(PLAIN, PADDED)) {
      byte[] opening =
          new ClientTransport(
                  Framing.PADDED_INTERMEDIATE,
                  true,
                  secret,
                  2,
                  new Random(secret.equals(PLAIN) ? 5 : 7))
              .opening();
      assertInstanceOf(ServerTransport.Verdict.Continue.class, first(opening, seen));
      assertInstanceOf(ServerTransport.Verdict.Drop.class, first(opening, seen));
      opening[0] ^= (byte) 1; // nothing hangs on it
      opening[62] ^= (byte) 1; // nor on this
      assertInstanceOf(ServerTransport.Verdict.Drop.class, first(opening, seen));
    }
    byte[] opening = Way.OBFUSCATED.client(new Random(6)).opening();
    first(opening, seen);
    assertInstanceOf(
        ServerTransport.Verdict.Continue.class, first(opening, seen), "anybody can make one");
  }

  private static ServerTransport.Verdict first(byte[] opening, ReplayCache seen) {
    var server =
        new ServerTransport(
            List.of(PLAIN, PADDED), List.of(), null, keys -> seen.add(keys, 1), _ -> {});
    return server.receive(opening, 0, opening.length, (_, _) -> {});
  }

  @ParameterizedTest
  @EnumSource
  void oneByteAtATimeIsEnough(Way way) {
    Random random = new Random(1);
    ClientTransport client = way.client(random);
    ServerTransport server = server();
    byte[] packet = Bytes.concat(new byte[20], "one byte at a time..".getBytes(US_ASCII));
    List<byte[]> received = new ArrayList<>();
    for (byte one : Bytes.concat(client.opening(), client.frame(packet))) {
      server.receive(new byte[] {9, one, 9}, 1, 1, (whole, quickAck) -> received.add(whole));
    }
    assertPackets(List.of(packet), received);
  }

  @ParameterizedTest
  @EnumSource
  void aTransportErrorReachesTheClient(Way way) {
    Random random = new Random(1);
    ClientTransport client = way.client(random);
    ServerTransport server = server();
    byte[] up = Bytes.concat(client.opening(), client.frame(new byte[20]));
    server.receive(up, 0, up.length, NOTHING);
    byte[] down = Bytes.concat(server.frameError(-404), server.frame(new byte[40], random));
    List<byte[]> received = new ArrayList<>();
    var error = new ClientTransport.Verdict.TransportError(-404);
    assertEquals(
        error, client.receive(down, 0, down.length, (packet, quickAck) -> received.add(packet)));
    assertEquals(error, client.receive(down, 0, 0, NOTHING));
    assertEquals(List.of(), received);
  }

  @Test
  void aTlsHelloIsForeignWithoutFakeTls() {
    byte[] bytes = HexFormat.of().parseHex("16030106f202");
    ServerTransport server = server();
    assertInstanceOf(
        ServerTransport.Verdict.Continue.class, server.receive(bytes, 0, bytes.length, NOTHING));
    bytes[5] = 1;
    server = server();
    server.receive(bytes, 0, 3, NOTHING);
    server.receive(bytes, 3, 3, NOTHING);
    byte[] notHello = {2, 3, 4};
    var foreign = (ServerTransport.Verdict.Foreign) server.receive(notHello, 0, 3, NOTHING);
    assertArrayEquals(Bytes.concat(bytes, notHello), foreign.seen());
  }

  @Test
  void aDroppedConnectionStaysDropped() {
    ServerTransport server = server();
    byte[] stream = HexFormat.of().parseHex("7f".repeat(64) + "eeeeeeee0400000001020304");
    for (int i = 0; i < 3; i++) {
      var verdict =
          server.receive(
              stream,
              0,
              stream.length,
              (packet, quickAck) -> {
                throw new AssertionError();
              });
      assertEquals(new ServerTransport.Verdict.Drop("no secret fits"), verdict);
    }
  }

  @Test
  void aBadLengthDropsTheConnection() {
    ServerTransport server = server();
    byte[] stream =
        HexFormat.of().parseHex("eeeeeeee" + "0400000001020304" + "01000000" + "0400000001020304");
    List<byte[]> received = new ArrayList<>();
    assertInstanceOf(
        ServerTransport.Verdict.Drop.class,
        server.receive(stream, 0, stream.length, (packet, quickAck) -> received.add(packet)));
    assertEquals(1, received.size());
  }

  @Test
  void theQuickAckBitIsReported() {
    ServerTransport server = server();
    byte[] stream = HexFormat.of().parseHex("eeeeeeee" + "0400008001020304" + "0400000001020304");
    List<Boolean> wanted = new ArrayList<>();
    server.receive(stream, 0, stream.length, (packet, quickAck) -> wanted.add(quickAck));
    assertEquals(List.of(true, false), wanted);
  }

  /** Whoever has no secret may still come in obfuscated; whoever has a wrong one may not. */
  @Test
  void aWrongSecretIsDropped() {
    byte[] header =
        new ClientTransport(
                Framing.INTERMEDIATE, true, ProxySecret.parse("ff".repeat(16)), 2, new Random(1))
            .opening();
    assertEquals(
        new ServerTransport.Verdict.Drop("no secret fits"),
        server().receive(header, 0, header.length, NOTHING));
  }

  /** Each way, but full, tells which of the packets the server has. */
  @ParameterizedTest
  @EnumSource
  void quickAcksReachTheClient(Way way) {
    Random random = new Random(1);
    ClientTransport client = way.client(random);
    ServerTransport server = server();
    byte[] up =
        Bytes.concat(
            client.opening(),
            client.frame(new byte[1000], true),
            client.frame(new byte[20], false));
    List<Boolean> wanted = new ArrayList<>();
    server.receive(up, 0, up.length, (packet, quickAck) -> wanted.add(quickAck));
    boolean known = way.framing != Framing.FULL;
    assertEquals(List.of(known, false), wanted);

    byte[] down =
        Bytes.concat(
            server.frame(new byte[40], random),
            server.frameQuickAck(0x80010203),
            server.frame(new byte[400], random));
    List<String> notes = new ArrayList<>();
    for (int i = 0; i < down.length; i++) {
      client.receive(down, i, 1, new Notes(notes));
    }
    assertEquals(known ? List.of("40", "ack 80010203", "400") : List.of("40", "400"), sizes(notes));
  }

  /** Hex to lengths in bytes, whole words. */
  private static List<String> sizes(List<String> notes) {
    return notes.stream()
        .map(note -> note.startsWith("ack") ? note : Integer.toString(note.length() / 2 & ~3))
        .toList();
  }

  @ParameterizedTest
  @EnumSource
  void aPacketIsShortUntilItsSenderIsTrusted(Way way) {
    Random random = new Random(1);
    byte[] large = new byte[FrameCodec.UNPROVED_BYTES_MAX + 4];
    for (boolean trusted : List.of(false, true)) {
      ClientTransport client = way.client(random);
      ServerTransport server = server();
      List<byte[]> received = new ArrayList<>();
      byte[] first = Bytes.concat(client.opening(), client.frame(new byte[20]));
      server.receive(first, 0, first.length, (packet, quickAck) -> received.add(packet));
      if (trusted) {
        server.trust();
      }
      byte[] second = client.frame(large);
      var verdict =
          server.receive(second, 0, second.length, (packet, quickAck) -> received.add(packet));
      assertEquals(trusted, verdict instanceof ServerTransport.Verdict.Continue);
      assertEquals(trusted ? 2 : 1, received.size());
      assertEquals(0, server.heldBytes());
    }
  }

  @Property
  void randomBytesNeverThrow(@ForAll @Size(max = 400) byte[] bytes, @ForAll long seed) {
    ServerTransport server = server();
    feed(
        List.of(bytes),
        50,
        new Random(seed),
        (in, length) -> server.receive(in, 0, length, NOTHING));
  }

  @Property
  void aRandomStreamAfterAGoodHeaderNeverThrows(
      @ForAll Way way, @ForAll @Size(max = 200) byte[] noise) {
    ServerTransport server = server();
    byte[] stream = Bytes.concat(way.client(new Random(1)).opening(), noise);
    server.receive(stream, 0, stream.length, NOTHING);
    ClientTransport client = way.client(new Random(1));
    client.receive(noise, 0, noise.length, NOTHING);
  }

  @Test
  void nothingIsSentBeforeTheFramingIsKnown() {
    ServerTransport server = server();
    assertThrows(IllegalStateException.class, () -> server.frameError(-404));
    assertNull(server.secret());
  }

  @Test
  void aSecretWantsItsOwnTransport() {
    Random random = new Random(1);
    assertThrows(
        IllegalArgumentException.class,
        () -> new ClientTransport(Framing.INTERMEDIATE, true, PADDED, 2, random));
    assertThrows(
        IllegalArgumentException.class,
        () -> new ClientTransport(Framing.INTERMEDIATE, false, PLAIN, 2, random));
  }

  private interface Receiver {
    void receive(byte[] in, int length);
  }

  /** Feeds the stream in pieces of 1 to {@code cut} bytes. */
  private static void feed(List<byte[]> frames, int cut, Random random, Receiver receiver) {
    byte[] stream = Bytes.concat(frames.toArray(byte[][]::new));
    int at = 0;
    while (at < stream.length) {
      int length = Math.min(stream.length - at, 1 + random.nextInt(cut));
      receiver.receive(Bytes.slice(stream, at, at + length), length);
      at += length;
    }
  }

  private static List<byte[]> packets(Random random) {
    List<byte[]> packets = new ArrayList<>();
    for (int i = random.nextInt(5); i >= 0; i--) {
      byte[] packet = new byte[20 + 4 * random.nextInt(100)];
      random.nextBytes(packet);
      packets.add(packet);
    }
    return packets;
  }

  /** Padding, at most 3 bytes here, stays on. */
  private static void assertPackets(List<byte[]> sent, List<byte[]> received) {
    assertEquals(sent.size(), received.size());
    for (int i = 0; i < sent.size(); i++) {
      byte[] packet = received.get(i);
      assertEquals(sent.get(i).length, packet.length & ~3);
      assertArrayEquals(sent.get(i), Bytes.slice(packet, 0, sent.get(i).length));
    }
  }
}

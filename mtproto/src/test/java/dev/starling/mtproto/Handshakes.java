package dev.starling.mtproto;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.starling.tl.Layer;
import dev.starling.tl.Tl;
import dev.starling.tl.TlObject;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.function.LongPredicate;
import java.util.function.Supplier;

/** What the tests of both sides of the handshake share. */
final class Handshakes {
  static final ServerKey KEY = ServerKeyTest.SAMPLE;
  static final int NOW = 1_700_000_000;
  static final byte[] OTHER_16 = HexFormat.of().parseHex("0f".repeat(16));

  private Handshakes() {}

  static Env env(long seed, int unixSeconds) {
    InstantSource clock = InstantSource.fixed(Instant.ofEpochSecond(unixSeconds));
    return new Env(clock, new Random(seed), (delay, task) -> () -> {});
  }

  static ServerHandshake server(LongPredicate idTaken) {
    return new ServerHandshake(List.of(KEY), idTaken, env(1, NOW));
  }

  /** Hands a message in and computes what is put off. */
  static ServerHandshake.Step take(ServerHandshake server, TlObject message) {
    ServerHandshake.Step step = server.receive(message);
    return step instanceof ServerHandshake.Step.Costly(Supplier<ServerHandshake.Step> rest)
        ? rest.get()
        : step;
  }

  static ClientHandshake client(int dc) {
    return new ClientHandshake(List.of(KEY.publicKey()), dc, 0, env(2, NOW - 100));
  }

  static <T extends TlObject> T reply(Class<T> type, ServerHandshake.Step step) {
    return assertInstanceOf(
        type, assertInstanceOf(ServerHandshake.Step.Reply.class, step).answer());
  }

  static <T extends TlObject> T sent(Class<T> type, ClientHandshake.Step step) {
    return assertInstanceOf(
        type, assertInstanceOf(ClientHandshake.Step.Send.class, step).message());
  }

  static byte[] encode(TlObject value) {
    return Tl.encode(value, Layer.NEWEST);
  }
}

package dev.starling.mtproto;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertAll;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Garbage of known seeds, and good beginnings with a few bytes changed, for every parser. */
class SeededFuzzTest {
  private static final int ROUNDS = 4000;

  @Test
  void nothingIsThrown() {
    assertAll(
        () -> fuzz(FuzzTargets::transport),
        () -> fuzz(FuzzTargets::clientTransport),
        () -> fuzz(FuzzTargets::tlsHello),
        () -> fuzz(FuzzTargets::webSocket));
  }

  private static void fuzz(Consumer<byte[]> target) {
    List<byte[]> seeds = seeds();
    for (int seed = 0; seed < ROUNDS; seed++) {
      Random random = new Random(seed);
      byte[] input = seeds.get(seed % seeds.size()).clone();
      if (input.length == 0) {
        input = new byte[random.nextInt(3000)];
        random.nextBytes(input);
      }
      for (int i = random.nextInt(6); i > 0 && input.length > 0; i--) {
        input[random.nextInt(input.length)] = (byte) random.nextInt();
      }
      byte[] fuzzed = Bytes.concat(new byte[] {(byte) random.nextInt()}, input);
      try {
        target.accept(fuzzed);
      } catch (RuntimeException | Error e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
  }

  private static List<byte[]> seeds() {
    Random random = new Random(1);
    Env env = new Env(() -> Instant.EPOCH, random, (delay, task) -> () -> {});
    ProxySecret secret = ProxySecret.parse("00".repeat(16));
    List<byte[]> seeds = new ArrayList<>();
    seeds.add(new byte[0]);
    for (Framing framing : Framing.values()) {
      var client = new ClientTransport(framing, false, null, 2, random);
      seeds.add(
          Bytes.concat(
              client.opening(), client.frame(new byte[100], true), client.frame(new byte[600])));
      seeds.add(framing.codec(Side.CLIENT).encodeError(-404));
      seeds.add(framing.codec(Side.CLIENT).encodeQuickAck(1 << 31));
    }
    byte[] hello = new TlsGreeting(secret, "example.org", env).opening();
    seeds.add(hello);
    seeds.add(Bytes.slice(hello, 5, hello.length));
    byte[] request = new WebSocketGreeting("localhost", "/apiws", random).opening();
    seeds.add(request);
    seeds.add("HTTP/1.1 101 Switching Protocols\r\n\r\n".getBytes(US_ASCII));
    for (int opcode : new int[] {0, 2, 8, 9, 10}) {
      seeds.add(WebSocketFrames.masked(opcode, new byte[120], random));
      seeds.add(WebSocketFrames.masked(opcode, new byte[70_000], random));
    }
    return seeds;
  }
}

package dev.starling.mtproto;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.starling.tl.Gzip;
import dev.starling.tl.GzipPacked;
import dev.starling.tl.Layer;
import dev.starling.tl.MsgContainer;
import dev.starling.tl.MsgContainer.ContainerMessage;
import dev.starling.tl.Tl;
import dev.starling.tl.TlObject;
import dev.starling.tl.api.HelpGetConfig;
import dev.starling.tl.api.InputPeerSelf;
import dev.starling.tl.api.InvokeWithLayer;
import dev.starling.tl.api.MessagesSendMessage;
import dev.starling.tl.mt.MsgsAck;
import dev.starling.tl.mt.MsgsStateReq;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The {@link JazzerTargets}: a taste of each by mutated seeds, and in the long suite Jazzer, which
 * looks for the inputs that reach new code. Its findings and corpus stay in {@code target/fuzz}.
 */
class JazzerTest {
  private static final int TASTE_INPUTS = 2_000;

  /** Of each target; {@code -Dfuzz.seconds} tells otherwise. */
  private static final int JAZZER_SECONDS = Integer.getInteger("fuzz.seconds", 600);

  /** As long as the longest packet of a stranger. */
  private static final int INPUT_BYTES_MAX = 64 << 10;

  record Target(Class<?> type, Consumer<byte[]> parser) {
    @Override
    public String toString() {
      return type.getSimpleName();
    }
  }

  private static List<Target> targets() {
    return List.of(
        new Target(JazzerTargets.TlValue.class, JazzerTargets.TlValue::fuzzerTestOneInput),
        new Target(JazzerTargets.Session.class, JazzerTargets.Session::fuzzerTestOneInput),
        new Target(JazzerTargets.GzipBody.class, JazzerTargets.GzipBody::fuzzerTestOneInput),
        new Target(JazzerTargets.ServerPort.class, JazzerTargets.ServerPort::fuzzerTestOneInput),
        new Target(JazzerTargets.ClientPort.class, JazzerTargets.ClientPort::fuzzerTestOneInput),
        new Target(JazzerTargets.Hello.class, JazzerTargets.Hello::fuzzerTestOneInput),
        new Target(JazzerTargets.WebSocket.class, JazzerTargets.WebSocket::fuzzerTestOneInput),
        new Target(JazzerTargets.Frames.class, JazzerTargets.Frames::fuzzerTestOneInput),
        new Target(JazzerTargets.Packet.class, JazzerTargets.Packet::fuzzerTestOneInput));
  }

  @ParameterizedTest
  @MethodSource("targets")
  void takesMutatedSeeds(Target target) {
    Random random = new Random(target.toString().hashCode());
    List<byte[]> seeds = seeds();
    for (int i = 0; i < TASTE_INPUTS; i++) {
      byte[] input = seeds.get(random.nextInt(seeds.size())).clone();
      for (int flips = random.nextInt(4); flips > 0; flips--) {
        input[random.nextInt(input.length)] = (byte) random.nextInt();
      }
      target.parser.accept(input);
    }
  }

  @Tag("long")
  @ParameterizedTest
  @MethodSource("targets")
  void jazzerFindsNothing(Target target, @TempDir Path scratch) throws Exception {
    Path kept = Files.createDirectories(Path.of("target/fuzz", target.toString()).toAbsolutePath());
    Path corpus = Files.createDirectories(kept.resolve("corpus"));
    List<byte[]> seeds = seeds();
    for (int i = 0; i < seeds.size(); i++) {
      Files.write(corpus.resolve("seed-" + i), seeds.get(i));
    }
    Path log = kept.resolve("jazzer.log");
    Process jazzer = jazzer(target, kept, corpus, scratch).redirectOutput(log.toFile()).start();
    assertEquals(0, jazzer.waitFor(), () -> "a finding, told at the end of " + log);
  }

  private static ProcessBuilder jazzer(Target target, Path kept, Path corpus, Path scratch)
      throws IOException {
    // The classes under test are told apart by their package; a jar on the class path is both.
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx1g",
            "--enable-native-access=ALL-UNNAMED",
            "-Djava.io.tmpdir=" + scratch,
            "-cp",
            System.getProperty("java.class.path"),
            "com.code_intelligence.jazzer.Jazzer",
            "--target_class=" + target.type.getName(),
            "--instrumentation_includes=dev.starling.**",
            "--reproducer_path=" + kept,
            "--keep_going=1",
            "-artifact_prefix=" + kept + "/",
            "-max_total_time=" + JAZZER_SECONDS,
            "-max_len=" + INPUT_BYTES_MAX,
            "-timeout=300", // a busy machine
            "-rss_limit_mb=3000",
            corpus.toString());
    return new ProcessBuilder(command).directory(kept.toFile()).redirectErrorStream(true);
  }

  /** True messages, in whatever form a target may take them for. */
  private static List<byte[]> seeds() {
    byte[] send =
        bytes(
            new InvokeWithLayer<>(
                227, MessagesSendMessage.of(new InputPeerSelf(), "Meet at the harbour", 7)));
    byte[] packed = bytes(new GzipPacked(Gzip.pack(send)));
    List<byte[]> seeds = new ArrayList<>();
    seeds.add(send);
    seeds.add(packed);
    seeds.add(Gzip.pack(send));
    seeds.add(bytes(new MsgsAck(List.of(1L, 2L, 3L))));
    seeds.add(
        bytes(
            new MsgContainer(
                List.of(
                    new ContainerMessage(4, 1, bytes(new HelpGetConfig())),
                    new ContainerMessage(8, 3, packed),
                    new ContainerMessage(12, 4, bytes(new MsgsStateReq(List.of(4L, 8L))))))));
    Env env = new Env(() -> Instant.EPOCH, new Random(1), (_, _) -> () -> {});
    ProxySecret secret = ProxySecret.parse("00".repeat(16));
    seeds.add(Bytes.concat(new byte[1], new TlsGreeting(secret, "example.org", env).opening()));
    for (Framing framing : Framing.values()) {
      FrameCodec codec = framing.codec(Side.SERVER);
      seeds.add(codec.encode(send, false, new Random(3)));
    }
    seeds.add(
        Bytes.concat(
            new byte[1], new WebSocketGreeting("localhost", "/apiws", new Random(1)).opening()));
    return seeds;
  }

  private static byte[] bytes(TlObject value) {
    return Tl.encode(value, Layer.NEWEST);
  }
}

package dev.starling.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * The scenario once more, with what the service answers and pushes written down: it is what the
 * readers of every layer are tried on. Where a client asks something new, the record is stale:
 * {@code cp e2e/target/recorded.txt.gz tl/src/test/resources/dev/starling/tl/compiler/}.
 */
@Tag("long")
class RecordingTest {
  private static final Path MADE = Path.of("target", "recorded.txt.gz");
  private static final Path KEPT =
      Path.of("../tl/src/test/resources/dev/starling/tl/compiler/recorded.txt.gz");

  @TempDir static Path folder;
  private static final Recorder RECORDER = new Recorder();
  private static Home home;

  @BeforeAll
  static void start() throws IOException {
    home = new Home(folder, new RecordedService(folder, RECORDER));
  }

  @AfterAll
  static void stop() {
    home.close();
  }

  @TestFactory
  Stream<DynamicNode> allThatIsAnsweredIsOnRecord() {
    return Stream.concat(
        ScenarioTest.ring(home), Stream.of(dynamicTest("on record", RecordingTest::compare)));
  }

  private static void compare() throws IOException {
    RECORDER.write(MADE);
    Set<String> unknown = new TreeSet<>(methods(MADE));
    unknown.removeAll(methods(KEPT));
    assertEquals(Set.of(), unknown, "stale: copy " + MADE);
  }

  private static Set<String> methods(Path file) throws IOException {
    try (var lines =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.US_ASCII))) {
      return lines.lines().map(line -> line.split(" ", 2)[0]).collect(Collectors.toSet());
    }
  }
}

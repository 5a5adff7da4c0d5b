package dev.starling.e2e;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.starling.store.Recorder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The clock of the server's process leaps while clients talk, whose own does not, with restarts in
 * between: messages go on within the same sessions, none is lost or doubled, and neither pts nor
 * dates go back.
 */
class ClockLeapTest {
  private static final List<Duration> LEAPS =
      List.of(
          Duration.ofMinutes(10),
          Duration.ofMinutes(-10),
          Duration.ofHours(-1),
          Duration.ofHours(2));

  /** Messages of each pair between two leaps. */
  private static final int BETWEEN = 10;

  @TempDir Path folder;

  @Test
  void eachWayOnce() throws Exception {
    leap(LEAPS, false);
  }

  @Test
  @Tag("long")
  void thirtyTimesWithRestarts() throws Exception {
    Random random = new Random(1);
    List<Duration> leaps = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      leaps.add(LEAPS.get(random.nextInt(LEAPS.size())));
    }
    leap(leaps, true);
  }

  private void leap(List<Duration> leaps, boolean restarts) throws Exception {
    Path clock = folder.resolve("clock");
    Duration ahead = Duration.ZERO;
    set(clock, ahead);
    String library = Recorder.compile(ClockLeapTest.class, "clock.c", folder).toString();
    Server server =
        Server.start(folder, Map.of("LD_PRELOAD", library, "CLOCK_AHEAD", clock.toString()));
    List<Talkers> pairs = new ArrayList<>();
    try {
      for (int i = 0; i < 2; i++) {
        pairs.add(new Talkers(server, i, () -> 0));
      }
      pairs.forEach(Talkers::start);
      talk(pairs);
      for (int i = 0; i < leaps.size(); i++) {
        ahead = ahead.plus(leaps.get(i));
        set(clock, ahead);
        if (restarts && i % 3 == 2) {
          server.kill();
          server = server.again();
        }
        talk(pairs);
      }
      int sum = 0;
      for (Talkers pair : pairs) {
        pair.stop();
        Talkers.check(server, pair.boxes(), pair.acknowledged());
        sum += pair.acknowledged();
      }
      System.out.printf("%d leaps: %d messages acknowledged, 0 lost%n", leaps.size(), sum);
    } finally {
      pairs.forEach(Talkers::close);
      server.close();
    }
  }

  /** Waits until everybody has said something more. */
  private static void talk(List<Talkers> pairs) throws InterruptedException {
    for (Talkers pair : pairs) {
      int wanted = pair.acknowledged() + BETWEEN;
      for (long left = Child.DEADLINE_SECONDS * 100; pair.acknowledged() < wanted; left--) {
        assertTrue(left > 0, "nobody can talk any more");
        Thread.sleep(10);
      }
    }
  }

  private static void set(Path clock, Duration ahead) throws IOException {
    ByteBuffer seconds =
        ByteBuffer.allocate(Long.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(0, ahead.toSeconds());
    Files.write(clock, seconds.array(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }
}

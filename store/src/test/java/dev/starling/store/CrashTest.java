package dev.starling.store;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kill -9} in the middle of commits: nothing acknowledged is lost, nothing is there in part.
 */
class CrashTest {
  @TempDir Path folder;

  private final int[] acknowledged = new int[Writers.WRITERS];

  @Test
  void killedThreeTimes() throws Exception {
    killAndCheck(3, 400);
  }

  @Test
  @Tag("long")
  void killedHundredTimes() throws Exception {
    killAndCheck(100, 2_000);
  }

  private void killAndCheck(int times, int commitsMax) throws IOException, InterruptedException {
    Random random = new Random(times);
    for (int i = 0; i < times; i++) {
      Process victim = Forked.start(Writers.class, folder);
      int lines = 0;
      try (BufferedReader out = victim.inputReader()) {
        int last = 1 + random.nextInt(commitsMax);
        for (String line = out.readLine(); line != null; line = out.readLine()) {
          note(line);
          if (++lines == last) {
            victim.toHandle().destroyForcibly(); // unlike the process, leaves its output to be read
          }
        }
      }
      victim.waitFor();
      assertTrue(lines > 0);
      try (Store store = Writers.open(folder)) {
        Writers.check(store, acknowledged);
      }
    }
  }

  private void note(String line) {
    assertTrue(line.matches("\\d+ \\d+"), line);
    String[] words = line.split(" ", 2);
    acknowledged[Integer.parseInt(words[0])] = Integer.parseInt(words[1]);
  }
}

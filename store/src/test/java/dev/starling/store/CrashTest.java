package dev.starling.store;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kill -9} in the middle of commits: nothing acknowledged is lost, nothing is there in part.
 */
class CrashTest {
  /**
   * A victim dies after so many acknowledgements at most; rows are 20 KB, so most victims write
   * tables.
   */
  private static final int COMMITS_MAX = 400;

  @TempDir Path folder;

  private final int[] acknowledged = new int[Writers.WRITERS];

  @Test
  void killedThreeTimes() throws Exception {
    killAndCheck(folder, new Random(3), 3);
  }

  @Test
  @Tag("long")
  void killedHundredTimes() throws Exception {
    for (int seed = 0; seed < 10; seed++) {
      Arrays.fill(acknowledged, 0);
      killAndCheck(folder.resolve("" + seed), new Random(seed), 10);
    }
  }

  private void killAndCheck(Path data, Random random, int times)
      throws IOException, InterruptedException {
    for (int i = 0; i < times; i++) {
      Process victim = Forked.start(Writers.class, data);
      int lines = 0;
      try (BufferedReader out = victim.inputReader()) {
        int last = 1 + random.nextInt(COMMITS_MAX);
        for (String line = out.readLine(); line != null; line = out.readLine()) {
          note(line);
          if (++lines == last) {
            victim.toHandle().destroyForcibly(); // unlike the process, leaves its output to be read
          }
        }
      }
      victim.waitFor();
      assertTrue(lines > 0);
      try (Store store = Writers.open(data)) {
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

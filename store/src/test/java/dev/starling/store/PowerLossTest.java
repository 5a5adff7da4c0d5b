package dev.starling.store;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The power goes while RocksDB writes: all that was acknowledged is there afterwards, no batch in
 * part, and the store opens. A process is recorded below the C library; from the record come as
 * many disks as one likes, each as a cut at another moment may have left it.
 */
class PowerLossTest {
  private static final Pattern ACKNOWLEDGED = Pattern.compile("(\\d+) (\\d+)\n");

  @TempDir Path folder;

  @TempDir static Path scratch;
  private static Recorder recorder;

  @BeforeAll
  static void compile() throws Exception {
    recorder = Recorder.compile(scratch);
  }

  private final int[] acknowledged = new int[Writers.WRITERS];

  @Test
  void atTwentyMoments() throws Exception {
    Files.createDirectory(folder.resolve("live"));
    cut(record(1_200), 20, new Random(1));
  }

  /**
   * Each victim begins with what the last power cut left, and the next cut may hit its recovery.
   */
  @Test
  @Tag("long")
  void againAndAgain() throws Exception {
    for (int seed = 0; seed < 8; seed++) {
      Random random = new Random(seed);
      Arrays.fill(acknowledged, 0);
      deleteTree(folder.resolve("live"));
      Files.createDirectory(folder.resolve("live"));
      for (int life = 0; life < 4; life++) {
        cut(record(300 + random.nextInt(1_000)), 25, random);
      }
    }
  }

  /** Runs writers on the folder {@code live} until so many rows are acknowledged. */
  private Recording record(int acknowledgements) throws Exception {
    Path live = folder.resolve("live");
    Path log = folder.resolve("record");
    Files.deleteIfExists(log);
    Recording.Start start = Recording.Start.of(live);
    Process victim =
        Forked.start(recorder.environment(live, log), Writers.class, live.resolve("data"));
    int lines = 0;
    try (BufferedReader out = victim.inputReader()) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        assertTrue(ACKNOWLEDGED.matcher(line + "\n").matches(), line);
        if (++lines == acknowledgements) {
          victim.toHandle().destroyForcibly();
        }
      }
    }
    victim.waitFor();
    assertTrue(lines >= acknowledgements, "it ended by itself");
    return new Recording(log, start);
  }

  /** Cuts the power at so many moments, the last of which leaves the next {@code live}. */
  private void cut(Recording recording, int cuts, Random random) throws IOException {
    Path live = folder.resolve("live");
    Path disk = folder.resolve("disk");
    Recording.Fate[] fates = Recording.Fate.values();
    int[] moments = random.ints(cuts, 0, recording.length() + 1).sorted().toArray();
    int[] before = acknowledged.clone();
    for (int i = 0; i < cuts; i++) {
      recording.playTo(moments[i]);
      note(recording.output(), before);
      Recording.Fate fate = fates[random.nextInt(fates.length)];
      deleteTree(live);
      recording.image(live, fate, random);
      deleteTree(disk);
      copyTree(live, disk); // opening changes it
      try (Store store = Writers.open(disk.resolve("data"))) {
        Writers.check(store, acknowledged);
      } catch (StoreException | AssertionError e) {
        throw new AssertionError(
            "cut at %d of %d, %s".formatted(moments[i], recording.length(), fate), e);
      }
    }
  }

  private void note(String output, int[] before) {
    System.arraycopy(before, 0, acknowledged, 0, before.length);
    Matcher lines = ACKNOWLEDGED.matcher(output);
    while (lines.find()) {
      acknowledged[Integer.parseInt(lines.group(1))] = Integer.parseInt(lines.group(2));
    }
  }

  private static void copyTree(Path from, Path to) throws IOException {
    for (Path path : tree(from)) {
      Path target = to.resolve(from.relativize(path).toString());
      if (Files.isDirectory(path)) {
        Files.createDirectories(target);
      } else {
        Files.copy(path, target);
      }
    }
  }

  private static void deleteTree(Path root) throws IOException {
    if (Files.exists(root)) {
      for (Path path : tree(root).reversed()) {
        Files.delete(path);
      }
    }
  }

  private static List<Path> tree(Path root) throws IOException {
    try (var paths = Files.walk(root)) {
      return new ArrayList<>(paths.sorted().toList());
    }
  }
}

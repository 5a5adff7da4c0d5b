package dev.starling.e2e;

import dev.starling.e2e.Talkers.Boxes;
import dev.starling.store.Recorder;
import dev.starling.store.Recording;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The power goes below the whole server, from its very first start on, under load: it starts again
 * on whatever the disk kept, and nothing that a client was told is lost. One life is recorded below
 * the C library; from the record come the disks that cuts at other moments may have left.
 *
 * <p>A client notes with each acknowledgement how long the record was when it came: all that the
 * server did before it sent it lies within.
 */
class PowerCutTest {
  private static final int PAIRS = 3;

  @TempDir static Path scratch;
  private static Recorder recorder;

  @TempDir Path folder;

  @BeforeAll
  static void compile() throws Exception {
    recorder = Recorder.compile(scratch);
  }

  @Test
  void atThreeMoments() throws Exception {
    int acknowledged = cut(record(60, "life"), 0, 3, new Random(1));
    System.out.printf("3 power cuts: %d messages acknowledged, 0 lost%n", acknowledged);
  }

  @Test
  @Tag("long")
  void againAndAgain() throws Exception {
    int cuts = 0;
    int acknowledged = 0;
    for (int seed = 0; seed < 5; seed++) {
      Random random = new Random(seed);
      Life life = record(200 + random.nextInt(400), "life" + seed);
      acknowledged += cut(life, 4, 16, random);
      cuts += 20;
    }
    System.out.printf(
        "%d power cuts: %d messages acknowledged, 0 lost, no start refused%n", cuts, acknowledged);
  }

  /**
   * A life of a server.
   *
   * @param begun the record's length when everybody was signed in
   */
  private record Life(Recording record, long begun, List<Talkers> talkers, List<Boxes> boxes) {}

  private Life record(int acknowledgements, String name) throws Exception {
    Path live = Files.createDirectory(folder.resolve(name));
    Path log = folder.resolve(name + ".record");
    Recording.Start start = Recording.Start.of(live);
    List<Talkers> talkers = new ArrayList<>();
    List<Boxes> boxes = new ArrayList<>();
    try (Server server = Server.start(live, recorder.environment(live, log))) {
      for (int i = 0; i < PAIRS; i++) {
        Talkers pair = new Talkers(server, i, () -> length(log));
        talkers.add(pair);
        boxes.add(pair.boxes());
      }
      long begun = length(log);
      talkers.forEach(Talkers::start);
      while (talkers.stream().mapToInt(Talkers::acknowledged).sum() < acknowledgements) {
        Thread.sleep(10);
      }
      server.kill();
      for (Talkers pair : talkers) {
        pair.abandon();
      }
      return new Life(new Recording(log, start), begun, talkers, boxes);
    }
  }

  private static long length(Path log) {
    try {
      return Files.size(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Cuts the power at some moments before everybody was signed in, when it is enough that the
   * server starts again, and at some after. Answers how many messages were acknowledged in all.
   */
  private int cut(Life life, int early, int late, Random random) throws Exception {
    int begun = (int) life.begun;
    int[] moments =
        IntStream.concat(
                random.ints(early, 0, begun), random.ints(late, begun, life.record.length() + 1))
            .sorted()
            .toArray();
    Recording.Fate[] fates = Recording.Fate.values();
    for (int i = 0; i < moments.length; i++) {
      Path disk = Files.createDirectory(folder.resolve("disk"));
      Recording.Fate fate = fates[random.nextInt(fates.length)];
      life.record.playTo(moments[i]);
      life.record.image(disk, fate, random);
      forTheOwnerAlone(disk);
      try (Server server = Server.start(disk)) {
        for (int pair = 0; moments[i] >= begun && pair < PAIRS; pair++) {
          int least = life.talkers.get(pair).acknowledged(moments[i]);
          Talkers.check(server, life.boxes.get(pair), least);
        }
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError(
            "cut at %d of %d, %s".formatted(moments[i], life.record.length(), fate), e);
      }
      Folders.delete(disk);
    }
    return life.talkers.stream().mapToInt(Talkers::acknowledged).sum();
  }

  /** The record knows no permissions. */
  private static void forTheOwnerAlone(Path root) throws IOException {
    for (Path path : Folders.tree(root)) {
      String allowed = Files.isDirectory(path) ? "rwx------" : "rw-------";
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(allowed));
    }
  }
}

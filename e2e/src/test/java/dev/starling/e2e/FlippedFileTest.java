package dev.starling.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.starling.e2e.Talkers.Boxes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One bit of one file of the data folder is flipped, and the server started: it refuses in one
 * line, or whoever was signed in finds all as it was, and whoever comes by the old key and secret
 * gets in.
 */
class FlippedFileTest {
  @TempDir Path folder;

  private int refused;
  private int served;

  @Test
  void oneBitInTheFilesBesideTheStore() throws Exception {
    Past past = prepare();
    Random random = new Random(1);
    for (String name : List.of("keys", "server.pem", "secret", "public.pem")) {
      flip(Server.data(folder).resolve(name), past, random);
    }
    tell();
  }

  @Test
  @Tag("long")
  void oneBitInEveryFile() throws Exception {
    Past past = prepare();
    Random random = new Random(2);
    for (int round = 0; round < 5; round++) {
      for (Path file : files()) {
        flip(file, past, random);
      }
    }
    tell();
  }

  private void tell() {
    System.out.printf(
        "%d flipped bits: %d times refused, %d times served right%n",
        refused + served, refused, served);
    assertTrue(refused > 0);
  }

  /** What must be found again. */
  private record Past(Boxes boxes, int acknowledged, String publicKey, String secret) {}

  /** A service with some past: tables and a log, a box of a few hundred messages. */
  private Past prepare() throws Exception {
    Server server = Server.start(folder);
    try (Talkers pair = new Talkers(server, 0, () -> 0)) {
      pair.start();
      for (int wanted : new int[] {50, 100}) {
        while (pair.acknowledged() < wanted) {
          Thread.sleep(10);
        }
        server.kill();
        server = server.again();
      }
      pair.stop();
      Past past =
          new Past(pair.boxes(), pair.acknowledged(), server.publicKey(), server.ready().secret());
      check(server, past);
      return past;
    } finally {
      server.stop();
      server.close();
    }
  }

  private static void check(Server server, Past past) throws Exception {
    assertEquals(past.publicKey, server.publicKey());
    Talkers.check(server, past.boxes, past.acknowledged);
    Phone.comeBy(server, past.publicKey, past.secret);
  }

  private List<Path> files() throws IOException {
    return Folders.tree(Server.data(folder)).stream()
        .filter(file -> Files.isRegularFile(file) && file.toFile().length() > 0)
        .toList();
  }

  private void flip(Path file, Past past, Random random) throws Exception {
    Path kept = folder.resolve("kept");
    Folders.copy(Server.data(folder), kept);
    byte[] bytes = Files.readAllBytes(file);
    int bit = random.nextInt(8 * bytes.length);
    bytes[bit / 8] ^= (byte) (1 << (bit % 8));
    Files.write(file, bytes);
    String what = "bit %d of %s".formatted(bit, file.getFileName());
    try {
      start(what, past);
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError(what, e);
    }
    Folders.delete(Server.data(folder));
    Files.move(kept, Server.data(folder));
  }

  private void start(String what, Past past) throws Exception {
    try (Server server = Server.start(folder)) {
      check(server, past);
      served++;
    } catch (Server.NotReady e) {
      assertEquals(1, e.exitCode, what);
      assertEquals(1, e.complaints.lines().count(), () -> what + ": " + e.complaints);
      assertFalse(e.complaints.contains("Exception"), () -> what + ": " + e.complaints);
      refused++;
    }
  }
}

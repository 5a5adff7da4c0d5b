package dev.starling.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What has been seen before is known over restarts. */
class ReplayFileTest {
  private static final long NOW = 1_790_000_000_000L;
  private static final Duration WINDOW = Duration.ofMinutes(20);

  @TempDir Path folder;

  private ReplayFile open(int max) throws IOException {
    return new ReplayFile(folder.resolve("hellos"), WINDOW, max);
  }

  private static byte[] digest(int seed) {
    byte[] bytes = new byte[32];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  @Test
  void aReplayIsToldAfterARestart() throws IOException {
    try (ReplayFile file = open(100)) {
      assertTrue(file.add(digest(1), NOW));
      assertFalse(file.add(digest(1), NOW + 1));
    }
    try (ReplayFile file = open(100)) {
      assertFalse(file.add(digest(1), NOW + 1000));
      assertTrue(file.add(digest(2), NOW + 1000));
    }
  }

  @Test
  void whatACrashLeftHalfHarmsNoOther() throws IOException {
    try (ReplayFile file = open(100)) {
      file.add(digest(1), NOW);
    }
    Files.write(folder.resolve("hellos"), new byte[7], StandardOpenOption.APPEND);
    try (ReplayFile file = open(100)) {
      assertFalse(file.add(digest(1), NOW));
      file.add(digest(2), NOW);
    }
    try (ReplayFile file = open(100)) {
      assertFalse(file.add(digest(2), NOW));
    }
  }

  @Test
  void theFilesStaySmall() throws IOException {
    try (ReplayFile file = open(10)) {
      for (int i = 0; i < 1000; i++) {
        assertTrue(file.add(digest(i), NOW + i));
      }
    }
    assertTrue(Files.size(folder.resolve("hellos")) <= 240);
    assertEquals(240, Files.size(folder.resolve("hellos.old")));
    try (ReplayFile file = open(10)) {
      for (int i = 991; i < 1000; i++) {
        assertFalse(file.add(digest(i), NOW + 1000), "hello " + i);
      }
    }
  }

  @Test
  void whatIsForgottenLeavesTheDiskToo() throws IOException {
    try (ReplayFile file = open(1000)) {
      file.add(digest(1), NOW);
      file.add(digest(2), NOW + WINDOW.toMillis() + 1);
      file.add(digest(3), NOW + 3 * WINDOW.toMillis());
    }
    assertEquals(24, Files.size(folder.resolve("hellos")));
    assertEquals(24, Files.size(folder.resolve("hellos.old")));
  }
}

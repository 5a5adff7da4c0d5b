package dev.starling.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One flipped bit in any file of a store is found or harmless: no row is ever wrong, or missing in
 * silence.
 */
class FlippedBitTest {
  /**
   * Kinds of files in which a flip must be found at least once, lest the test flip nothing that
   * matters.
   */
  private static final Set<String> TELLING = Set.of("log", "sst", "MANIFEST", "CURRENT");

  /** RocksDB's record: checksum 4 B, length 2 B little-endian, type 1 B, then the bytes. */
  private static final int LENGTH_OFFSET = 4;

  private static final int RECORD_HEADER_BYTES = 7;

  @TempDir Path folder;

  private final Set<String> found = new HashSet<>();

  @Test
  void afterACrash() throws IOException {
    flipEach(Images.crashed(folder), 5);
    assertEquals(TELLING, found);
  }

  @Test
  void afterAnOrderlyEnd() throws IOException {
    flipEach(Images.closed(folder), 5);
    assertEquals(Set.of("sst", "MANIFEST", "CURRENT"), found);
  }

  @Test
  @Tag("long")
  void everywhereAfterACrash() throws IOException {
    flipEach(Images.crashed(folder), 400);
  }

  @Test
  @Tag("long")
  void everywhereAfterAnOrderlyEnd() throws IOException {
    flipEach(Images.closed(folder), 400);
  }

  /** RocksDB takes a record that seems to run past the file's end for the torn end of a crash. */
  @Test
  void inTheLengthOfARecord() throws IOException {
    Path crashed = Images.crashed(folder);
    lengthenEach(crashed, only(crashed, ".*\\.log"), 10);
    lengthenEach(crashed, only(crashed, "MANIFEST.*"), 1);
  }

  /** Makes every so manieth record of a log, and the last, 32 KiB longer. */
  private void lengthenEach(Path image, Path log, int step) throws IOException {
    byte[] bytes = Files.readAllBytes(log);
    int count = 0;
    for (int record = 0; record < bytes.length; ) {
      int next = record + RECORD_HEADER_BYTES + length(bytes, record);
      if (++count % step == 0 || next == bytes.length) {
        Path damaged = damage(image, log, record + LENGTH_OFFSET + 1, 7);
        assertThrows(
            StoreException.Corrupt.class, () -> open(damaged), log.getFileName() + " at " + record);
        assertTrue(Files.exists(damaged.resolve(log.getFileName())), "what must be rescued stays");
        Images.delete(damaged);
      }
      record = next;
    }
    assertTrue(count > 1);
  }

  private static int length(byte[] log, int record) {
    return Byte.toUnsignedInt(log[record + LENGTH_OFFSET])
        | Byte.toUnsignedInt(log[record + LENGTH_OFFSET + 1]) << Byte.SIZE;
  }

  @Test
  void aTornEndIsNotDamage() throws IOException {
    Path image = Images.crashed(folder);
    Path log = only(image, ".*\\.log");
    byte[] bytes = Files.readAllBytes(log);
    for (int torn = 1; torn < RECORD_HEADER_BYTES + length(bytes, 0); torn += 5) {
      Path damaged = folder.resolve("damaged");
      Images.copy(image, damaged);
      try (RandomAccessFile file =
          new RandomAccessFile(damaged.resolve(log.getFileName()).toFile(), "rw")) {
        file.seek(file.length());
        file.write(bytes, 0, torn);
      }
      open(damaged);
      Images.delete(damaged);
    }
  }

  @Test
  void aCutThatTakesAnAcknowledgedCommitIsDamage() throws IOException {
    Path image = Images.crashed(folder);
    Path log = only(image, ".*\\.log");
    Path damaged = folder.resolve("damaged");
    Images.copy(image, damaged);
    try (RandomAccessFile file =
        new RandomAccessFile(damaged.resolve(log.getFileName()).toFile(), "rw")) {
      file.setLength(file.length() - 1);
    }
    var refused = assertThrows(StoreException.Corrupt.class, () -> open(damaged));
    assertEquals(
        damaged
            + " ends at commit 83, but 84 were acknowledged: its log or manifest is damaged;"
            + " restore a backup",
        refused.getMessage());
  }

  @Test
  void aMissingFileIsDamage() throws IOException {
    Path image = Images.crashed(folder);
    for (Path file : Images.files(image)) {
      String name = file.getFileName().toString();
      if (name.endsWith(".log")
          || name.endsWith(".sst")
          || name.matches("MANIFEST.*|CURRENT|MARK")) {
        Path damaged = folder.resolve("damaged");
        Images.copy(image, damaged);
        Files.delete(damaged.resolve(name));
        assertThrows(StoreException.Corrupt.class, () -> open(damaged), name);
        Images.delete(damaged);
      }
    }
  }

  private void flipEach(Path image, int samples) throws IOException {
    for (Path file : Images.files(image)) {
      long size = Files.size(file);
      long step = Math.max(1, size / samples);
      for (long offset = size % step; offset < size; offset += step) {
        Path damaged = damage(image, file, offset, (int) (offset % Byte.SIZE));
        try {
          open(damaged);
        } catch (StoreException _) {
          found.add(file.getFileName().toString().replaceAll("^\\d+\\.|-\\d+$", ""));
        } catch (AssertionError e) {
          throw new AssertionError(file.getFileName() + " at " + offset, e);
        }
        Images.delete(damaged);
      }
    }
  }

  private static void open(Path damaged) {
    try (Store store = RocksStore.open(damaged, RocksStoreTest.LIBRARIES)) {
      Images.check(store);
    }
  }

  private Path damage(Path image, Path file, long offset, int bit) throws IOException {
    Path damaged = folder.resolve("damaged");
    Images.copy(image, damaged);
    try (RandomAccessFile bytes =
        new RandomAccessFile(damaged.resolve(file.getFileName()).toFile(), "rw")) {
      bytes.seek(offset);
      int old = bytes.read();
      bytes.seek(offset);
      bytes.write(old ^ 1 << bit);
    }
    return damaged;
  }

  private static Path only(Path image, String pattern) throws IOException {
    var found =
        Images.files(image).stream()
            .filter(file -> file.getFileName().toString().matches(pattern))
            .toList();
    assertEquals(1, found.size());
    return found.getFirst();
  }
}

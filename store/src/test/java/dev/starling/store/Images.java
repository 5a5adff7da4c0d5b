package dev.starling.store;

import static dev.starling.store.Text.bytes;
import static dev.starling.store.Text.text;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Folders of a store as a disk would hold them, to be damaged. */
final class Images {
  private static final Partition ALICE = Partition.of("account", 1);
  private static final Partition BOB = Partition.of("account", 2);

  /** Rows in each half of a store's history. */
  static final int HALF = 40;

  private Images() {}

  /**
   * A store with two crashes behind it: rows of the first half in a table made when the log was
   * replayed, rows of the second half in the log only.
   */
  static Path crashed(Path folder) throws IOException {
    Path live = folder.resolve("live");
    Path once = folder.resolve("once");
    try (Store store = RocksStore.open(live, RocksStoreTest.LIBRARIES)) {
      write(store, 0);
      copy(live, once);
    }
    Path twice = folder.resolve("crashed");
    try (Store store = RocksStore.open(once, RocksStoreTest.LIBRARIES)) {
      write(store, HALF);
      copy(once, twice);
    }
    return twice;
  }

  /** The same store after an orderly end. */
  static Path closed(Path folder) throws IOException {
    Path closed = folder.resolve("closed");
    copy(crashed(folder), closed);
    RocksStore.open(closed, RocksStoreTest.LIBRARIES).close();
    return closed;
  }

  /** One commit for each row, each acknowledged. */
  private static void write(Store store, int from) {
    Lease alice = store.acquire(ALICE);
    Lease bob = store.acquire(BOB);
    for (int i = from; i < from + HALF; i++) {
      store.commit(new Batch().put(alice, key(i), value(i)).put(bob, key(i), value(i)));
    }
  }

  /** Every acknowledged row is there and right, by key and in a scan. */
  static void check(Store store) {
    for (Partition partition : List.of(ALICE, BOB)) {
      List<Row> expected = new ArrayList<>();
      for (int i = 0; i < 2 * HALF; i++) {
        expected.add(new Row(key(i), value(i)));
        assertEquals(text(value(i)), text(store.get(partition, key(i))));
      }
      assertEquals(
          text(expected),
          text(store.scan(partition, bytes(""), null, Order.ASCENDING, Store.SCAN_ROWS_MAX)));
    }
  }

  private static byte[] key(int i) {
    return bytes("%03d".formatted(i));
  }

  private static byte[] value(int i) {
    return bytes(
        "value %d of a length that is not always the same %s".formatted(i, "x".repeat(i % 30)));
  }

  static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    for (Path file : files(from)) {
      Files.copy(file, to.resolve(file.getFileName()));
    }
  }

  static void delete(Path folder) throws IOException {
    for (Path file : files(folder)) {
      Files.delete(file);
    }
    Files.delete(folder);
  }

  static List<Path> files(Path folder) throws IOException {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
      all.forEach(files::add);
    }
    files.sort(null);
    return files;
  }
}

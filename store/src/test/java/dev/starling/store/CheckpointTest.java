package dev.starling.store;

import static dev.starling.store.Text.bytes;
import static dev.starling.store.Text.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A copy of a store in use is a store, with every batch whole. */
class CheckpointTest {
  private static final int WRITERS = 8;

  @TempDir Path folder;

  private RocksStore open(String name) {
    return RocksStore.open(folder.resolve(name), RocksStoreTest.LIBRARIES);
  }

  private static Partition left(int writer) {
    return Partition.of("left", writer);
  }

  private static Partition right(int writer) {
    return Partition.of("right", writer);
  }

  @Test
  void whatWasCommittedBeforeIsInItAndNoBatchInPart() throws Exception {
    List<AtomicInteger> acknowledged = new ArrayList<>();
    AtomicBoolean over = new AtomicBoolean();
    try (RocksStore store = open("live")) {
      List<Thread> threads =
          IntStream.range(0, WRITERS)
              .mapToObj(
                  writer -> {
                    AtomicInteger count = new AtomicInteger();
                    acknowledged.add(count);
                    return Thread.startVirtualThread(() -> write(store, writer, count, over));
                  })
              .toList();
      for (int copy = 0; copy < 4; copy++) {
        while (acknowledged.stream().anyMatch(count -> count.get() == 0)) {
          Thread.onSpinWait();
        }
        int[] before = acknowledged.stream().mapToInt(AtomicInteger::get).toArray();
        store.checkpoint(folder.resolve("copy" + copy));
        try (RocksStore copied = open("copy" + copy)) {
          check(copied, before);
        }
      }
      over.set(true);
      for (Thread thread : threads) {
        thread.join();
      }
    }
  }

  private static void write(Store store, int writer, AtomicInteger count, AtomicBoolean over) {
    Lease left = store.acquire(left(writer));
    Lease right = store.acquire(right(writer));
    for (int n = 1; !over.get(); n++) {
      byte[] value = bytes(n + " " + "x".repeat(2_000));
      store.commit(new Batch().put(left, bytes("n"), value).put(right, bytes("n"), value));
      count.set(n);
    }
  }

  private static void check(Store copied, int[] before) {
    for (int writer = 0; writer < WRITERS; writer++) {
      String left = text(copied.get(left(writer), bytes("n")));
      assertEquals(left, text(copied.get(right(writer), bytes("n"))));
      assertTrue(Integer.parseInt(left.split(" ", 2)[0]) >= before[writer]);
    }
  }

  @Test
  void damageShowsBeforeThereIsACopyToTrust() throws Exception {
    Path closed = Images.closed(folder);
    Path table =
        Images.files(closed).stream()
            .filter(file -> file.toString().endsWith(".sst"))
            .findFirst()
            .orElseThrow();
    try (RocksStore store = open("closed")) {
      try (RandomAccessFile file = new RandomAccessFile(table.toFile(), "rw")) {
        file.seek(20);
        int old = file.read();
        file.seek(20);
        file.write(old ^ 1);
      }
      assertThrows(
          StoreException.Corrupt.class, () -> store.checkpoint(folder.resolve("damaged-copy")));
    }
  }
}

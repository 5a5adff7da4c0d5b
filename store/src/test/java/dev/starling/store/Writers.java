package dev.starling.store;

import static dev.starling.store.Text.bytes;
import static dev.starling.store.Text.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * A process that is there to be killed: writers that each append rows to their log, and print
 * {@code writer n} once row n is acknowledged. Each commit also counts in a second partition.
 */
final class Writers {
  static final int WRITERS = 16;

  /** Long enough that tables are written, and logs deleted, while it runs. */
  private static final int VALUE_BYTES_MAX = 40_000;

  private Writers() {}

  public static void main(String[] arguments) throws InterruptedException {
    Store store = open(Path.of(arguments[0]));
    List<Thread> threads =
        IntStream.range(0, WRITERS)
            .mapToObj(writer -> Thread.startVirtualThread(() -> write(store, writer)))
            .toList();
    for (Thread thread : threads) {
      thread.join();
    }
  }

  static Store open(Path folder) {
    return SealedStoreTest.seal(RocksStore.open(folder, RocksStoreTest.LIBRARIES));
  }

  private static void write(Store store, int writer) {
    Lease log = store.acquire(Partition.of("log", writer));
    Lease count = store.acquire(Partition.of("count", writer));
    for (int n = count(store, writer) + 1; ; n++) {
      Batch batch = new Batch().put(log, key(n), value(writer, n));
      store.commit(batch.put(count, bytes("n"), bytes("" + n)));
      System.out.println(writer + " " + n);
    }
  }

  /** All that was acknowledged is there, and each commit is there whole or not at all. */
  static void check(Store store, int[] acknowledged) {
    for (int writer = 0; writer < WRITERS; writer++) {
      int count = count(store, writer);
      assertTrue(
          count >= acknowledged[writer], "writer " + writer + " lost " + acknowledged[writer]);
      Partition log = Partition.of("log", writer);
      for (int n = 1; n <= count; n++) {
        assertEquals(text(value(writer, n)), text(store.get(log, key(n))));
      }
      assertEquals("", text(store.scan(log, key(count + 1), null, Order.ASCENDING, 1)));
    }
  }

  private static int count(Store store, int writer) {
    byte[] found = store.get(Partition.of("count", writer), bytes("n"));
    return found == null ? 0 : Integer.parseInt(text(found));
  }

  private static byte[] key(int n) {
    return bytes("%09d".formatted(n));
  }

  private static byte[] value(int writer, int n) {
    Random random = new Random(writer * 1_000_003L + n);
    byte[] value = new byte[random.nextInt(VALUE_BYTES_MAX)];
    random.nextBytes(value);
    return value;
  }
}

package dev.starling.store;

import static dev.starling.store.Text.bytes;
import static dev.starling.store.Text.text;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tuple;

/** Any history of steps leaves each store as it leaves sorted maps. */
class StoreModelTest {
  /** A step; a store answers it as the model does. */
  sealed interface Step {
    record Acquire(int partition) implements Step {}

    /** Writes keys to several partitions, with leases of which some are stale. */
    record Commit(List<Change> changes) implements Step {}

    record Scan(int partition, String from, String to, Order order, int limit) implements Step {}

    /** Closes the store and opens it again. */
    record Restart() implements Step {}
  }

  record Change(int partition, String key, String value) {}

  private static final List<Partition> PARTITIONS =
      List.of(new Partition("a"), new Partition("a/1"), new Partition("a/12"));

  private final Map<Integer, NavigableMap<String, String>> model = new HashMap<>();
  private final Map<Integer, Lease> leases = new HashMap<>();

  @Property(tries = 300)
  void inMemory(@ForAll("histories") List<Step> history) {
    Store memory = new MemoryStore();
    run(history, memory, () -> memory);
  }

  @Property(tries = 25, shrinking = ShrinkingMode.BOUNDED)
  void onDisk(@ForAll("histories") List<Step> history) throws IOException {
    Path folder = Files.createTempDirectory("model");
    Opening opening = () -> SealedStoreTest.seal(RocksStore.open(folder, RocksStoreTest.LIBRARIES));
    run(history, opening.open(), opening);
    Images.delete(folder);
  }

  interface Opening {
    Store open();
  }

  private void run(List<Step> history, Store first, Opening again) {
    model.clear();
    leases.clear();
    Store store = first;
    for (Step step : history) {
      switch (step) {
        case Step.Acquire(int partition) ->
            leases.put(partition, store.acquire(PARTITIONS.get(partition)));
        case Step.Commit(List<Change> changes) -> commit(store, changes);
        case Step.Scan scan ->
            assertEquals(expected(scan), text(scan(store, scan)), scan.toString());
        case Step.Restart _ -> {
          if (!(store instanceof MemoryStore)) {
            store.close();
          }
          store = again.open();
        }
      }
    }
    for (int partition = 0; partition < PARTITIONS.size(); partition++) {
      Step.Scan all = new Step.Scan(partition, "", "~", Order.ASCENDING, 100);
      assertEquals(expected(all), text(scan(store, all)));
    }
    store.close();
  }

  private void commit(Store store, List<Change> changes) {
    Batch batch = new Batch();
    boolean stale = false;
    for (Change change : changes) {
      Lease lease =
          leases.getOrDefault(change.partition, new Lease(PARTITIONS.get(change.partition), 99));
      stale |= lease.epoch() == 99;
      if (change.value.isEmpty()) {
        batch.delete(lease, bytes(change.key));
      } else {
        batch.put(lease, bytes(change.key), bytes(change.value));
      }
    }
    try {
      store.commit(batch);
      assertEquals(false, stale);
    } catch (StoreException.Fenced _) {
      assertEquals(true, stale);
      return;
    }
    for (Change change : changes) {
      if (change.value.isEmpty()) {
        rows(change.partition).remove(change.key);
      } else {
        rows(change.partition).put(change.key, change.value);
      }
    }
  }

  private NavigableMap<String, String> rows(int partition) {
    return model.computeIfAbsent(partition, _ -> new TreeMap<>());
  }

  private static List<Row> scan(Store store, Step.Scan scan) {
    return store.scan(
        PARTITIONS.get(scan.partition), bytes(scan.from), bytes(scan.to), scan.order, scan.limit);
  }

  private String expected(Step.Scan scan) {
    List<String> found = new ArrayList<>();
    rows(scan.partition)
        .forEach(
            (key, value) -> {
              if (key.compareTo(scan.from) >= 0 && key.compareTo(scan.to) < 0) {
                found.add(key + "=" + value);
              }
            });
    List<String> ordered = scan.order == Order.ASCENDING ? found : found.reversed();
    return String.join(" ", ordered.subList(0, Math.min(scan.limit, ordered.size())));
  }

  @Provide
  Arbitrary<List<Step>> histories() {
    Arbitrary<Integer> partition = Arbitraries.integers().between(0, PARTITIONS.size() - 1);
    Arbitrary<String> key =
        Arbitraries.strings().withChars("ab\u00ff").ofMinLength(1).ofMaxLength(3);
    Arbitrary<String> bound = Arbitraries.strings().withChars("ab\u00ff").ofMaxLength(3);
    Arbitrary<String> value = Arbitraries.strings().withChars("xyz").ofMaxLength(2);
    Arbitrary<Step> commit =
        Combinators.combine(partition, key, value)
            .as(Change::new)
            .list()
            .ofMinSize(1)
            .ofMaxSize(6)
            .map(Step.Commit::new);
    Arbitrary<Step> scan =
        Combinators.combine(
                partition,
                bound,
                bound,
                Arbitraries.of(Order.class),
                Arbitraries.integers().between(1, 5))
            .as(Step.Scan::new);
    return Arbitraries.frequencyOf(
            Tuple.of(2, partition.map(Step.Acquire::new)),
            Tuple.of(8, commit),
            Tuple.of(4, scan),
            Tuple.of(1, Arbitraries.create(Step.Restart::new)))
        .list()
        .ofMinSize(5)
        .ofMaxSize(40);
  }
}

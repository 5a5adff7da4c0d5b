package dev.starling.store;

import static dev.starling.store.Text.bytes;
import static dev.starling.store.Text.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.starling.store.RawStore.Placed;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every row ends under the newest key, none is lost or taken back, whoever writes or dies. */
class KeyRotationTest {
  /** Several steps of a walk. */
  private static final int ROWS = 300;

  @TempDir Path folder;

  /** What is thrown where the process is to die. */
  private static final class Killed extends Error {
    private static final long serialVersionUID = 1;
  }

  /** One life of a process over rows and a key file that outlive it. */
  private final class Life {
    final FileKeyRing ring =
        FileKeyRing.openOrCreate(folder.resolve("keys"), folder.resolve("none"), new Random(1));
    final SealedStore sealed;
    final KeyRotation rotation;

    Life(RawStore raw, KeyRotation.Pause pause) {
      sealed = new SealedStore(raw, ring, new Random());
      rotation = new KeyRotation(raw, sealed, ring, pause);
    }

    Life(RawStore raw) {
      this(raw, _ -> {});
    }

    void finish() throws InterruptedException {
      while (ring.epochs().size() > 1) {
        assertFalse(rotation.walk());
      }
    }
  }

  private static Partition partition(int i) {
    return Partition.of("account", i % 7);
  }

  private static void fill(Store sealed) {
    List<Lease> leases = IntStream.range(0, 7).mapToObj(i -> sealed.acquire(partition(i))).toList();
    for (int i = 0; i < ROWS; i++) {
      sealed.commit(new Batch().put(leases.get(i % 7), bytes("row" + i), bytes("value " + i)));
    }
  }

  private static void check(Store sealed) {
    for (int i = 0; i < ROWS; i++) {
      assertEquals("value " + i, text(sealed.get(partition(i), bytes("row" + i))));
    }
  }

  /** The epochs that rows are sealed with. */
  private static Set<Integer> epochs(RawStore raw) {
    Set<Integer> epochs = new TreeSet<>();
    for (Placed placed : raw.walk(new byte[0], 100_000, 1 << 30)) {
      epochs.add(SealedStore.epoch(placed.row().value()));
    }
    return epochs;
  }

  @Test
  void olderKeysAreForgottenWhenNoRowNeedsThem() throws Exception {
    RawStore raw = new MemoryStore();
    Life life = new Life(raw);
    fill(life.sealed);
    byte[] index = life.ring.index("phone", bytes("888"));
    life.rotation.rotate(new Random(2));
    assertEquals(Set.of(1, 2), life.ring.epochs());
    check(life.sealed);
    assertEquals(List.of(1), life.rotation.progress().older());
    assertFalse(life.rotation.walk());
    assertEquals(Set.of(1, 2), life.ring.epochs(), "a walk that found work proves nothing");
    assertEquals(ROWS, life.rotation.progress().resealed());
    life.finish();
    assertEquals(Set.of(2), life.ring.epochs());
    assertEquals(Set.of(2), epochs(raw));
    assertEquals(List.of(), life.rotation.progress().older());
    check(new Life(raw).sealed);
    assertEquals(text(index), text(new Life(raw).ring.index("phone", bytes("888"))));
  }

  @Test
  void aKeyThatComesDuringAWalkBeginsItAnew() throws Exception {
    RawStore raw = new MemoryStore();
    fill(new Life(raw).sealed);
    AtomicInteger steps = new AtomicInteger();
    List<Life> self = new ArrayList<>();
    Life life =
        new Life(
            raw,
            _ -> {
              if (steps.incrementAndGet() == 2) {
                self.getFirst().rotation.rotate(new Random(3));
              }
            });
    self.add(life);
    life.rotation.rotate(new Random(2));
    life.finish();
    assertEquals(Set.of(3), life.ring.epochs());
    assertEquals(Set.of(3), epochs(raw));
    check(life.sealed);
  }

  @Test
  void aDamagedRowKeepsItsKey() throws Exception {
    RawStore raw = new MemoryStore();
    Life life = new Life(raw);
    fill(life.sealed);
    byte[] row = java.util.Objects.requireNonNull(raw.get(partition(3), bytes("row3")));
    row[row.length - 1] ^= 1;
    raw.commit(new Batch(99).put(raw.acquire(partition(3)), bytes("row3"), row));
    life.rotation.rotate(new Random(2));
    for (int walks = 0; !life.rotation.walk(); walks++) {
      assertTrue(walks < 3);
    }
    assertEquals(Set.of(1, 2), life.ring.epochs());
    assertEquals(
        "1 rows are damaged, so the older keys are kept: restore a backup",
        life.rotation.progress().trouble());
    assertEquals("value 4", text(life.sealed.get(partition(4), bytes("row4"))));
  }

  @Test
  void keysOfAnotherTimeAreRefusedAtTheStart() throws Exception {
    RawStore raw = new MemoryStore();
    fill(new Life(raw).sealed);
    Path keys = folder.resolve("keys");
    byte[] before = java.nio.file.Files.readAllBytes(keys);
    Life life = new Life(raw);
    life.rotation.rotate(new Random(2));
    byte[] both = java.nio.file.Files.readAllBytes(keys);
    java.nio.file.Files.write(keys, before);
    assertThrows(StoreException.Corrupt.class, () -> new Life(raw));
    java.nio.file.Files.write(keys, both);
    check(new Life(raw).sealed);
  }

  @Test
  void itDiesAnywhereInMemory() throws Exception {
    diesAnywhere(new MemoryStore(), 1);
  }

  @Test
  void itDiesAnywhereOnDisk() throws Exception {
    try (RawStore raw = RocksStore.open(folder.resolve("store"), RocksStoreTest.LIBRARIES)) {
      diesAnywhere(raw, 5);
    }
  }

  /** Each rotation dies before or after another change than the last, and a new life ends it. */
  private void diesAnywhere(RawStore raw, int step) throws Exception {
    fill(new Life(raw).sealed);
    for (int change = 0; ; change += step) {
      boolean died = false;
      try {
        Life life = new Life(mortal(raw, change));
        life.rotation.rotate(new Random(change));
        life.finish();
      } catch (Killed _) {
        died = true;
      }
      Life next = new Life(raw);
      check(next.sealed);
      next.finish();
      assertEquals(1, next.ring.epochs().size());
      assertEquals(next.ring.epochs(), epochs(raw));
      check(next.sealed);
      if (!died) {
        assertTrue(change > 12, "a rotation makes more changes than that");
        return;
      }
    }
  }

  /** The store of a process that dies: even changes are not made, odd ones are the last. */
  private static RawStore mortal(RawStore raw, int lastChange) {
    AtomicInteger changes = new AtomicInteger();
    return (RawStore)
        Proxy.newProxyInstance(
            RawStore.class.getClassLoader(),
            new Class<?>[] {RawStore.class},
            (_, method, arguments) -> {
              boolean change = Set.of("acquire", "commit", "replace").contains(method.getName());
              int number = change ? changes.incrementAndGet() : 0;
              if (number * 2 - 1 > lastChange) {
                throw new Killed();
              }
              Object answer = method.invoke(raw, arguments);
              if (number * 2 > lastChange) {
                throw new Killed();
              }
              return answer;
            });
  }

  @Test
  void writersGoOnMeanwhile() throws Exception {
    rotateUnderLoad(3);
  }

  @Test
  @Tag("long")
  void writersGoOnThroughManyRotations() throws Exception {
    rotateUnderLoad(60);
  }

  /** Each writer reads its counter, adds one, and would see if anything took that back. */
  private void rotateUnderLoad(int rotations) throws Exception {
    try (RawStore raw = RocksStore.open(folder.resolve("store"), RocksStoreTest.LIBRARIES)) {
      Life life = new Life(raw);
      fill(life.sealed);
      List<Counter> counters = IntStream.range(0, 8).mapToObj(i -> new Counter(life, i)).toList();
      for (int i = 0; i < rotations; i++) {
        life.rotation.rotate(new Random(i));
        life.finish();
      }
      for (Counter counter : counters) {
        counter.stop();
      }
      assertEquals(Set.of(rotations + 1), life.ring.epochs());
      assertEquals(Set.of(rotations + 1), epochs(raw));
      check(life.sealed);
    }
  }

  /** A partition whose owner reads and adds one. */
  private static final class Counter {
    private final Thread thread;
    private volatile boolean over;
    private volatile boolean wrong;

    Counter(Life life, int number) {
      Partition mine = Partition.of("counter", number);
      Lease lease = life.sealed.acquire(mine);
      thread =
          Thread.startVirtualThread(
              () -> {
                wrong = true;
                String expected = "-";
                for (int count = 1; !over; count++) {
                  if (!text(life.sealed.get(mine, bytes("n"))).equals(expected)) {
                    return;
                  }
                  expected = "" + count;
                  life.sealed.commit(new Batch().put(lease, bytes("n"), bytes(expected)));
                }
                wrong = false;
              });
    }

    void stop() throws InterruptedException {
      over = true;
      thread.join(Duration.ofSeconds(60));
      assertFalse(wrong, "a count was taken back, or a row could not be read");
    }
  }
}

package dev.starling.store;

import static dev.starling.store.Text.bytes;
import static dev.starling.store.Text.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.starling.store.RawStore.Placed;
import dev.starling.store.RawStore.Replacement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** What every {@link RawStore} does besides. */
interface RawStoreContract extends StoreContract {
  @Override
  RawStore store();

  private List<String> walk(int rows, int bytes) {
    List<String> seen = new ArrayList<>();
    byte[] at = {};
    while (true) {
      List<Placed> page = store().walk(at, rows, bytes);
      if (page.isEmpty()) {
        return seen;
      }
      assertTrue(page.size() <= rows);
      for (Placed placed : page) {
        seen.add(placed.partition().name() + " " + text(List.of(placed.row())));
      }
      at = page.getLast().position();
    }
  }

  @Test
  default void aWalkMeetsEveryRowOnce() {
    assertEquals(List.of(), walk(3, 100));
    Lease alice = store().acquire(ALICE);
    Lease bob = store().acquire(BOB);
    Lease short_ = store().acquire(new Partition("z"));
    store()
        .commit(
            new Batch()
                .put(bob, bytes("\u00ff"), bytes("4"))
                .put(alice, bytes("a"), bytes("2"))
                .put(alice, bytes("ab"), bytes("3"))
                .put(short_, bytes("a"), bytes("1")));
    List<String> all = List.of("z a=1", "account/1 a=2", "account/1 ab=3", "account/12 \u00ff=4");
    assertEquals(all, walk(3, 100));
    assertEquals(all, walk(100, 1));
    assertEquals(all, walk(100, 100));
  }

  @Test
  default void onlyWhatIsUnchangedIsReplaced() {
    Lease alice = store().acquire(ALICE);
    store()
        .commit(
            new Batch()
                .put(alice, bytes("a"), bytes("1"))
                .put(alice, bytes("b"), bytes("1"))
                .put(alice, bytes("c"), bytes("1")));
    store().commit(new Batch().put(alice, bytes("b"), bytes("2")).delete(alice, bytes("c")));
    store()
        .replace(
            List.of(
                new Replacement(ALICE, bytes("a"), bytes("1"), bytes("new")),
                new Replacement(ALICE, bytes("b"), bytes("1"), bytes("new")),
                new Replacement(ALICE, bytes("c"), bytes("1"), bytes("new"))));
    assertEquals("a=new b=2", text(store().scan(ALICE, bytes(""), null, Order.ASCENDING, 9)));
    store().commit(new Batch().put(alice, bytes("a"), bytes("3"))); // the lease still holds
  }

  /** The owner counts up; whoever replaces the row by itself never takes a count back. */
  @Test
  default void aReplacementNeverUndoesACommit() throws Exception {
    Lease alice = store().acquire(ALICE);
    store().commit(new Batch().put(alice, bytes("n"), bytes("0")));
    AtomicBoolean over = new AtomicBoolean();
    Thread replacing =
        Thread.ofVirtual()
            .start(
                () -> {
                  while (!over.get()) {
                    byte[] seen = java.util.Objects.requireNonNull(store().get(ALICE, bytes("n")));
                    store().replace(List.of(new Replacement(ALICE, bytes("n"), seen, seen)));
                  }
                });
    for (int i = 1; i <= 500; i++) {
      assertEquals("" + (i - 1), text(store().get(ALICE, bytes("n"))));
      store().commit(new Batch().put(alice, bytes("n"), bytes("" + i)));
    }
    over.set(true);
    replacing.join();
    assertEquals("500", text(store().get(ALICE, bytes("n"))));
  }
}

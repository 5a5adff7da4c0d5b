package dev.starling.messenger;

import dev.starling.store.Batch;
import dev.starling.store.Store;
import dev.starling.store.StoreException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The mailboxes that this node owns. A step holds the locks of the one or two boxes that it changes
 * while the store syncs, so what a session is told is already durable and comes in the order of
 * pts; steps on other boxes meanwhile join the same group commit.
 */
final class Mailboxes {
  /** Boxes kept in memory; about 1 KB each with a handful of dialogs. */
  static final int CACHED_MAX = 100_000;

  private final Store store;
  private final Object[] stripes = Stream.generate(Object::new).limit(64).toArray();
  private final Map<Long, Mailbox> open = new LinkedHashMap<>(16, 0.75f, true);

  Mailboxes(Store store) {
    this.store = store;
  }

  /** Runs a step that owns the box of account {@code id}. */
  <T> T with(long id, Function<Mailbox, T> step) {
    while (true) {
      Mailbox box = open(id);
      box.lock.lock();
      try {
        if (!box.closed) {
          return step.apply(box);
        }
      } finally {
        box.lock.unlock();
      }
    }
  }

  /**
   * Runs a step that owns two boxes; locks are taken in the order of ids, so that two such steps
   * never wait in a ring.
   */
  <T> T with(long first, long second, BiFunction<Mailbox, Mailbox, T> step) {
    if (first == second) {
      throw new IllegalArgumentException("one box is not two");
    }
    return first < second
        ? with(first, a -> with(second, b -> step.apply(a, b)))
        : with(second, b -> with(first, a -> step.apply(a, b)));
  }

  /**
   * Makes the drafts durable, all or none, and only then visible.
   *
   * @throws StoreException if the store did not say that it is durable; it may be all the same, so
   *     the boxes leave memory and the next step reads what became of it
   */
  void commit(Draft... drafts) {
    Batch batch = new Batch();
    for (Draft draft : drafts) {
      if (!draft.mailbox().ownerless) {
        draft.writeTo(batch);
      }
    }
    try {
      store.commit(batch);
    } catch (StoreException e) {
      for (Draft draft : drafts) {
        forget(draft.mailbox());
      }
      throw e;
    }
    for (Draft draft : drafts) {
      if (!draft.mailbox().ownerless) {
        draft.adopt();
      }
    }
  }

  /** The box if it is in memory, not held: a moment's view of what may be read so. */
  @Nullable Mailbox peek(long id) {
    synchronized (open) {
      return open.get(id);
    }
  }

  /** The box is read anew by the next step; the caller holds its lock. */
  void forget(Mailbox mailbox) {
    mailbox.closed = true;
    synchronized (open) {
      open.remove(mailbox.id, mailbox);
    }
  }

  private Mailbox open(long id) {
    synchronized (open) {
      Mailbox known = open.get(id);
      if (known != null) {
        return known;
      }
    }
    // Two threads may open one box at once: acquiring fences the slower one's lease, so only one
    // may be kept. The open
    // therefore happens under a lock of its own, which no step holds.
    synchronized (opening(id)) {
      synchronized (open) {
        Mailbox known = open.get(id);
        if (known != null) {
          return known;
        }
      }
      Mailbox box;
      try {
        box = Mailbox.open(id, store);
      } catch (StoreException.Full | StoreException.Unavailable _) {
        return Mailbox.openToRead(id, store); // for this step only
      }
      synchronized (open) {
        open.put(id, box);
        evictEldest();
      }
      return box;
    }
  }

  private Object opening(long id) {
    return stripes[Long.hashCode(id) & 63];
  }

  private void evictEldest() {
    if (open.size() <= CACHED_MAX) {
      return;
    }
    Mailbox eldest = open.values().iterator().next();
    // A box in use stays: its lock is held. The next opening tries again.
    if (!eldest.lock.isHeldByCurrentThread() && eldest.lock.tryLock()) {
      try {
        forget(eldest);
      } finally {
        eldest.lock.unlock();
      }
    }
  }
}

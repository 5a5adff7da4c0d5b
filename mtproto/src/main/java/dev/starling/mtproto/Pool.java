package dev.starling.mtproto;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;

/**
 * A few ciphers or digests kept for the next message, as looking one up among the JDK's providers
 * costs as much as using it. Virtual threads come and go, so they are not kept by thread: whoever
 * finds a slot empty makes one. One that failed in use is not given back.
 */
final class Pool<T> {
  /** More than cores that compute at once. */
  private static final int SLOTS = 16;

  private final AtomicReferenceArray<T> slots = new AtomicReferenceArray<>(SLOTS);
  private final Supplier<T> maker;

  Pool(Supplier<T> maker) {
    this.maker = maker;
  }

  T take() {
    T kept = slots.getAndSet(slot(), null);
    return kept != null ? kept : maker.get();
  }

  void give(T used) {
    slots.lazySet(slot(), used);
  }

  private static int slot() {
    return (int) (Thread.currentThread().threadId() % SLOTS);
  }
}

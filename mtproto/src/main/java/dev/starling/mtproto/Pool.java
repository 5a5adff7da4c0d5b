package dev.starling.mtproto;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;

/**
 * A few ciphers or digests kept for the next message, as looking one up among the JDK's providers
 * costs as much as using it. Nobody waits while he has one, so there are never more than cores that
 * compute at once. One that failed in use is not given back.
 */
final class Pool<T> {
  private final Queue<T> idle = new ConcurrentLinkedQueue<>();
  private final Supplier<T> maker;

  Pool(Supplier<T> maker) {
    this.maker = maker;
  }

  T take() {
    T kept = idle.poll();
    return kept != null ? kept : maker.get();
  }

  void give(T used) {
    idle.add(used);
  }
}

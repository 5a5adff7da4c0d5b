package dev.starling.tl;

import org.jspecify.annotations.Nullable;

/**
 * A map from constructor ids, asked for every object on the wire: no boxing, and since ids are
 * checksums they hash to themselves.
 */
final class ById<T> {
  private final int[] ids;
  private final @Nullable Object[] values;
  private final int mask;

  /**
   * @param capacity the most entries that will be put
   */
  ById(int capacity) {
    int slots = Integer.highestOneBit(capacity * 2 + 1) * 2;
    ids = new int[slots];
    values = new @Nullable Object[slots];
    mask = slots - 1;
  }

  /** Adds an entry; the first of the same id stays. */
  void putIfAbsent(int id, T value) {
    int at = id & mask;
    while (values[at] != null && ids[at] != id) {
      at = at + 1 & mask;
    }
    if (values[at] == null) {
      ids[at] = id;
      values[at] = value;
    }
  }

  @SuppressWarnings("unchecked") // only a T is ever put
  @Nullable T get(int id) {
    for (int at = id & mask; values[at] != null; at = at + 1 & mask) {
      if (ids[at] == id) {
        return (T) values[at];
      }
    }
    return null;
  }
}

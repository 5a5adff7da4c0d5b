package dev.starling.client;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Brings numbered updates into their order (core.telegram.org/api/updates#update-handling). Those
 * that come too early wait until what is missing arrives or a difference makes up for it.
 *
 * <p>Not thread-safe.
 */
final class PtsOrder<T> {
  /** A gap that more updates than this wait behind is not closed by waiting. */
  static final int WAITING_MAX = 1000;

  private record Waiting<T>(int count, T update) {}

  private final TreeMap<Integer, Waiting<T>> waiting = new TreeMap<>(); // by pts
  private final Consumer<T> apply;
  private int pts;

  PtsOrder(int pts, Consumer<T> apply) {
    this.pts = pts;
    this.apply = apply;
  }

  int pts() {
    return pts;
  }

  /** Whether updates wait for earlier ones. */
  boolean hasGap() {
    return !waiting.isEmpty();
  }

  /**
   * Takes an update and applies whatever is due.
   *
   * @param count how many events it stands for: it leads from {@code pts - count} to {@code pts}
   */
  void offer(int pts, int count, T update) {
    // "local_pts + pts_count == pts: the update can be applied."
    if (this.pts + count == pts) {
      this.pts = pts;
      apply.accept(update);
      applyWaiting();
      // "local_pts + pts_count > pts: the update was already applied"; "< pts: there's a gap".
    } else if (pts > this.pts) {
      waiting.put(pts, new Waiting<>(count, update));
      if (waiting.size() > WAITING_MAX) {
        waiting.pollLastEntry(); // the difference will tell it
      }
    }
  }

  /** A difference has told everything up to {@code pts}. */
  void reach(int pts) {
    this.pts = pts;
    applyWaiting();
  }

  private void applyWaiting() {
    waiting.headMap(pts, true).clear();
    for (Map.Entry<Integer, Waiting<T>> first = waiting.firstEntry();
        first != null && pts + first.getValue().count == first.getKey();
        first = waiting.firstEntry()) {
      waiting.pollFirstEntry();
      pts = first.getKey();
      apply.accept(first.getValue().update);
    }
  }
}

package dev.starling.messenger;

import dev.starling.messenger.Indexes.Place;
import dev.starling.mtproto.Env;
import dev.starling.store.Batch;
import dev.starling.store.Order;
import dev.starling.store.Partition;
import dev.starling.store.Row;
import dev.starling.store.Store;
import dev.starling.tl.row.LimitRow;
import java.util.List;
import java.util.stream.Stream;

/**
 * Who did how much of what is limited. Each {@link Limit} counts in a window that slides, so the
 * seconds to wait are true; the counts are rows, so a restart forgives nobody. Rows name their
 * subject by HMAC only: they tell no reader of the disk whose code was tried.
 */
final class Limits {
  private static final String INDEX = "limits";

  /** Rows looked at in one sweep. */
  private static final int SWEPT_ROWS = 500;

  private final Store store;
  private final Indexes indexes;
  private final MessengerSettings settings;
  private final Env env;
  private final Object[] stripes = Stream.generate(Object::new).limit(64).toArray();
  private byte[] next = new byte[0];
  private int swept;

  Limits(Store store, Indexes indexes, MessengerSettings settings, Env env) {
    this.store = store;
    this.indexes = indexes;
    this.settings = settings;
    this.env = env;
  }

  /** Counts one more; answers 0, or the seconds after which it may be tried again. */
  int spend(Limit limit, long subject) {
    return spend(limit, Long.toString(subject), 1);
  }

  /** Counts one more; answers 0, or the seconds after which it may be tried again. */
  int spend(Limit limit, String subject) {
    return spend(limit, subject, 1);
  }

  /**
   * Counts {@code count} at once, if the first of them is within the limit: a call that does many
   * things is not done in part.
   */
  int spend(Limit limit, String subject, int count) {
    Place place = place(limit, subject);
    synchronized (stripe(place)) {
      int now = env.unixSeconds();
      List<Integer> recent = recent(place, limit, now);
      int most = settings.most(limit);
      if (most == 0) {
        return limit.seconds;
      }
      if (recent.size() >= most) {
        // A clock that went back leaves times ahead of it: nobody waits for longer than the window.
        return Math.clamp(
            (long) recent.get(recent.size() - most) + limit.seconds - now, 1, limit.seconds);
      }
      Stream<Integer> added = Stream.generate(() -> now).limit(Math.min(count, most));
      List<Integer> times = Stream.concat(recent.stream(), added).toList();
      Batch batch = new Batch();
      indexes.put(batch, place, new LimitRow(times));
      store.commit(batch);
      return 0;
    }
  }

  /** Forgets, in a part of the rows, what no limit counts any more. */
  void sweep() {
    Partition partition = Partition.of(INDEX, swept);
    List<Row> page = store.scan(partition, next, null, Order.ASCENDING, SWEPT_ROWS);
    for (Row row : page) {
      sweep(new Place(partition, row.key()));
    }
    if (page.size() == SWEPT_ROWS) {
      next = Rows.behind(page.getLast().key());
    } else {
      next = new byte[0];
      swept = (swept + 1) % stripes.length;
    }
  }

  private void sweep(Place place) {
    synchronized (stripe(place)) {
      LimitRow row = indexes.get(LimitRow.class, place);
      int since = env.unixSeconds() - Limit.LONGEST_SECONDS;
      if (row != null && row.times().stream().allMatch(time -> time <= since)) {
        Batch batch = new Batch();
        indexes.delete(batch, place);
        store.commit(batch);
      }
    }
  }

  /** Forgets what {@code subject} did: it was no abuse after all, or nobody is left who did it. */
  void clear(Limit limit, String subject) {
    Place place = place(limit, subject);
    synchronized (stripe(place)) {
      if (indexes.get(LimitRow.class, place) != null) {
        Batch batch = new Batch();
        indexes.delete(batch, place);
        store.commit(batch);
      }
    }
  }

  /** The refusal that tells how long to wait. */
  static <R> Answer<R> floodWait(int seconds) {
    return Answer.refusal(420, "FLOOD_WAIT_" + seconds);
  }

  private List<Integer> recent(Place place, Limit limit, int now) {
    LimitRow row = indexes.get(LimitRow.class, place);
    return row == null
        ? List.of()
        : row.times().stream().filter(time -> time > now - limit.seconds).toList();
  }

  private Place place(Limit limit, String subject) {
    return indexes.place(INDEX, limit.name() + ' ' + subject);
  }

  private Object stripe(Place place) {
    return stripes[place.key()[0] & 63];
  }
}

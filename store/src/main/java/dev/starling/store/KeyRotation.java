package dev.starling.store;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Replaces the data key of a store while it serves. A new key takes effect when no row is between
 * seal and store, so from then on every commit carries it, and rows of older keys only become
 * fewer. A walk over all rows seals them anew, each only if nobody has changed it since it was
 * read. A key is forgotten when one whole walk has met no row of it.
 *
 * <p>The walk notes how far it is, so a restart goes on there: what lies behind it carries the
 * newest key, whoever wrote it. The key of the indexes ({@link KeyRing#index}) does not rotate.
 */
public final class KeyRotation {
  /** Rows of one step: the committer reads each once more, about 5 us, and serves nobody else. */
  private static final int PAGE_ROWS = 128;

  /** Bytes after which a step takes no more rows: 1 ms of disk. */
  private static final int PAGE_BYTES = 256 << 10;

  /** Between steps: at most 6,400 rows or 12 MB a second, a tenth of what the machine can. */
  private static final Duration PAUSE = Duration.ofMillis(20);

  /** Steps after which the place is noted: so much is read again after a crash. */
  private static final int STEPS_UNNOTED = 50;

  /** Until another attempt, when the store fails: a full disk takes a person. */
  private static final Duration RETRY = Duration.ofSeconds(30);

  /** Keys in use at a time: who rotates faster than rows are sealed anew gains nothing. */
  private static final int EPOCHS_MAX = 16;

  private static final byte[] PLACE = {'p'};

  private final RawStore raw;
  private final SealedStore sealed;
  private final FileKeyRing ring;
  private final Pause pause;
  private final Semaphore wake = new Semaphore(0);

  /** Keys do not change while it is held. */
  private final Object keys = new Object();

  private volatile Progress progress;

  /** How the background waits: by a clock, or in a test not at all. */
  @FunctionalInterface
  public interface Pause {
    void pause(Duration duration) throws InterruptedException;
  }

  /**
   * How far it is.
   *
   * @param newest the epoch that new rows are sealed with
   * @param older epochs that rows may still be sealed with; empty when all is done
   * @param visited rows seen in this walk
   * @param resealed of these, how many were sealed anew
   * @param unreadable rows that are damaged: while there are any, the older keys are kept
   * @param trouble why it waits; empty when it does not
   */
  public record Progress(
      int newest,
      List<Integer> older,
      long visited,
      long resealed,
      long unreadable,
      String trouble) {}

  /** A place in a walk towards an epoch. */
  @SuppressWarnings("ArrayRecordComponent") // a carrier
  private record Place(int epoch, long visited, long resealed, long unreadable, byte[] position) {
    static Place start(int epoch) {
      return new Place(epoch, 0, 0, 0, new byte[0]);
    }

    byte[] bytes() {
      ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES + 3 * Long.BYTES + position.length);
      bytes.putInt(epoch).putLong(visited).putLong(resealed).putLong(unreadable).put(position);
      return bytes.array();
    }

    static Place parse(byte[] value) {
      ByteBuffer bytes = ByteBuffer.wrap(value);
      return new Place(
          bytes.getInt(),
          bytes.getLong(),
          bytes.getLong(),
          bytes.getLong(),
          Arrays.copyOfRange(value, Integer.BYTES + 3 * Long.BYTES, value.length));
    }
  }

  /**
   * Rotates the keys of {@code sealed}.
   *
   * @param raw what is below it
   * @param ring its keys
   */
  public KeyRotation(RawStore raw, SealedStore sealed, FileKeyRing ring, Pause pause) {
    this.raw = raw;
    this.sealed = sealed;
    this.ring = ring;
    this.pause = pause;
    note(Place.start(ring.newestEpoch()), "");
  }

  public Progress progress() {
    return progress;
  }

  /**
   * Takes a new key into use; {@link #run} then seals the rows anew.
   *
   * @throws StoreException.Unavailable if too many older keys are still in use
   */
  public void rotate(RandomGenerator random) {
    synchronized (keys) {
      if (ring.epochs().size() == EPOCHS_MAX) {
        throw new StoreException.Unavailable(
            "rows are still sealed with %d keys: let the rotation under way end first"
                .formatted(EPOCHS_MAX));
      }
      sealed.changeKeys(() -> ring.add(random));
      note(Place.start(ring.newestEpoch()), "");
    }
    wake.release();
  }

  /** Does something that needs the key file to stay as it is, such as a copy of it. */
  public <T> T whileKeysStay(Supplier<T> action) {
    synchronized (keys) {
      return action.get();
    }
  }

  /** Works until it is interrupted, and sleeps while there is but one key. */
  public void run() throws InterruptedException {
    while (true) {
      try {
        while (ring.epochs().size() > 1) {
          if (walk()) {
            break;
          }
        }
        wake.acquire();
      } catch (StoreException e) {
        note(Place.start(ring.newestEpoch()), String.valueOf(e.getMessage()));
        pause.pause(RETRY);
      }
    }
  }

  /** Goes through all rows once; true if there is nothing more to do for now. */
  boolean walk() throws InterruptedException {
    Place at = noted();
    for (int step = 1; ; step++) {
      if (at.epoch != ring.newestEpoch()) {
        return false; // another key came meanwhile
      }
      List<RawStore.Placed> page = raw.walk(at.position, PAGE_ROWS, PAGE_BYTES);
      if (page.isEmpty()) {
        return end(at);
      }
      at = sealAnew(page, at);
      note(at, "");
      if (step % STEPS_UNNOTED == 0) {
        keep(at);
      }
      pause.pause(PAUSE);
    }
  }

  private Place sealAnew(List<RawStore.Placed> page, Place at) {
    List<RawStore.Replacement> anew = new ArrayList<>();
    long unreadable = at.unreadable;
    for (RawStore.Placed placed : page) {
      Partition partition = placed.partition();
      Row row = placed.row();
      if (partition.equals(SealedStore.SEAL) || SealedStore.epoch(row.value()) == at.epoch) {
        continue; // a row of SEAL tells its own key, or is ours
      }
      try {
        byte[] value = sealed.sealAnew(partition, row);
        anew.add(new RawStore.Replacement(partition, row.key(), row.value(), value));
      } catch (StoreException.Corrupt | StoreException.Newer _) {
        unreadable++;
      }
    }
    if (!anew.isEmpty()) {
      raw.replace(anew);
    }
    return new Place(
        at.epoch,
        at.visited + page.size(),
        at.resealed + anew.size(),
        unreadable,
        page.getLast().position());
  }

  /**
   * After a walk that met only rows of the newest key the others are of no use any more. Any other
   * walk is followed by one more: a key that is gone cannot be had again, so nothing is inferred.
   */
  private boolean end(Place at) {
    if (at.unreadable > 0) {
      keep(Place.start(at.epoch));
      note(at, at.unreadable + " rows are damaged, so the older keys are kept: restore a backup");
      return true;
    }
    if (at.resealed > 0) {
      keep(Place.start(at.epoch));
      return false;
    }
    synchronized (keys) {
      if (at.epoch == ring.newestEpoch()) {
        sealed.changeKeys(this::forgetOlder);
        note(at, "");
      }
    }
    return false;
  }

  /**
   * First the rows that tell the older keys: a row without its key would be taken for a wrong key.
   */
  private void forgetOlder() {
    Lease lease = raw.acquire(SealedStore.SEAL);
    Batch batch = new Batch().delete(lease, PLACE);
    ring.epochs()
        .headSet(ring.newestEpoch())
        .forEach(epoch -> batch.delete(lease, SealedStore.epochKey(epoch)));
    raw.commit(batch);
    ring.forgetOlder();
  }

  private Place noted() {
    byte @Nullable [] value = sealed.get(SealedStore.SEAL, PLACE);
    Place place = value == null ? null : Place.parse(value);
    return place == null || place.epoch != ring.newestEpoch()
        ? Place.start(ring.newestEpoch())
        : place;
  }

  private void keep(Place place) {
    Lease lease = raw.acquire(SealedStore.SEAL);
    sealed.commit(new Batch().put(lease, PLACE, place.bytes()));
  }

  private void note(Place at, String trouble) {
    List<Integer> older = List.copyOf(ring.epochs().headSet(ring.newestEpoch()));
    progress =
        new Progress(ring.newestEpoch(), older, at.visited, at.resealed, at.unreadable, trouble);
  }
}

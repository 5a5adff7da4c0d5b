package dev.starling.store;

import org.jspecify.annotations.Nullable;

/**
 * The store could not do what it was asked. Each message says what happened, why, and what to do
 * next.
 *
 * <p>After {@link Full} or {@link Unavailable} from a commit the batch is in doubt: once the store
 * has recovered it is there whole or not at all. So the caller forgets what it had cached of the
 * batch's partitions, and repeats with the same keys. After {@link Fenced} nothing was or will be
 * written.
 */
public abstract sealed class StoreException extends RuntimeException {
  private StoreException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  private StoreException(String message) {
    super(message);
  }

  /** A lease of the batch is stale: the partition has another owner now. */
  public static final class Fenced extends StoreException {
    public Fenced(Lease lease, long current) {
      super(
          lease.partition().name()
              + " is at epoch "
              + current
              + ", not "
              + lease.epoch()
              + ": it has a new owner");
    }
  }

  /**
   * What the disk holds is not what was written: a flipped bit, a cut log, a missing file, a wrong
   * key.
   */
  public static final class Corrupt extends StoreException {
    public Corrupt(String message, @Nullable Throwable cause) {
      super(message, cause);
    }

    public Corrupt(String message) {
      super(message);
    }
  }

  /** The disk is full. The store takes commits again as soon as there is space. */
  public static final class Full extends StoreException {
    public Full(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /** The data are of a newer format than this program knows, so it must not touch them. */
  public static final class Newer extends StoreException {
    public Newer(String message) {
      super(message);
    }
  }

  /**
   * The store cannot be reached: closed, in use by another process, read-only, or the disk fails.
   */
  public static final class Unavailable extends StoreException {
    public Unavailable(String message, Throwable cause) {
      super(message, cause);
    }

    public Unavailable(String message) {
      super(message);
    }
  }
}

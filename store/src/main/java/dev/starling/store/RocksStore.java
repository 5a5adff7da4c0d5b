package dev.starling.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.StampedLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;

/**
 * The store of one machine, on RocksDB. Commits are synced in groups by one thread; reads of
 * virtual threads that memory cannot answer run on a few platform threads, all others where they
 * are.
 */
public final class RocksStore implements RawStore {
  /** Reads at a time: they wait for the disk more than for a core. */
  private static final int READERS = 4;

  /** Reads handed over and not yet done; more callers wait before. */
  private static final int READS_QUEUED_MAX = 1_024;

  private final Folder owner;
  private final Mark mark;
  private final Handle handle;
  private final Committer committer;
  private final ExecutorService readers =
      Executors.newFixedThreadPool(
          READERS, Thread.ofPlatform().daemon().name("store-read-", 0).factory());
  private final Semaphore reads = new Semaphore(READS_QUEUED_MAX);

  /** Held for reading by every call under way, so that closing waits for them. */
  private final StampedLock gate = new StampedLock();

  private boolean closed;

  private RocksStore(Folder owner, Mark mark, Handle handle, Committer committer) {
    this.owner = owner;
    this.mark = mark;
    this.handle = handle;
    this.committer = committer;
  }

  /**
   * Opens the store in a folder, or makes a new one if the folder is empty or not there.
   *
   * @param folder the data folder, owned by this process until the store is closed
   * @param libraries where RocksDB's unpacked native library is kept for the next start, about 17
   *     MB
   * @throws StoreException if the folder is in use, cannot be written, is damaged, or is of a newer
   *     format
   */
  public static RocksStore open(Path folder, Path libraries) {
    Folder owner = Folder.take(folder);
    Mark mark = null;
    Handle handle = null;
    try {
      NativeLibrary.load(libraries);
      mark = Mark.open(folder);
      handle = new Handle(folder, mark);
      return new RocksStore(owner, mark, handle, new Committer(folder, handle, mark));
    } catch (IOException e) {
      close(handle, mark, owner);
      throw Folder.failure(folder, e);
    } catch (RuntimeException | Error e) {
      close(handle, mark, owner);
      throw e;
    }
  }

  private static void close(@Nullable Handle handle, @Nullable Mark mark, Folder owner) {
    if (handle != null) {
      handle.close();
    }
    if (mark != null) {
      mark.close();
    }
    owner.close();
  }

  /**
   * Copies everything that was committed before this call, and perhaps some of what comes
   * meanwhile, into a folder: a store that can be opened. It is checked before this returns. Tables
   * are linked where the file system can, so the copy shares their bytes: copy it elsewhere.
   *
   * @param target not there yet; within the data's file system
   */
  public void checkpoint(Path target) {
    open(
        () ->
            read(
                () ->
                    handle.use(
                        database -> {
                          try {
                            database.checkpoint(target);
                            return true;
                          } catch (IOException e) {
                            throw Folder.failure(target, e);
                          }
                        })));
  }

  /** Whether a folder holds a store, readable or not. */
  public static boolean exists(Path folder) {
    return Files.exists(folder.resolve("MARK")) || Files.exists(folder.resolve("CURRENT"));
  }

  @Override
  public Lease acquire(Partition partition) {
    return open(() -> committer.acquire(partition));
  }

  @Override
  public byte @Nullable [] get(Partition partition, byte[] key) {
    Batch.checkKey(key);
    byte[] row = Keys.row(partition, key);
    return open(
        () -> {
          Database.Cached cached = handle.use(database -> database.cached(row));
          return cached.known()
              ? cached.value()
              : read(() -> handle.use(database -> database.rocks().get(row)));
        });
  }

  @Override
  public List<Row> scan(
      Partition partition, byte[] from, byte @Nullable [] to, Order order, int limit) {
    ScannedRows found = new ScannedRows(limit);
    if (to != null && Arrays.compareUnsigned(from, to) >= 0) {
      return found.list();
    }
    byte[] low = Keys.row(partition, from);
    byte[] high = Keys.end(partition, to);
    return open(
        () -> read(() -> handle.use(database -> scan(database.rocks(), low, high, order, found))));
  }

  private static List<Row> scan(
      RocksDB rocks, byte[] low, byte[] high, Order order, ScannedRows found)
      throws RocksDBException {
    try (Slice lower = new Slice(low);
        Slice upper = new Slice(high);
        ReadOptions bounds =
            new ReadOptions().setIterateLowerBound(lower).setIterateUpperBound(upper);
        RocksIterator at = rocks.newIterator(bounds)) {
      boolean up = order == Order.ASCENDING;
      if (up) {
        at.seekToFirst();
      } else {
        at.seekToLast();
      }
      while (at.isValid() && found.add(Keys.strip(at.key()), at.value())) {
        if (up) {
          at.next();
        } else {
          at.prev();
        }
      }
      at.status(); // an iterator ends the same way at a damaged block as at the last row
      return found.list();
    }
  }

  @Override
  public void commit(Batch batch) {
    if (batch.isEmpty()) {
      return;
    }
    open(
        () -> {
          committer.commit(batch);
          return true;
        });
  }

  @Override
  public List<Placed> walk(byte[] behind, int rows, int bytes) {
    byte[] low = Keys.behind(behind);
    return open(() -> read(() -> handle.use(db -> walk(db.rocks(), low, rows, bytes))));
  }

  private static List<Placed> walk(RocksDB rocks, byte[] low, int rows, int bytes)
      throws RocksDBException {
    List<Placed> page = new ArrayList<>();
    // What a walk reads it reads once: the cache is for those who come back.
    try (ReadOptions once = new ReadOptions().setFillCache(false);
        RocksIterator at = rocks.newIterator(once)) {
      int sum = 0;
      for (at.seek(low); at.isValid() && page.size() < rows && sum < bytes; at.next()) {
        sum += at.value().length;
        page.add(new Placed(Keys.partition(at.key()), new Row(Keys.strip(at.key()), at.value())));
      }
      at.status();
    }
    return page;
  }

  @Override
  public void replace(List<Replacement> rows) {
    open(
        () -> {
          committer.replace(rows);
          return true;
        });
  }

  @Override
  public void close() {
    long stamp = gate.writeLock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      committer.close();
      readers.shutdown();
      close(handle, mark, owner);
    } finally {
      gate.unlockWrite(stamp);
    }
  }

  /** Does something that keeps the store from being closed meanwhile. */
  private <T extends @Nullable Object> T open(Supplier<T> call) {
    long stamp = gate.readLock();
    try {
      if (closed) {
        throw new StoreException.Unavailable("the store is closed");
      }
      return call.get();
    } finally {
      gate.unlockRead(stamp);
    }
  }

  private <T extends @Nullable Object> T read(Supplier<T> call) {
    if (!Thread.currentThread().isVirtual()) {
      return call.get();
    }
    reads.acquireUninterruptibly();
    try {
      return CompletableFuture.supplyAsync(call, readers).join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    } finally {
      reads.release();
    }
  }
}

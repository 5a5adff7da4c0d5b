package dev.starling.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/**
 * The open database, which is closed and opened anew after a failed write: RocksDB takes no more
 * writes until then, and its recovery decides whether the failed write is there.
 */
final class Handle implements AutoCloseable {
  /**
   * Free space worth an attempt to open, besides what replaying the log needs: a manifest and small
   * files.
   */
  private static final long OPENING_BYTES = 1 << 20;

  private final Path folder;
  private final Mark mark;
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
  private @Nullable Database database;

  /** Something done with the database. */
  interface Use<T> {
    T with(Database database) throws RocksDBException;
  }

  Handle(Path folder, Mark mark) {
    this.folder = folder;
    this.mark = mark;
    this.database = new Database(folder, mark);
  }

  <T> T use(Use<T> use) {
    lock.readLock().lock();
    try {
      Database open = database;
      if (open == null) {
        throw new StoreException.Unavailable(
            folder + " could not be opened again after a failed write");
      }
      try {
        return use.with(open);
      } catch (RocksDBException e) {
        throw open.failure(e);
      }
    } finally {
      lock.readLock().unlock();
    }
  }

  /** Something done to the database. */
  interface Act {
    void on(Database database) throws RocksDBException;
  }

  void run(Act act) {
    use(
        database -> {
          act.on(database);
          return true;
        });
  }

  /**
   * Closes and opens; reads wait. Without the space that opening needs, reads go on from what is
   * open.
   */
  void reopen() throws IOException {
    if (Files.getFileStore(folder).getUsableSpace() < Database.logBytes(folder) + OPENING_BYTES) {
      throw new StoreException.Full("the disk of " + folder + " is full: free some space", null);
    }
    lock.writeLock().lock();
    try {
      close();
      database = new Database(folder, mark);
    } finally {
      lock.writeLock().unlock();
    }
  }

  @Override
  public void close() {
    lock.writeLock().lock();
    try {
      if (database != null) {
        database.close();
        database = null;
      }
    } finally {
      lock.writeLock().unlock();
    }
  }
}

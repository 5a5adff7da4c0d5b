package dev.starling.store;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Checkpoint;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.FlushOptions;
import org.rocksdb.Holder;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;
import org.rocksdb.WALRecoveryMode;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * RocksDB with this store's options, checked against the {@link Mark} when it opens. Its calls
 * enter native code, which pins a virtual thread's carrier, so those that may wait for the disk are
 * made on platform threads only.
 */
final class Database implements AutoCloseable {
  /**
   * Blocks, indexes and filters read from files: the store's memory is about this and two write
   * buffers.
   */
  private static final long BLOCK_CACHE_BYTES = 64L << 20;

  /**
   * A log of this size is replayed in 0.2 s after a crash; smaller ones flush and compact more
   * often.
   */
  private static final long WRITE_BUFFER_BYTES = 32L << 20;

  /**
   * Open table files, 64 GB of rows at 64 MiB each; a process may have 20,000 descriptors and
   * clients need them.
   */
  private static final int OPEN_FILES_MAX = 1_000;

  /** One flush and one compaction at a time: two cores also serve clients. */
  private static final int BACKGROUND_JOBS_MAX = 2;

  /** A filter of 10 bits a key answers 99 of 100 look-ups of absent rows without reading. */
  private static final double FILTER_BITS_PER_KEY = 10;

  /**
   * Keys that agree in so many bytes mostly grow, so each goes in behind the last one of them
   * without a search: "account/" and eleven digits, which most ids have, and the kind of row.
   */
  private static final int HINT_BYTES = 21;

  /** Of a write buffer, for its own filter: about 20 bits a row. */
  private static final double BUFFER_FILTER_RATIO = 0.02;

  /** The manifest starts anew at this size, since the mark's checksum reads all of it. */
  private static final long MANIFEST_BYTES_MAX = 1 << 20;

  /** RocksDB's own diary (no keys, no values): few and short. */
  private static final long DIARY_BYTES_MAX = 1 << 20;

  private static final int DIARIES_MAX = 3;

  private final Path folder;
  private final LRUCache cache;
  private final BloomFilter filter;
  private final Options options;
  private final WriteOptions synced = new WriteOptions().setSync(true);
  private final RocksDB db;

  /**
   * Opens or creates the database.
   *
   * @throws StoreException.Corrupt if it lacks a row that was acknowledged; its files are then as
   *     they were
   */
  Database(Path folder, Mark mark) {
    this.folder = folder;
    this.cache = new LRUCache(BLOCK_CACHE_BYTES);
    this.filter = new BloomFilter(FILTER_BITS_PER_KEY);
    this.options = options(cache, filter);
    try {
      boolean fresh = mark.state().manifest() == 0;
      if (!fresh && !Files.exists(folder.resolve("CURRENT"))) {
        throw new StoreException.Corrupt(folder + " lacks its file CURRENT: restore a backup");
      }
      Manifest.check(folder, mark.state());
      if (!fresh && logBytes(folder) > 0) {
        // Opening for writing replays the log into tables and deletes it: look first, so that a log
        // that was cut
        // stays for whoever must rescue it.
        try (RocksDB reader = RocksDB.openReadOnly(options, folder.toString())) {
          checkReached(reader, mark);
        }
      }
      this.db = RocksDB.open(options.setCreateIfMissing(fresh), folder.toString());
      try {
        checkReached(db, mark);
      } catch (StoreException | RocksDBException e) {
        db.close();
        throw e;
      }
    } catch (RocksDBException e) {
      closeOptions();
      throw failure(e);
    } catch (IOException e) {
      closeOptions();
      throw Folder.failure(folder, e);
    } catch (StoreException e) {
      closeOptions();
      throw e;
    }
  }

  private static Options options(LRUCache cache, BloomFilter filter) {
    Properties tracked = new Properties(); // has no setter in Java
    tracked.setProperty("track_and_verify_wals_in_manifest", "true");
    Properties hinted = new Properties(); // nor has this one
    hinted.setProperty(
        "memtable_insert_with_hint_prefix_extractor", "rocksdb.CappedPrefix." + HINT_BYTES);
    try (DBOptions base = DBOptions.getDBOptionsFromProps(tracked);
        ColumnFamilyOptions family = ColumnFamilyOptions.getColumnFamilyOptionsFromProps(hinted)) {
      return new Options(base, family)
          .setParanoidChecks(true)
          // Recovery ends at the first record that does not fit its checksum, in whichever log:
          // what is there is
          // always the beginning of the history, and the mark says whether it is long enough.
          // (Tolerating corrupted
          // tails would let every log but the last lose its end, and so leave a hole.)
          .setWalRecoveryMode(WALRecoveryMode.PointInTimeRecovery)
          // After a failed write the committer opens anew, which has a defined outcome; no retries
          // behind its back.
          .setMaxBgErrorResumeCount(0)
          .setWriteBufferSize(WRITE_BUFFER_BYTES)
          // Most look-ups are of random_ids that were never sent: the buffer knows without a
          // search.
          .setMemtablePrefixBloomSizeRatio(BUFFER_FILTER_RATIO)
          .setMemtableWholeKeyFiltering(true)
          .setMaxBackgroundJobs(BACKGROUND_JOBS_MAX)
          .setMaxOpenFiles(OPEN_FILES_MAX)
          .setMaxManifestFileSize(MANIFEST_BYTES_MAX)
          .setManifestPreallocationSize(MANIFEST_BYTES_MAX / 16) // of 4 MiB: much of a small disk
          .setCompressionType(CompressionType.NO_COMPRESSION) // sealed values are noise
          .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
          .setMaxLogFileSize(DIARY_BYTES_MAX)
          .setKeepLogFileNum(DIARIES_MAX)
          .setStatsDumpPeriodSec(0)
          .setStatsPersistPeriodSec(0)
          .setTableFormatConfig(
              new BlockBasedTableConfig()
                  .setBlockCache(cache)
                  .setCacheIndexAndFilterBlocks(true)
                  .setPinL0FilterAndIndexBlocksInCache(true)
                  .setFilterPolicy(filter));
    }
  }

  private void checkReached(RocksDB database, Mark mark) throws RocksDBException {
    long found = Keys.number(database.get(Keys.SEQUENCE));
    if (found < mark.state().sequence()) {
      throw new StoreException.Corrupt(
          "%s ends at commit %d, but %d were acknowledged: its log or manifest is damaged; restore a backup"
              .formatted(folder, found, mark.state().sequence()));
    }
  }

  RocksDB rocks() {
    return db;
  }

  /**
   * What memory knows of a row.
   *
   * @param known false when the disk must be asked
   * @param value the row; null when there is none
   */
  @SuppressWarnings("ArrayRecordComponent") // a carrier
  record Cached(boolean known, byte @Nullable [] value) {}

  /**
   * The row, if no file must be read for it: from a write buffer, from a cached block, or by a
   * filter that knows it absent, in a few microseconds. No block is read, so none can be found
   * damaged.
   */
  Cached cached(byte[] key) {
    Holder<byte[]> value = new Holder<>();
    boolean may = db.keyMayExist(key, value);
    return new Cached(!may || value.getValue() != null, value.getValue());
  }

  /** Writes and syncs. */
  void write(WriteBatch batch) throws RocksDBException {
    db.write(synced, batch);
  }

  long number(byte[] key) throws RocksDBException {
    return Keys.number(db.get(key));
  }

  /** Empties the log into table files, so that the next start has nothing to replay. */
  void flush() throws RocksDBException {
    try (FlushOptions wait = new FlushOptions().setWaitForFlush(true)) {
      db.flush(wait);
    }
  }

  /**
   * Copies everything that was committed before this call into a folder that is not there yet, as a
   * store of its own; tables are linked, not copied, where the file system can. Commits go on
   * meanwhile.
   */
  void checkpoint(Path target) throws RocksDBException, IOException {
    try (Checkpoint checkpoint = Checkpoint.create(db)) {
      checkpoint.createCheckpoint(target.toString());
    }
    long sequence;
    try (RocksDB copy = RocksDB.openReadOnly(options, target.toString())) {
      copy.verifyChecksum(); // damage must show now, while there is something else to copy
      sequence = Keys.number(copy.get(Keys.SEQUENCE));
    }
    Mark.create(target, Manifest.seal(target, Mark.State.NEW.withSequence(sequence)));
  }

  /** Bytes in logs that the next opening would replay. */
  static long logBytes(Path folder) throws IOException {
    long sum = 0;
    try (DirectoryStream<Path> logs = Files.newDirectoryStream(folder, "*.log")) {
      for (Path log : logs) {
        sum += Files.size(log);
      }
    }
    return sum;
  }

  StoreException failure(RocksDBException e) {
    Status status = e.getStatus();
    if (status != null && status.getSubCode() == Status.SubCode.NoSpace) {
      return new StoreException.Full("the disk of " + folder + " is full: free some space", e);
    }
    if (status != null && status.getCode() == Status.Code.Corruption) {
      return new StoreException.Corrupt(
          folder + " is damaged (" + e.getMessage() + "): restore a backup", e);
    }
    return new StoreException.Unavailable("the disk of " + folder + " fails: " + e.getMessage(), e);
  }

  @Override
  public void close() {
    db.close();
    closeOptions();
  }

  private void closeOptions() {
    synced.close();
    options.close();
    filter.close();
    cache.close();
  }
}

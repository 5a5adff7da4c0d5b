package dev.starling.proxy;

import dev.starling.mtproto.ReplayCache;
import dev.starling.mtproto.Replays;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What has been seen before, over restarts too. Each is appended as {@code 16 bytes of it | unix
 * milliseconds 8}. When the file has as many as are remembered, or the eldest is forgotten, it
 * becomes {@code .old} and another begins; both are read at a start. Thread-safe.
 *
 * <p>The file outlives the process, also a killed one; a power cut may take the last seconds.
 */
public final class ReplayFile implements Replays, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ReplayFile.class);
  private static final int DIGEST_BYTES = 16;
  private static final int RECORD_BYTES = DIGEST_BYTES + Long.BYTES;

  private final Path file;
  private final Path old;
  private final long windowMillis;
  private final int max;
  private final ReplayCache cache;
  private final ByteBuffer record = ByteBuffer.allocate(RECORD_BYTES);
  private FileChannel out;
  private int count;
  private long firstMillis;
  private boolean hasFailed;

  /**
   * Reads what is there.
   *
   * @param window how long something is remembered
   * @param max how many are
   * @throws IOException if the file cannot be read or written
   */
  public ReplayFile(Path file, Duration window, int max) throws IOException {
    this.file = file;
    this.old = file.resolveSibling(file.getFileName() + ".old");
    this.windowMillis = window.toMillis();
    this.max = max;
    this.cache = new ReplayCache(window, max);
    read(old);
    count = 0;
    read(file);
    out = open();
  }

  private FileChannel open() throws IOException {
    return FileChannel.open(
        file,
        Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
  }

  /** A record that a crash left half is cut off, so that the next ones are whole. */
  private void read(Path from) throws IOException {
    if (!Files.exists(from)) {
      return;
    }
    try (FileChannel in =
        FileChannel.open(from, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      long whole = Math.min(in.size() / RECORD_BYTES, 2L * max) * RECORD_BYTES;
      in.truncate(whole);
      ByteBuffer all = ByteBuffer.allocate((int) whole);
      while (all.hasRemaining() && in.read(all) >= 0) {}
      all.flip();
      byte[] digest = new byte[DIGEST_BYTES];
      while (all.remaining() >= RECORD_BYTES) {
        all.get(digest);
        long millis = all.getLong();
        cache.add(digest, millis);
        firstMillis = count++ == 0 ? millis : firstMillis;
      }
    }
  }

  @Override
  public synchronized boolean add(byte[] digest, long nowMillis) {
    boolean isNew = cache.add(digest, nowMillis);
    if (isNew && !hasFailed) {
      try {
        if (count >= max || (count > 0 && nowMillis - firstMillis > windowMillis)) {
          turn();
        }
        firstMillis = count++ == 0 ? nowMillis : firstMillis;
        record.clear().put(digest, 0, DIGEST_BYTES).putLong(nowMillis).flip();
        while (record.hasRemaining()) {
          out.write(record);
        }
      } catch (IOException e) {
        hasFailed = true; // it goes on in memory, and says so once
        LOG.error(
            "cannot write {} ({}): replays of today pass after the next restart; make room or mend"
                + " the folder, then start again",
            file.getFileName(),
            e.getMessage());
      }
    }
    return isNew;
  }

  private void turn() throws IOException {
    out.close();
    Files.move(file, old, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    out = open();
    count = 0;
  }

  @Override
  public synchronized void close() throws IOException {
    out.close();
  }
}

package dev.starling.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The file {@code MARK}: what the store has promised, kept outside RocksDB so that a log which was
 * cut short is told from one that simply ends. RocksDB takes a record whose length runs past its
 * file's end for the torn end of a crash, and a flipped bit can make any record of the last 32 KiB
 * look so.
 *
 * <p>Two slots of one sector, written in turn, so that a torn write leaves the other whole. A slot,
 * big-endian:
 *
 * <pre>
 *  0        8        12       16         24                32                40             48      52
 *  +--------+--------+--------+----------+-----------------+-----------------+--------------+-------+
 *  | magic  | format |   0    | sequence | manifest number | manifest length | manifest CRC | CRC32C|
 *  +--------+--------+--------+----------+-----------------+-----------------+--------------+-------+
 * </pre>
 *
 * Sequence: every commit group up to it was synced, and acknowledged after this was written.
 * Manifest: the first so many bytes of that file are synced and have this CRC32C.
 */
final class Mark implements AutoCloseable {
  /** The format of everything in the folder. */
  static final int FORMAT = 1;

  private static final long MAGIC = 0x535441524c494e47L; // "STARLING"
  private static final int SLOT_BYTES = 512;
  private static final int CRC_OFFSET = 48;

  private final FileChannel file;
  private final ByteBuffer slot = ByteBuffer.allocateDirect(SLOT_BYTES);
  private State state;
  private long writes;

  /** What one slot says. */
  record State(int format, long sequence, long manifest, long manifestLength, long manifestCrc) {
    static final State NEW = new State(FORMAT, 0, 0, 0, 0);

    State withSequence(long value) {
      return new State(format, value, manifest, manifestLength, manifestCrc);
    }

    State withManifest(long number, long length, long crc) {
      return new State(format, sequence, number, length, crc);
    }
  }

  private Mark(FileChannel file, State state) {
    this.file = file;
    this.state = state;
  }

  private static Path path(Path folder) {
    return folder.resolve("MARK");
  }

  /** Opens the mark of a folder, or makes the first one where there is no store yet. */
  static Mark open(Path folder) throws IOException {
    Path path = path(folder);
    if (!Files.exists(path)) {
      if (Files.exists(folder.resolve("CURRENT"))) {
        throw new StoreException.Corrupt(
            path + " is missing, so nobody can tell whether rows are: restore a backup");
      }
      create(folder, State.NEW);
    }
    FileChannel file = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
    State first = read(file, 0);
    State second = read(file, 1);
    State newest =
        first == null || (second != null && second.sequence >= first.sequence) ? second : first;
    if (newest == null) {
      file.close();
      throw new StoreException.Corrupt(path + " is damaged: restore a backup");
    }
    if (newest.format > FORMAT) {
      file.close();
      throw new StoreException.Newer(
          folder
              + " has format "
              + newest.format
              + ", this program knows "
              + FORMAT
              + ": use the newer program");
    }
    Mark mark = new Mark(file, newest);
    mark.writes = newest.equals(first) ? 1 : 0; // the older slot goes first
    return mark;
  }

  State state() {
    return state;
  }

  /**
   * Writes a slot; it survives the death of the process, and of the machine after {@link #force}.
   */
  void write(State next) throws IOException {
    encode(next, slot);
    writeFully(file, slot, writes % 2 * SLOT_BYTES);
    writes++;
    state = next;
  }

  void force() throws IOException {
    file.force(false);
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException _) {
      // What counts has been forced.
    }
  }

  /** Makes the mark of a folder that has none. */
  static void create(Path folder, State state) throws IOException {
    Path fresh = folder.resolve("MARK.new");
    try (FileChannel file =
        FileChannel.open(
            fresh,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer slot = ByteBuffer.allocate(SLOT_BYTES);
      for (long offset = 0; offset < 2 * SLOT_BYTES; offset += SLOT_BYTES) {
        encode(state, slot);
        writeFully(file, slot, offset);
      }
      file.force(true);
    }
    Files.move(fresh, path(folder), StandardCopyOption.ATOMIC_MOVE);
    Folder.sync(folder);
  }

  private static void encode(State state, ByteBuffer slot) {
    slot.clear();
    slot.putLong(MAGIC).putInt(state.format).putInt(0).putLong(state.sequence);
    slot.putLong(state.manifest).putLong(state.manifestLength).putLong(state.manifestCrc);
    slot.putInt(crc(slot.duplicate().flip()));
    slot.clear();
  }

  private static @Nullable State read(FileChannel file, int index) throws IOException {
    ByteBuffer slot = ByteBuffer.allocate(SLOT_BYTES);
    while (slot.hasRemaining()
        && file.read(slot, (long) index * SLOT_BYTES + slot.position()) >= 0) {}
    slot.flip();
    if (slot.limit() < SLOT_BYTES
        || slot.getLong(0) != MAGIC
        || slot.getInt(CRC_OFFSET) != crc(slot.duplicate().limit(CRC_OFFSET))) {
      return null;
    }
    return new State(
        slot.getInt(8), slot.getLong(16), slot.getLong(24), slot.getLong(32), slot.getLong(40));
  }

  private static int crc(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return (int) crc.getValue();
  }

  private static void writeFully(FileChannel file, ByteBuffer bytes, long offset)
      throws IOException {
    while (bytes.hasRemaining()) {
      file.write(bytes, offset + bytes.position());
    }
  }
}

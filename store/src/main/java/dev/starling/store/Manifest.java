package dev.starling.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * RocksDB's list of table files, a log like the others: a flipped bit in a record's length makes
 * RocksDB take it and all that follow for a torn end, forget table files, and delete them. So the
 * {@link Mark} keeps a checksum of what is known to be synced; only what was appended later may be
 * torn.
 */
final class Manifest {
  private static final String NAME = "MANIFEST-";
  private static final int BUFFER_BYTES = 64 << 10;

  private Manifest() {}

  /**
   * Brings the mark's state up to date with the folder's manifest; answers the same state if it is
   * already.
   */
  static Mark.State seal(Path folder, Mark.State state) throws IOException {
    long number = current(folder);
    try (FileChannel file =
        FileChannel.open(
            folder.resolve(NAME + "%06d".formatted(number)), StandardOpenOption.READ)) {
      long length = file.size();
      if (number == state.manifest() && length == state.manifestLength()) {
        return state;
      }
      file.force(true); // RocksDB may be about to; a length is promised only when it is on disk
      if (number != state.manifest()) {
        Folder.sync(folder); // its name too, and CURRENT that leads to it
      }
      return state.withManifest(number, length, crc(file, length));
    } catch (NoSuchFileException _) {
      return state; // it began a new one just now: next time
    }
  }

  /** Refuses a folder whose manifest is not what the mark says. */
  static void check(Path folder, Mark.State state) throws IOException {
    if (state.manifest() == 0 || current(folder) > state.manifest()) {
      return; // a manifest that the mark has not seen yet
    }
    try (FileChannel file =
        FileChannel.open(
            folder.resolve(NAME + "%06d".formatted(state.manifest())), StandardOpenOption.READ)) {
      if (file.size() < state.manifestLength()
          || crc(file, state.manifestLength()) != state.manifestCrc()) {
        throw new StoreException.Corrupt(
            folder + " has a damaged list of files (MANIFEST): restore a backup");
      }
    } catch (NoSuchFileException e) {
      throw new StoreException.Corrupt(
          folder + " lacks its list of files (MANIFEST): restore a backup", e);
    }
  }

  private static long current(Path folder) throws IOException {
    String name = Files.readString(folder.resolve("CURRENT"), StandardCharsets.ISO_8859_1).strip();
    try {
      return Long.parseLong(name.substring(NAME.length()));
    } catch (NumberFormatException | IndexOutOfBoundsException e) {
      throw new StoreException.Corrupt(folder + " has a damaged file CURRENT: restore a backup", e);
    }
  }

  private static long crc(FileChannel file, long length) throws IOException {
    CRC32C crc = new CRC32C();
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
    for (long at = 0; at < length; ) {
      buffer.clear().limit((int) Math.min(BUFFER_BYTES, length - at));
      int read = file.read(buffer, at);
      if (read < 0) {
        return -1; // shorter than it was a moment ago: matches no checksum
      }
      crc.update(buffer.flip());
      at += read;
    }
    return crc.getValue();
  }
}

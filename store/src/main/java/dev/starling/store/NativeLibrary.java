package dev.starling.store;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.zip.CRC32;
import org.rocksdb.RocksDB;
import org.rocksdb.util.Environment;

/**
 * Loads RocksDB's native library from a folder that keeps it unpacked. Left to itself, rocksdbjni
 * unpacks 17 MB into the temporary folder at every start and leaves them there when the process is
 * killed.
 */
final class NativeLibrary {
  /** The file that rocksdbjni 11 looks for in a given folder: not named as in its own jar. */
  private static final String LOADED_AS = Environment.getJniLibraryFileName("rocksdbjni");

  private static boolean loaded;

  private NativeLibrary() {}

  /**
   * Loads the library, once a process.
   *
   * @param folder where it is kept unpacked, named by its checksum; must not be writable by others
   */
  static synchronized void load(Path folder) {
    if (loaded) {
      return;
    }
    try {
      String name = Environment.getJniLibraryFileName("rocksdb");
      URL packed = RocksDB.class.getResource("/" + name);
      if (packed == null) {
        throw new StoreException.Unavailable(
            "RocksDB has no native library for this machine (" + name + ")");
      }
      URLConnection connection = packed.openConnection();
      if (connection instanceof JarURLConnection jar) {
        RocksDB.loadLibrary(List.of(unpack(jar, folder.toAbsolutePath()).toString()));
      } else {
        RocksDB.loadLibrary();
      }
      loaded = true;
    } catch (IOException e) {
      throw Folder.failure(folder, e);
    }
  }

  private static Path unpack(JarURLConnection jar, Path folder) throws IOException {
    JarEntry entry = jar.getJarEntry();
    Path home = folder.resolve("rocksdb-%08x".formatted(entry.getCrc()));
    Path file = home.resolve(LOADED_AS);
    // Its code is run: a damaged disk, or a power cut in the middle of unpacking, would crash us.
    if (!Files.exists(file) || crc(file) != entry.getCrc()) {
      Files.createDirectories(
          home, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      Path partial = home.resolve("unpacking-" + ProcessHandle.current().pid());
      try (InputStream in = jar.getInputStream()) {
        Files.copy(in, partial, StandardCopyOption.REPLACE_EXISTING);
        Folder.sync(partial);
        Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(partial);
      }
    }
    return home;
  }

  private static long crc(Path file) throws IOException {
    CRC32 crc = new CRC32();
    try (FileChannel in = FileChannel.open(file)) {
      crc.update(in.map(FileChannel.MapMode.READ_ONLY, 0, in.size()));
    }
    return crc.getValue();
  }
}

package dev.starling.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/**
 * A data folder held by this process alone, through the file {@code OWNER}, which names the
 * process.
 */
final class Folder implements AutoCloseable {
  private final FileChannel file;

  private Folder(FileChannel file) {
    this.file = file;
  }

  /** Makes the folder if need be, for its owner's eyes only, and takes it. */
  static Folder take(Path folder) {
    try {
      create(folder.toAbsolutePath());
      return lock(folder);
    } catch (IOException e) {
      throw failure(folder, e);
    }
  }

  /** A folder outlives a power cut only when the one that names it was synced, each on the way. */
  private static void create(Path folder) throws IOException {
    Path parent = folder.getParent();
    if (parent == null) {
      return; // the root of the file system
    }
    if (!Files.isDirectory(folder)) {
      create(parent);
      try {
        Files.createDirectory(
            folder,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      } catch (FileAlreadyExistsException e) {
        if (!Files.isDirectory(folder)) {
          throw e;
        }
      }
    }
    if (Files.isWritable(parent) && Files.isReadable(parent)) {
      sync(parent); // an earlier process may have made it and died before
    }
  }

  private static Folder lock(Path folder) throws IOException {
    FileChannel file =
        FileChannel.open(
            folder.resolve("OWNER"),
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    FileLock lock = tryLock(file);
    if (lock == null) {
      ByteBuffer pid = ByteBuffer.allocate(20); // digits of a 64-bit number
      file.read(pid, 0);
      file.close();
      throw new StoreException.Unavailable(
          "the data folder %s is in use by another starling process (pid %s): stop it, or use another folder"
              .formatted(
                  folder, new String(pid.array(), 0, pid.position(), StandardCharsets.US_ASCII)));
    }
    file.truncate(0);
    file.write(StandardCharsets.US_ASCII.encode(Long.toString(ProcessHandle.current().pid())), 0);
    return new Folder(file);
  }

  private static @Nullable FileLock tryLock(FileChannel file) throws IOException {
    try {
      return file.tryLock();
    } catch (OverlappingFileLockException _) {
      return null; // held by this very process
    }
  }

  /**
   * Makes the names in a folder durable: a new file outlives a power cut only with its folder
   * synced.
   */
  static void sync(Path folder) throws IOException {
    try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
      directory.force(true);
    }
  }

  /** The exception that says what a failure of the file system means and what to do. */
  static StoreException failure(Path folder, IOException e) {
    String reason =
        e instanceof FileSystemException f && f.getReason() != null
            ? f.getReason()
            : e.getMessage();
    String text = reason == null ? "" : reason;
    if (text.contains("No space left")) {
      return new StoreException.Full("the disk of " + folder + " is full: free some space", e);
    }
    if (e instanceof AccessDeniedException || text.contains("Read-only file system")) {
      return new StoreException.Unavailable(
          "the data folder "
              + folder
              + " cannot be written: make it writable, or use another folder",
          e);
    }
    return new StoreException.Unavailable("the disk of " + folder + " fails: " + e, e);
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException _) {
      // The lock ends with the channel whatever close says.
    }
  }
}

package dev.starling.app;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a server keeps, in one folder for its owner's eyes only:
 *
 * <pre>
 * keys         the data key that seals the store's rows
 * server.pem   the RSA keys that clients know the service by, the newest first
 * public.pem   its public half
 * secret       the secret of proxy links that end here
 * fronts       the secrets of proxies that stand before the service; need not be there
 * store/       all else, sealed
 * native/      RocksDB's library, unpacked
 * admin.sock   speaks to the running server
 * starling.log traces of defects
 * last-backup  when a backup was made
 * hellos       digests of clients' first bytes that have come by fake TLS
 * headers      the same by other secrets
 * starling.conf what the operator set; need not be there
 * </pre>
 */
record DataFolder(Path root) {
  /** Makes the folder if it is not there. */
  DataFolder create() {
    AdminSocket.usable(adminSocket()); // before there is a folder that is of no use
    try {
      Files.createDirectories(
          root, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      Path parent = root.toAbsolutePath().getParent();
      if (parent != null && Files.isReadable(parent)) {
        BackupList.sync(parent); // or a power cut could take the folder with all that is in it
      }
      return this;
    } catch (FileAlreadyExistsException e) {
      throw new Problem(root + " is a file, and the data need a folder: name another by --data", e);
    } catch (IOException e) {
      throw failure(root, e);
    }
  }

  /** That a file of the data cannot be had, why, and what to do. */
  static Problem failure(Path file, IOException e) {
    return new Problem(
        "cannot write %s (%s): mend that, or name another folder by --data"
            .formatted(file, reason(e)),
        e);
  }

  /** Why a file cannot be had, in a few words. */
  static String reason(IOException e) {
    if (e instanceof AccessDeniedException) {
      return "permission denied";
    }
    String reason = e instanceof FileSystemException f ? f.getReason() : e.getMessage();
    return reason == null ? e.getClass().getSimpleName() : reason;
  }

  boolean exists() {
    return Files.isDirectory(root);
  }

  Path keys() {
    return root.resolve("keys");
  }

  /** When somebody wrote the RSA keys; null while they are not there. */
  @Nullable FileTime serverKeyWritten() {
    try {
      return Files.getLastModifiedTime(serverKey());
    } catch (IOException _) {
      return null;
    }
  }

  Path serverKey() {
    return root.resolve("server.pem");
  }

  Path publicKey() {
    return root.resolve("public.pem");
  }

  Path secret() {
    return root.resolve("secret");
  }

  Path fronts() {
    return root.resolve("fronts");
  }

  Path store() {
    return root.resolve("store");
  }

  /** What must never be lost, nor lie beside a copy of the store. */
  List<Path> secrets() {
    return List.of(keys(), serverKey(), secret());
  }

  /** What goes into every backup, where it is there. */
  List<Path> open() {
    return List.of(publicKey(), config());
  }

  /** First bytes that have come, so that they are known when they are played again. */
  Path hellos() {
    return root.resolve("hellos");
  }

  /** The same of obfuscated2. */
  Path headers() {
    return root.resolve("headers");
  }

  Path libraries() {
    return root.resolve("native");
  }

  Path adminSocket() {
    return root.resolve("admin.sock");
  }

  /** Touched by each backup. */
  Path lastBackup() {
    return root.resolve("last-backup");
  }

  Path config() {
    return root.resolve("starling.conf");
  }

  Path log() {
    return root.resolve("starling.log");
  }
}

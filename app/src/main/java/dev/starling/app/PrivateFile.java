package dev.starling.app;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/** A secret in a file that only its owner may read, made once and then the same for ever. */
final class PrivateFile {
  /** Ten times the longest secret: what is longer is something else. */
  private static final int BYTES_MAX = 20_000;

  private PrivateFile() {}

  /**
   * Reads a secret, or makes it.
   *
   * @param parse throws IllegalArgumentException if the text is no such secret
   * @param fresh makes one; whoever comes first keeps theirs
   * @throws Problem if the file is open to others, damaged, or cannot be read or written
   */
  static <T> T readOrCreate(Path file, Function<String, T> parse, Supplier<String> fresh) {
    try {
      if (!Files.exists(file)) {
        create(file, fresh.get());
      }
      Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
      if (!permissions.stream().allMatch(permission -> permission.name().startsWith("OWNER_"))) {
        throw new Problem(
            "%s is open to others (%s): chmod 600 it, and think about who may have read it"
                .formatted(file, PosixFilePermissions.toString(permissions)));
      }
      return parse.apply(read(file));
    } catch (IllegalArgumentException e) {
      throw new Problem(file + " is damaged: put a copy of it in place", e);
    } catch (IOException e) {
      throw DataFolder.failure(file, e);
    }
  }

  private static String read(Path file) throws IOException {
    if (Files.size(file) > BYTES_MAX) {
      throw new IllegalArgumentException("too long");
    }
    return Files.readString(file, StandardCharsets.ISO_8859_1).strip();
  }

  /** Puts a secret in the place of another, whole or not at all. */
  static void replace(Path file, String text) {
    try {
      Files.move(fresh(file, text), file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw DataFolder.failure(file, e);
    }
  }

  private static Path fresh(Path file, String text) throws IOException {
    Path fresh = Files.createTempFile(file.toAbsolutePath().getParent(), "", ".new"); // is 0600
    try (FileChannel out = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
      ByteBuffer bytes = StandardCharsets.ISO_8859_1.encode(text + "\n");
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
      out.force(true);
    }
    return fresh;
  }

  private static void create(Path file, String text) throws IOException {
    Path fresh = fresh(file, text);
    try {
      Files.createLink(file, fresh); // whole or not at all, and never over another
    } catch (FileAlreadyExistsException _) {
      // Another process was first: its secret is as good.
    } finally {
      Files.delete(fresh);
    }
    BackupList.sync(
        Objects.requireNonNull(
            file.toAbsolutePath().getParent())); // the name too must outlive a power cut
  }
}

package dev.starling.app;

import dev.starling.client.SavedSession;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A chat's session in a file of its own, and the claim to it: one chat at a time speaks for it. */
final class ChatProfile implements AutoCloseable {
  private static final Pattern NAME = Pattern.compile("[\\w+-][\\w.+-]{0,63}");

  /** Terminals that one person has open at once. */
  private static final int UNNAMED_MAX = 99;

  private final Path file;
  private final FileChannel claim;

  private ChatProfile(Path file, FileChannel claim) {
    this.file = file;
    this.claim = claim;
  }

  /**
   * Claims a profile.
   *
   * @param name null for the first of 1, 2, 3, ... that no other chat uses
   * @throws Problem if it is in use or its file cannot be had
   */
  static ChatProfile open(Path folder, @Nullable String name) {
    try {
      Files.createDirectories(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      if (name != null) {
        if (!NAME.matcher(name).matches()) {
          throw new Problem(
              "a profile is named by letters, digits and -_+. : choose another by --profile");
        }
        ChatProfile profile = claim(folder, name);
        if (profile == null) {
          throw new Problem(
              "another chat uses profile %s: leave that one, or choose another by --profile"
                  .formatted(name));
        }
        return profile;
      }
      return unnamed(folder);
    } catch (IOException e) {
      throw DataFolder.failure(folder, e);
    }
  }

  /**
   * Sessions that are kept here and that no chat uses, by name. Asked for, so that nobody speaks as
   * somebody else who uses the same machine.
   */
  static List<String> free(Path folder) {
    List<String> free = new ArrayList<>();
    if (!Files.isDirectory(folder)) {
      return free;
    }
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.sorted().toList()) {
        String name = String.valueOf(file.getFileName());
        if (!name.endsWith(".lock") && !name.endsWith(".new") && NAME.matcher(name).matches()) {
          ChatProfile profile = claim(folder, name);
          if (profile != null) {
            profile.close();
            free.add(name);
          }
        }
      }
      return free;
    } catch (IOException e) {
      throw DataFolder.failure(folder, e);
    }
  }

  private static ChatProfile unnamed(Path folder) throws IOException {
    for (int number = 1; number <= UNNAMED_MAX; number++) {
      ChatProfile profile = claim(folder, Integer.toString(number));
      if (profile != null) {
        return profile;
      }
    }
    throw new Problem("too many chats are open: leave some of them");
  }

  private static @Nullable ChatProfile claim(Path folder, String name) throws IOException {
    FileChannel claim =
        FileChannel.open(
            folder.resolve(name + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (claim.tryLock() != null) {
        return new ChatProfile(folder.resolve(name), claim);
      }
    } catch (OverlappingFileLockException _) {
      // In use within this process.
    }
    claim.close();
    return null;
  }

  Optional<SavedSession> load() {
    try {
      return SavedSession.load(file);
    } catch (IOException e) {
      throw new Problem(
          "cannot read the session in %s (%s): remove it to sign in anew"
              .formatted(file, e.getMessage()),
          e);
    }
  }

  void save(SavedSession session) {
    try {
      session.save(file);
    } catch (IOException e) {
      throw DataFolder.failure(file, e);
    }
  }

  void forget() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw DataFolder.failure(file, e);
    }
  }

  @Override
  public void close() {
    try {
      claim.close();
    } catch (IOException _) {
      // The end of the process frees it.
    }
  }
}

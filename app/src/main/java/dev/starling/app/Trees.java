package dev.starling.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Folders that come into being whole, or not at all. */
final class Trees {
  private Trees() {}

  /** Fills a folder. */
  interface Filling {
    void into(Path folder) throws IOException;
  }

  /**
   * Makes a folder, for its owner's eyes only: filled beside its place, synced, then moved there. A
   * crash leaves at most {@code NAME.partial}, which the next attempt removes.
   *
   * @throws Problem if something is there already; nothing is ever overwritten
   */
  static void make(Path target, Filling filling) {
    Path folder = target.toAbsolutePath().normalize();
    Path parent = folder.getParent();
    if (parent == null || Files.exists(folder)) {
      throw new Problem(folder + " is there already, and nothing is overwritten: name another");
    }
    Path partial = parent.resolve(folder.getFileName() + ".partial");
    try {
      delete(partial);
      Files.createDirectories(
          partial,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      filling.into(partial);
      BackupList.sync(partial);
      Files.move(partial, folder);
      BackupList.sync(parent);
    } catch (IOException e) {
      remove(partial);
      throw new Problem("cannot write %s: %s".formatted(folder, DataFolder.reason(e)), e);
    } catch (RuntimeException e) {
      remove(partial);
      throw e;
    }
  }

  private static void remove(Path partial) {
    try {
      delete(partial);
    } catch (IOException _) {
      // What went wrong before is what is told.
    }
  }

  /** Removes a folder and all in it, if it is there. */
  static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    for (Path path : walk(folder).reversed()) {
      Files.delete(path);
    }
  }

  /** The files of a folder, by name. */
  static List<Path> files(Path folder) throws IOException {
    return walk(folder).stream().filter(Files::isRegularFile).toList();
  }

  private static List<Path> walk(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.sorted(Comparator.naturalOrder()).toList();
    }
  }
}

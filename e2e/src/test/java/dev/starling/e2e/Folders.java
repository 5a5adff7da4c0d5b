package dev.starling.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/** Whole folders, as tests move them about. */
final class Folders {
  private Folders() {}

  /** A folder comes before what is in it. */
  static List<Path> tree(Path root) throws IOException {
    try (Stream<Path> paths = Files.walk(root)) {
      return paths.sorted().toList();
    }
  }

  static void delete(Path root) throws IOException {
    for (Path path : tree(root).reversed()) {
      Files.delete(path);
    }
  }

  /** Copies folders and files, with their permissions, and nothing else. */
  static void copy(Path from, Path to) throws IOException {
    for (Path path : tree(from)) {
      Path target = to.resolve(from.relativize(path).toString());
      if (Files.isDirectory(path)) {
        Files.createDirectory(target);
        Files.setPosixFilePermissions(target, Files.getPosixFilePermissions(path));
      } else if (Files.isRegularFile(path)) {
        Files.copy(path, target, StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
  }
}

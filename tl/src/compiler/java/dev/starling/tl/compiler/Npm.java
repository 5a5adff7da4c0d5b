package dev.starling.tl.compiler;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;

/** Fetches the schema packages once; everything after that is offline. */
final class Npm {
  private Npm() {}

  /** Runs {@code npm ci} where node_modules is not there or is older than the lock file. */
  static void fetch(Path schemaFolder) throws IOException, InterruptedException {
    Path fetched = schemaFolder.resolve("node_modules/.package-lock.json");
    Path lock = schemaFolder.resolve("package-lock.json");
    if (Files.exists(fetched)
        && Files.getLastModifiedTime(fetched).compareTo(Files.getLastModifiedTime(lock)) >= 0) {
      return;
    }
    var npm =
        new ProcessBuilder(
                List.of("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"))
            .directory(schemaFolder.toFile())
            .inheritIO();
    int status;
    try {
      status = npm.start().waitFor();
    } catch (IOException _) {
      throw failed("it is not installed");
    }
    if (status != 0) {
      throw failed("`npm ci` in " + schemaFolder + " ended with " + status);
    }
    Files.setLastModifiedTime(fetched, FileTime.fromMillis(System.currentTimeMillis()));
  }

  private static SchemaException failed(String why) {
    return new SchemaException("npm is needed once to fetch the schemas: " + why);
  }
}

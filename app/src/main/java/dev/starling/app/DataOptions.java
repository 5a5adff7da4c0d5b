package dev.starling.app;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Which server a verb is about, and for whom it prints. */
final class DataOptions {
  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "The server's data folder (default: ./data).")
  private Path data = Path.of("data");

  @Option(names = "--json", description = "Print one JSON object a line, for programs.")
  boolean json;

  DataFolder folder() {
    return new DataFolder(data);
  }
}

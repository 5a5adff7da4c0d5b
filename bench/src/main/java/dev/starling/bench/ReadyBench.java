package dev.starling.bench;

import dev.starling.bench.Bench.Options;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;

/** Time from the command to the ready line, of the second and later starts on one data folder. */
final class ReadyBench {
  private ReadyBench() {}

  static void run(Path root, Options options) throws IOException {
    int starts = options.get("starts", 10);
    try (Scratch scratch = Scratch.create()) {
      Server.start(root, scratch.path()).close(); // the first start makes keys
      long[] millis = new long[starts];
      for (int i = 0; i < starts; i++) {
        long began = System.nanoTime();
        try (Server server = Server.start(root, scratch.path())) {
          millis[i] = Duration.ofNanos(System.nanoTime() - began).toMillis();
          System.err.printf(
              "start %d: %d ms, by its own clock %d ms%n", i + 1, millis[i], server.readyMillis());
        }
      }
      Arrays.sort(millis);
      System.out.printf(
          "ready: median %d ms, least %d ms, most %d ms of %d starts%n",
          millis[starts / 2], millis[0], millis[starts - 1], starts);
    }
  }
}

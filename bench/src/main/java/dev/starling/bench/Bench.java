package dev.starling.bench;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code bench/run NAME [KEY=NUMBER ...]}. */
final class Bench {
  /** Options by name, each a whole number. */
  record Options(Map<String, Integer> given) {
    int get(String name, int otherwise) {
      return given.getOrDefault(name, otherwise);
    }
  }

  private static final Pattern OPTION = Pattern.compile("([a-z]+)=([0-9]{1,8})");

  interface Measurement {
    void run(Path root, Options options) throws Exception;
  }

  private static final Map<String, Measurement> MEASUREMENTS =
      Map.of(
          "messages", MessagesBench::run,
          "ready", ReadyBench::run,
          "idle", IdleBench::run,
          "handshakes", HandshakesBench::run,
          "halfopen", HalfOpenBench::run,
          "history", HistoryBench::run);

  private Bench() {}

  public static void main(String[] args) throws Exception {
    Measurement measurement = args.length < 2 ? null : MEASUREMENTS.get(args[1]);
    if (measurement == null) {
      usage("no such measurement");
      return;
    }
    Map<String, Integer> given = new HashMap<>();
    for (int i = 2; i < args.length; i++) {
      Matcher option = OPTION.matcher(args[i]);
      if (!option.matches()) {
        usage("an option is NAME=NUMBER, not " + args[i]);
        return;
      }
      given.put(option.group(1), Integer.parseInt(option.group(2)));
    }
    measurement.run(Path.of(args[0]), new Options(given));
  }

  private static void usage(String why) {
    System.err.println(
        why
            + ": bench/run messages [pairs=32 warmup=5 seconds=15] | ready [starts=10] | idle"
            + " [connections=8000 keys=8000 settle=45] | handshakes [clients=8 warmup=10"
            + " seconds=15] | halfopen [connections=15000 seconds=30] | history"
            + " [messages=1000000 peers=4 calls=200]");
    System.exit(2);
  }
}

package dev.starling.bench;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.function.BiFunction;

/** {@code bench/run NAME [KEY=NUMBER ...]}. */
final class Bench {
  /** Options by name, each a whole number. */
  record Options(Map<String, Integer> given) {
    int get(String name, int otherwise) {
      return given.getOrDefault(name, otherwise);
    }
  }

  interface Measurement {
    void run(Path root, Options options) throws Exception;
  }

  private static final Map<String, Measurement> MEASUREMENTS =
      Map.of("messages", MessagesBench::run, "ready", ReadyBench::run);

  private Bench() {}

  public static void main(String[] args) throws Exception {
    BiFunction<String, Integer, Integer> usage = (why, code) -> {
      System.err.println(why + ": bench/run messages [pairs=32 warmup=5 seconds=15] | ready [starts=10]");
      return code;
    };
    if (args.length < 2 || !MEASUREMENTS.containsKey(args[1])) {
      System.exit(usage.apply("no such measurement", 2));
    }
    Options options;
    try {
      options =
          new Options(
              Arrays.stream(args)
                  .skip(2)
                  .map(word -> word.split("=", 2))
                  .collect(
                      java.util.stream.Collectors.toMap(
                          pair -> pair[0], pair -> Integer.parseInt(pair[pair.length - 1]))));
    } catch (NumberFormatException e) {
      System.exit(usage.apply("an option is NAME=NUMBER", 2));
      return;
    }
    MEASUREMENTS.get(args[1]).run(Path.of(args[0]), options);
  }
}

package dev.starling.app;

import java.util.function.Function;

/**
 * One thing that an operator may set: by its key in the configuration file, or by a flag of the
 * same name.
 *
 * @param key words in lower case with dashes
 * @param fallback the text of the default
 * @param range what a value looks like, with its unit: "1 to 5", completing "its value is ..."
 * @param about what it is for and what follows from setting it, in whole sentences
 * @param parse throws IllegalArgumentException for what is out of the range
 */
record Setting<T>(
    String key, String fallback, String range, String about, Function<String, T> parse) {

  static Setting<Integer> whole(
      String key, int fallback, int from, int to, String unit, String about) {
    String range = "%d to %d%s%s".formatted(from, to, unit.isEmpty() ? "" : " ", unit);
    return new Setting<>(
        key, Integer.toString(fallback), range, about, text -> parseWhole(text, from, to));
  }

  private static int parseWhole(String text, int from, int to) {
    int value = Integer.parseInt(text);
    if (value < from || value > to) {
      throw new IllegalArgumentException("out of range");
    }
    return value;
  }

  /**
   * The value that a text means.
   *
   * @throws Problem if it means none, naming the range
   */
  T value(String text) {
    try {
      return parse.apply(text);
    } catch (IllegalArgumentException e) {
      throw new Problem(
          "%s cannot be '%s': its value is %s".formatted(key, Harmless.line(text), range), e);
    }
  }
}

package dev.starling.messenger;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class EmptyAnswersTest {
  private static String record(String method) {
    String words =
        Stream.of(method.split("\\."))
            .map(w -> w.substring(0, 1).toUpperCase(java.util.Locale.ROOT) + w.substring(1))
            .collect(Collectors.joining());
    return "dev.starling.tl.api." + words;
  }

  @Test
  void everyEntryIsAMethodOfTheNewestLayer() {
    Set<String> unknown = new TreeSet<>();
    for (String method : EmptyAnswers.METHODS) {
      try {
        Class.forName(record(method));
      } catch (ClassNotFoundException e) {
        unknown.add(method);
      }
    }
    assertTrue(unknown.isEmpty(), () -> "no such methods: " + unknown);
  }

  @Test
  void everyEntryOnlyFetches() {
    for (String method : EmptyAnswers.METHODS) {
      assertTrue(method.matches("[a-z]+\\.(get|is|received)[A-Z].*"), method);
    }
  }

  @Test
  void whatHasAnEffectIsNoEntry() {
    assertFalse(EmptyAnswers.has("messages.deleteMessages"));
  }
}

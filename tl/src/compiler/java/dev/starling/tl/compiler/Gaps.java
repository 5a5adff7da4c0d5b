package dev.starling.tl.compiler;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What cannot be said between the canonical layer and others: of what kind, and in which layers.
 */
final class Gaps {
  /** A kind of gap. */
  enum Gap {
    /** A method that the canonical layer has no more. */
    METHOD,
    /** A constructor that it has no more. */
    CONSTRUCTOR,
    /** A field that it has no more, or of another type. */
    FIELD,
    /** A method that is answered by another type now. */
    ANSWER
  }

  private final Map<Gap, Map<String, NavigableSet<Integer>>> byKind = new EnumMap<>(Gap.class);

  void add(Gap kind, String name, int layer) {
    byKind
        .computeIfAbsent(kind, _ -> new TreeMap<>())
        .computeIfAbsent(name, _ -> new TreeSet<>())
        .add(layer);
  }

  /** Names by the layers that they are said of, such as {@code 143-158}; the oldest first. */
  Map<String, List<String>> byLayers(Gap kind) {
    var grouped = new TreeMap<String, List<String>>();
    byKind
        .getOrDefault(kind, Map.of())
        .forEach(
            (name, layers) ->
                grouped.computeIfAbsent(span(layers), _ -> new ArrayList<>()).add(name));
    return grouped;
  }

  private static String span(NavigableSet<Integer> layers) {
    return layers.first().equals(layers.last())
        ? String.valueOf(layers.first())
        : layers.first() + "-" + layers.last();
  }
}

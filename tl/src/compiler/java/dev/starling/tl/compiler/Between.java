package dev.starling.tl.compiler;

import dev.starling.tl.compiler.Schema.Definition;
import dev.starling.tl.compiler.Schema.Flag;
import dev.starling.tl.compiler.Schema.Param;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The layers between those that have a schema, made of both by {@code between.txt}: which
 * definitions are already as in the next known layer, and those few that differ from both.
 */
final class Between {
  private static final int NO_LAYER = 0;

  private final NavigableMap<Integer, Schema> known = new TreeMap<>();
  private final NavigableMap<Integer, List<String>> changes = new TreeMap<>();

  private Between(List<Schema> schemas, String text) {
    schemas.forEach(schema -> known.put(schema.layer(), schema));
    int layer = NO_LAYER;
    for (String line : text.lines().filter(l -> !l.isBlank() && !l.startsWith("#")).toList()) {
      var words = new ArrayList<>(List.of(line.strip().split(" ")));
      layer = line.startsWith(" ") ? layer : Integer.parseInt(words.removeFirst());
      List<String> entries = changes.computeIfAbsent(layer, _ -> new ArrayList<>());
      boolean isDefinition = !words.isEmpty() && words.getFirst().contains("#");
      entries.addAll(isDefinition ? List.of(String.join(" ", words)) : words);
    }
  }

  /** The schemas and those between them, oldest first. */
  static List<Schema> fill(List<Schema> schemas, String text) {
    return new Between(schemas, text).filled();
  }

  private List<Schema> filled() {
    var all = new TreeMap<>(known);
    Map<String, Definition> current = Map.of();
    int from = NO_LAYER;
    for (int layer : changes.keySet()) {
      var last = known.lowerEntry(layer);
      var next = known.higherEntry(layer);
      if (last == null || next == null || known.containsKey(layer)) {
        throw new SchemaException("layer " + layer + " is not between two known ones");
      }
      if (last.getKey() != from) {
        from = last.getKey();
        current = byName(last.getValue());
      }
      var changed = new LinkedHashMap<>(current);
      for (String change : changes.getOrDefault(layer, List.of())) {
        apply(change, changed, byName(last.getValue()), byName(next.getValue()));
      }
      current = changed;
      all.put(layer, new Schema(layer, List.copyOf(changed.values())));
    }
    return List.copyOf(all.values());
  }

  private static Map<String, Definition> byName(Schema schema) {
    var byName = new LinkedHashMap<String, Definition>();
    schema.definitions().forEach(definition -> byName.put(definition.name(), definition));
    return byName;
  }

  private static void apply(
      String change,
      Map<String, Definition> definitions,
      Map<String, Definition> last,
      Map<String, Definition> next) {
    int hash = change.indexOf('#');
    if (hash >= 0) {
      String name = change.substring(0, hash);
      String[] words = change.split(" ", -1);
      definitions.put(name, derived(words, (words[1].equals("last") ? last : next).get(name)));
    } else if (next.containsKey(change)) {
      definitions.put(change, next.get(change));
    } else if (definitions.remove(change) == null) {
      throw new SchemaException("no known layer beside has " + change);
    }
  }

  /** {@code name#id next -field +field:type}. */
  private static Definition derived(String[] words, @Nullable Definition base) {
    if (base == null) {
      throw new SchemaException("nothing to derive from: " + String.join(" ", words));
    }
    Set<String> without =
        List.of(words).stream()
            .filter(w -> w.startsWith("-"))
            .map(w -> w.substring(1))
            .collect(Collectors.toSet());
    var params = new ArrayList<Param>();
    for (Param param : base.params()) {
      Flag flag = param.flag();
      if (!without.contains(param.name()) && (flag == null || !without.contains(flag.word()))) {
        params.add(param);
      }
    }
    for (String word : words) {
      if (word.startsWith("+")) {
        params.add(TlText.param(word.substring(1)));
      }
    }
    int id = Integer.parseUnsignedInt(words[0].substring(words[0].indexOf('#') + 1), 16);
    return TlText.prove(
        new Definition(base.isMethod(), base.name(), id, List.copyOf(params), base.result()));
  }
}

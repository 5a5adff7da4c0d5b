package dev.starling.tl.compiler;

import dev.starling.tl.compiler.Schema.Definition;
import dev.starling.tl.compiler.Schema.Param;
import dev.starling.tl.compiler.Schema.TypeRef;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A schema with its names resolved: which Java types it becomes, and which value is each type's
 * least.
 */
final class Model {
  private final Schema schema;
  private final String javaPackage;
  private final Map<String, List<Definition>> byType = new LinkedHashMap<>();
  private final Map<String, Definition> byName = new LinkedHashMap<>();
  private final Map<String, Definition> least = new HashMap<>();

  Model(String javaPackage, Schema schema) {
    this.javaPackage = javaPackage;
    this.schema = schema;
    for (Definition definition : schema.definitions()) {
      byName.put(definition.name(), definition);
      if (!definition.isMethod()) {
        byType.computeIfAbsent(definition.result().name(), _ -> new ArrayList<>()).add(definition);
      }
    }
    checkNames();
    findLeast();
  }

  String javaPackage() {
    return javaPackage;
  }

  List<Definition> definitions() {
    return schema.definitions();
  }

  Map<String, List<Definition>> types() {
    return byType;
  }

  Definition constructor(String name) {
    return known(byName.get(name), name);
  }

  boolean has(String name) {
    return byName.containsKey(name);
  }

  boolean hasType(String type) {
    return byType.containsKey(type);
  }

  /**
   * The Java name of a type: the record of its only constructor, or the sealed interface over
   * several.
   */
  String javaName(String type) {
    List<Definition> constructors = known(byType.get(type), type);
    return constructors.size() == 1
        ? Names.type(constructors.getFirst().name())
        : Names.union(type);
  }

  /** Whether the constructor has a sealed interface above it. */
  boolean isOneOfSeveral(Definition definition) {
    return !definition.isMethod()
        && known(byType.get(definition.result().name()), definition.name()).size() > 1;
  }

  /**
   * The constructor that says least: the one named {@code ...Empty} if it has no fields, else that
   * with the fewest required ones, unless one was chosen by hand; never {@code ...NotModified},
   * which answers a question that was not asked.
   */
  Definition least(String type) {
    return known(least.get(type), type);
  }

  private void checkNames() {
    Set<String> taken = new HashSet<>();
    schema.definitions().forEach(definition -> claim(taken, Names.type(definition.name())));
    byType.forEach(
        (type, constructors) -> {
          if (constructors.size() > 1) {
            claim(taken, Names.union(type));
          }
        });
  }

  /** Case is no difference: there are file systems that do not see it. */
  private void claim(Set<String> taken, String name) {
    if (!taken.add(name.toLowerCase(Locale.ROOT))) {
      throw new SchemaException("two definitions would be " + javaPackage + "." + name);
    }
  }

  /** Types are settled from the leaves up, so no least value contains itself. */
  private void findLeast() {
    boolean progress = true;
    while (progress) {
      progress = false;
      for (var type : byType.entrySet()) {
        if (!least.containsKey(type.getKey())) {
          var settled = type.getValue().stream().filter(this::isSettled).toList();
          var complete = settled.stream().filter(d -> !d.name().endsWith("NotModified")).toList();
          Comparator<Definition> byNeed =
              Comparator.comparing((Definition d) -> !Adapters.LAST_RESORTS.contains(d.name()))
                  .thenComparingInt(Model::need);
          var fewest = (complete.isEmpty() ? settled : complete).stream().min(byNeed);
          fewest.ifPresent(definition -> least.put(type.getKey(), definition));
          progress |= fewest.isPresent();
        }
      }
    }
  }

  private boolean isSettled(Definition definition) {
    return definition.params().stream()
        .filter(Param::isRequired)
        .map(Param::type)
        .allMatch(type -> type.vector() || isPrimitive(type) || least.containsKey(type.name()));
  }

  private static int need(Definition definition) {
    int required = (int) definition.params().stream().filter(Param::isRequired).count();
    return required == 0 && definition.name().endsWith("Empty") ? -1 : required;
  }

  static boolean isPrimitive(TypeRef type) {
    return Schema.BUILT_IN.contains(type.name());
  }

  private <T> T known(@Nullable T value, String name) {
    if (value == null) {
      throw new SchemaException(javaPackage + " has no " + name);
    }
    return value;
  }
}

package dev.starling.tl.compiler;

import static java.util.stream.Collectors.joining;

import dev.starling.tl.compiler.Schema.Definition;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The sources of one generated package: its records, sealed interfaces and registry. */
final class PackageSources {
  private final Model model;
  private final String description;
  private final Set<Integer> reached;

  /**
   * The package's parts.
   *
   * @param reached ids of the records that wire tables reach into
   */
  PackageSources(Model model, String description, Set<Integer> reached) {
    this.model = model;
    this.description = description;
    this.reached = reached;
  }

  /** Path of each source below the root of sources, and its text. */
  Map<String, String> sources() {
    var sources = new LinkedHashMap<String, String>();
    for (Definition definition : model.definitions()) {
      boolean hasFields = reached.contains(definition.id());
      put(
          sources,
          Names.type(definition.name()),
          new RecordSource(model, definition, hasFields).source());
    }
    model
        .types()
        .forEach(
            (type, constructors) -> {
              if (constructors.size() > 1) {
                put(sources, Names.union(type), union(type, constructors));
              }
            });
    put(sources, "Registry", registry());
    put(sources, "package-info", packageInfo());
    return sources;
  }

  private void put(Map<String, String> sources, String name, String source) {
    sources.put(model.javaPackage().replace('.', '/') + "/" + name + ".java", source);
  }

  private String packageInfo() {
    return """
    /** %s Generated from the schema; {@link dev.starling.tl} tells how. */
    @NullMarked
    package %s;

    import org.jspecify.annotations.NullMarked;
    """
        .formatted(description, model.javaPackage());
  }

  private String union(String type, List<Definition> constructors) {
    String name = Names.union(type);
    return """
    package %1$s;

    import dev.starling.tl.TlObject;
    import dev.starling.tl.TlReader;

    /** {@code %2$s}. */
    @SuppressWarnings("all")
    public sealed interface %3$s extends TlObject
        permits %4$s {
      /** Reads the boxed value, of any known layer. */
      static %3$s read(TlReader tl) {
        int id = tl.enter();
        %3$s value = switch (id) {
    %5$s
          default -> tl.readOther(id, %3$s.class);
        };
        tl.leave();
        return value;
      }
    }
    """
        .formatted(
            model.javaPackage(),
            type,
            name,
            constructors.stream().map(d -> Names.type(d.name())).collect(joining(", ")),
            constructors.stream().map(d -> readCase(d, "      ")).collect(joining("\n")));
  }

  private static String readCase(Definition definition, String indent) {
    String name = Names.type(definition.name());
    return indent + "case " + name + ".ID -> " + name + ".readFields(tl);";
  }

  /** Types by their number, as wire tables say it: the order of the schema, from 1. */
  static Map<String, Integer> typeNumbers(Model model) {
    var numbers = new LinkedHashMap<String, Integer>();
    model.types().keySet().forEach(type -> numbers.put(type, numbers.size() + 1));
    return numbers;
  }

  /**
   * The registry finds records by id. One switch over all would be too long a method for the JIT,
   * so 32 share it.
   */
  private String registry() {
    var buckets = new TreeMap<Integer, List<Definition>>();
    model
        .definitions()
        .forEach(d -> buckets.computeIfAbsent(d.id() >>> 27, _ -> new ArrayList<>()).add(d));
    var out = new StringBuilder();
    out.append(
        """
        package %s;

        import dev.starling.tl.TlObject;
        import dev.starling.tl.TlReader;
        import org.jspecify.annotations.Nullable;

        /** Finds the records of this package by id. */
        @SuppressWarnings("all")
        public final class Registry {
          private Registry() {}

          /** Reads the fields of the constructor or method that has this id; null if none has. */
          public static @Nullable TlObject read(int id, TlReader tl) {
            return switch (id >>> 27) {
        %s
              default -> null;
            };
          }
        """
            .formatted(
                model.javaPackage(),
                buckets.keySet().stream()
                    .map(b -> "      case " + b + " -> read" + b + "(id, tl);")
                    .collect(joining("\n"))));
    buckets.forEach(
        (bucket, definitions) ->
            out.append(
                """

                  private static @Nullable TlObject read%d(int id, TlReader tl) {
                    return switch (id) {
                %s
                      default -> null;
                    };
                  }
                """
                    .formatted(
                        bucket,
                        definitions.stream()
                            .map(d -> readCase(d, "      "))
                            .collect(joining("\n")))));
    if (!reached.isEmpty()) {
      out.append(tableParts());
    }
    return out.append("}\n").toString();
  }

  private String tableParts() {
    Map<String, Integer> numbers = typeNumbers(model);
    return """

      /** Makes the record of this id from its components; null stands for an empty one. */
      public static TlObject build(int id, @Nullable Object[] fields) {
        return switch (id) {
    %s
          default -> throw new IllegalArgumentException("wire tables do not reach " + id);
        };
      }

      /** Reads a boxed value of the type of this number. */
      public static TlObject readType(int type, TlReader tl) {
        return switch (type) {
    %s
          default -> throw new IllegalArgumentException("no type " + type);
        };
      }

      /** The least value of the type of this number. */
      public static TlObject empty(int type) {
        return switch (type) {
    %s
          default -> throw new IllegalArgumentException("no type " + type);
        };
      }
    """
        .formatted(
            model.definitions().stream()
                .filter(d -> reached.contains(d.id()))
                .map(
                    d ->
                        "      case "
                            + Names.type(d.name())
                            + ".ID -> "
                            + Names.type(d.name())
                            + ".build(fields);")
                .collect(joining("\n")),
            numbers.entrySet().stream()
                .map(
                    e ->
                        "      case "
                            + e.getValue()
                            + " -> "
                            + model.javaName(e.getKey())
                            + ".read(tl);")
                .collect(joining("\n")),
            numbers.entrySet().stream()
                .map(
                    e ->
                        "      case "
                            + e.getValue()
                            + " -> "
                            + Names.type(model.least(e.getKey()).name())
                            + ".empty();")
                .collect(joining("\n")));
  }
}

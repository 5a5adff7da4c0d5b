package dev.starling.tl.compiler;

import dev.starling.tl.compiler.Schema.Definition;
import dev.starling.tl.compiler.Schema.Param;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A layer beside the canonical one: what it has, what it lacks, what follows from that. */
final class OlderLayer {
  private final Model canonical;
  private final Model model;
  private final int layer;
  private final Map<Integer, Definition> byId = new HashMap<>();
  private final Map<String, Definition> byName = new HashMap<>();
  private final Map<String, Set<String>> vital = new HashMap<>();

  OlderLayer(Model canonical, Schema schema) {
    this.canonical = canonical;
    this.layer = schema.layer();
    this.model = new Model("layer " + layer, schema);
    for (Definition definition : schema.definitions()) {
      byId.put(definition.id(), definition);
      byName.put(definition.name(), definition);
    }
    findVital();
  }

  int layer() {
    return layer;
  }

  Model model() {
    return model;
  }

  /** The canonical definition as this layer has it: of the same id, else of the same name. */
  @Nullable Definition find(Definition definition) {
    Definition same = byId.get(definition.id());
    return same != null ? same : byName.get(definition.name());
  }

  /** What stands by choice for a constructor that the layer lacks. */
  @Nullable Definition substitute(Definition lacking) {
    return lacking.isMethod()
        ? null
        : byName.get(Adapters.SUBSTITUTES.getOrDefault(lacking.result().name(), ""));
  }

  /**
   * What is written for it where some value of the type is required; null where no answer has a
   * place for it.
   */
  @Nullable Definition lastResort(Definition lacking) {
    String type = lacking.result().name();
    return lacking.isMethod() || !model.hasType(type) ? null : model.least(type);
  }

  /**
   * The fields without which the constructor says something else: required objects of a type of
   * which the layer lacks some values.
   */
  Set<String> vital(Definition definition) {
    return vital.getOrDefault(definition.name(), Set.of());
  }

  private void findVital() {
    List<Definition> constructors =
        canonical.definitions().stream().filter(d -> !d.isMethod()).toList();
    var unsafe = new HashSet<String>();
    for (Definition definition : constructors) {
      if (find(definition) == null && substitute(definition) == null) {
        unsafe.add(definition.result().name());
      }
    }
    int known;
    do {
      known = unsafe.size();
      for (Definition definition : constructors) {
        Definition older = find(definition);
        Set<String> fields = older == null ? Set.of() : vital(older, definition, unsafe);
        if (!fields.isEmpty()) {
          vital.put(definition.name(), fields);
          unsafe.add(definition.result().name());
        }
      }
    } while (unsafe.size() > known);
  }

  private static Set<String> vital(Definition older, Definition now, Set<String> unsafe) {
    var fields = new HashSet<String>();
    for (Param param : older.params()) {
      if (param.isRequired()
          && !param.type().vector()
          && unsafe.contains(param.type().name())
          && Adapters.match(now, param).component() != WireTable.NONE) {
        fields.add(param.name());
      }
    }
    return fields;
  }
}

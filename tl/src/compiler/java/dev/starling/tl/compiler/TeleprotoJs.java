package dev.starling.tl.compiler;

import com.fasterxml.jackson.databind.JsonNode;
import dev.starling.tl.compiler.Schema.Definition;
import dev.starling.tl.compiler.Schema.Flag;
import dev.starling.tl.compiler.Schema.Param;
import dev.starling.tl.compiler.Schema.TypeRef;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The generated definitions of the npm package {@code teleproto}: JSON in a script, names in camel
 * case. The true names come from an earlier schema where that has the same id; the others are
 * turned back and proved by their CRC-32.
 */
final class TeleprotoJs {
  private static final Pattern CAPITAL =
      Pattern.compile("(?<=[a-z0-9])(?=[A-Z])|(?<=[a-z]{2})(?=[0-9])");

  private TeleprotoJs() {}

  /**
   * Reads the list.
   *
   * @param earlier the definitions of the layer before
   * @param mtproto MTProto's own, which are left out
   */
  static List<Definition> parse(
      JsonNode entries, List<Definition> earlier, List<Definition> mtproto) {
    Map<Integer, Definition> known = new HashMap<>();
    earlier.forEach(definition -> known.put(definition.id(), definition));
    Set<Integer> service = new HashSet<>();
    mtproto.forEach(definition -> service.add(definition.id()));
    var definitions = new ArrayList<Definition>();
    for (JsonNode entry : entries) {
      int id = (int) entry.path("constructorId").asLong();
      if (!service.contains(id) && !Sources.NOT_API.contains(entry.path("result").asText())) {
        Definition same = known.get(id);
        definitions.add(same != null ? same : TlText.prove(definition(entry, id)));
      }
    }
    return definitions;
  }

  private static Definition definition(JsonNode entry, int id) {
    var params = new ArrayList<Param>();
    for (var field : entry.path("argsConfig").properties()) {
      JsonNode argument = field.getValue();
      params.add(new Param(snake(field.getKey()), flag(argument), type(argument)));
    }
    String name = entry.path("name").asText();
    String namespace = entry.path("namespace").asText("");
    String lower = Character.toLowerCase(name.charAt(0)) + name.substring(1);
    return new Definition(
        entry.path("isFunction").asBoolean(),
        namespace.isEmpty() ? lower : namespace + "." + lower,
        id,
        List.copyOf(params),
        TlText.type(entry.path("result").asText()));
  }

  private static @Nullable Flag flag(JsonNode argument) {
    return argument.path("isFlag").asBoolean()
        ? new Flag(argument.path("flagName").asText(), argument.path("flagIndex").asInt())
        : null;
  }

  private static TypeRef type(JsonNode argument) {
    if (argument.path("flagIndicator").asBoolean()) {
      return TypeRef.of("#");
    }
    String name = argument.path("type").asText();
    return new TypeRef(
        name.equals("X") ? "!X" : name, argument.path("isVector").asBoolean(), false);
  }

  static String snake(String camel) {
    return camel.startsWith("flags")
        ? camel
        : CAPITAL.matcher(camel).replaceAll("_").toLowerCase(Locale.ROOT);
  }
}

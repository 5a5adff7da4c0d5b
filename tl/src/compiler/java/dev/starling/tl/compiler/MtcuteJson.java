package dev.starling.tl.compiler;

import com.fasterxml.jackson.databind.JsonNode;
import dev.starling.tl.compiler.Schema.Definition;
import dev.starling.tl.compiler.Schema.Flag;
import dev.starling.tl.compiler.Schema.Param;
import dev.starling.tl.compiler.Schema.TypeRef;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The schema files of the npm package {@code @mtcute/core}. */
final class MtcuteJson {
  /** mtcute's own inventions, which never go over the wire. */
  private static final String FAKES = "mtcute.";

  /** How mtcute marks the names of MTProto's own schema. */
  private static final String MTPROTO = "mt_";

  /** mtcute lists MTProto's methods among its constructors. */
  private static final Set<String> MTPROTO_METHODS =
      Set.of(
          "req_pq_multi",
          "req_DH_params",
          "set_client_DH_params",
          "rpc_drop_answer",
          "get_future_salts",
          "ping",
          "ping_delay_disconnect",
          "destroy_session",
          "destroy_auth_key");

  private MtcuteJson() {}

  static List<Definition> parse(JsonNode entries) {
    var definitions = new ArrayList<Definition>();
    for (JsonNode entry : entries) {
      if (!entry.path("name").asText().startsWith(FAKES)) {
        definitions.add(definition(entry));
      }
    }
    return definitions;
  }

  private static Definition definition(JsonNode entry) {
    var params = new ArrayList<Param>();
    for (JsonNode argument : entry.path("arguments")) {
      params.add(new Param(argument.path("name").asText(), flag(argument), type(argument)));
    }
    String name = plain(entry.path("name").asText());
    return new Definition(
        entry.path("kind").asText().equals("method") || MTPROTO_METHODS.contains(name),
        name,
        (int) entry.path("id").asLong(),
        List.copyOf(params),
        type(entry));
  }

  private static @Nullable Flag flag(JsonNode argument) {
    String predicate = argument.path("typeModifiers").path("predicate").asText();
    int dot = predicate.indexOf('.');
    return dot < 0
        ? null
        : new Flag(predicate.substring(0, dot), Integer.parseInt(predicate.substring(dot + 1)));
  }

  private static TypeRef type(JsonNode entry) {
    JsonNode modifiers = entry.path("typeModifiers");
    boolean bare = modifiers.path("isBareVector").asBoolean();
    // int53 is a long whose value a JavaScript number can hold.
    String name = entry.path("type").asText().replace("int53", "long");
    return new TypeRef(plain(name), bare || modifiers.path("isVector").asBoolean(), bare);
  }

  private static String plain(String name) {
    return name.startsWith(MTPROTO) ? name.substring(MTPROTO.length()) : name;
  }
}

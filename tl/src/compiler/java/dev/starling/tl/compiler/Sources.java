package dev.starling.tl.compiler;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.starling.tl.compiler.Schema.Definition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The schemas that npm has fetched: the alias {@code schema-227} in package.json is layer 227, in
 * any known format.
 */
final class Sources {
  /**
   * Types of files, of errors and of the clients themselves, which share some lists with the API.
   */
  static final Set<String> NOT_API =
      Set.of(
          "TlsClientHello", "TlsBlock", "IpPort", "AccessPointRule", "help.ConfigSimple", "Error");

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ALIAS = "schema-";
  private static final String MTCUTE_API = "tl/api-schema.json";
  private static final String MTCUTE_TL_API = "api-schema.json";
  private static final String MTCUTE_MTPROTO = "tl/mtp-schema.json";
  private static final String TELEPROTO_API = "tl/generated/api-definitions.js";
  private static final String GRAMJS_API = "tl/apiTl.js";

  private final Path modules;
  private final String between;
  private final List<Definition> mtproto;

  /**
   * The sources' places.
   *
   * @param schemaFolder where package.json lies
   * @param texts where {@code mtproto.tl} lies, which is what the packages lack of MTProto's own
   *     schema, and {@code between.txt}
   */
  Sources(Path schemaFolder, Path texts) throws IOException {
    between = Files.readString(texts.resolve("between.txt"));
    modules = schemaFolder.resolve("node_modules");
    mtproto = new ArrayList<>(TlText.parse(Files.readString(texts.resolve("mtproto.tl"))));
    try (var packages = Files.list(modules)) {
      Path newest =
          packages
              .map(p -> p.resolve(MTCUTE_MTPROTO))
              .filter(Files::exists)
              .max(Comparator.naturalOrder())
              .orElseThrow(
                  () ->
                      new SchemaException(
                          "no npm package in " + modules + " has " + MTCUTE_MTPROTO));
      mtproto.addAll(MtcuteJson.parse(JSON.readTree(newest.toFile())));
    }
  }

  /** The package that each layer's schema comes from, but for those made by {@link Between}. */
  Map<Integer, String> names() throws IOException {
    var names = new TreeMap<Integer, String>();
    JsonNode aliases = JSON.readTree(modules.resolveSibling("package.json").toFile());
    for (var alias : aliases.path("dependencies").properties()) {
      names.put(layer(Path.of(alias.getKey())), alias.getValue().asText().replace("npm:", ""));
    }
    return names;
  }

  Schema mtproto() {
    return new Schema(0, mtproto);
  }

  /** The API's schema of every layer, oldest first. */
  List<Schema> api() throws IOException {
    var folders = new TreeMap<Integer, Path>();
    try (var packages = Files.list(modules)) {
      packages
          .filter(folder -> folder.getFileName().toString().startsWith(ALIAS))
          .forEach(folder -> folders.put(layer(folder), folder));
    }
    var schemas = new ArrayList<Schema>();
    for (var folder : folders.entrySet()) {
      List<Definition> earlier = schemas.isEmpty() ? List.of() : schemas.getLast().definitions();
      List<Definition> all = definitions(folder.getValue(), earlier);
      schemas.add(new Schema(folder.getKey(), all.stream().filter(Sources::isApi).toList()));
    }
    return Between.fill(schemas, between);
  }

  /**
   * Some lists have invokeWithLayer and the like once more, without the query, under the same id.
   */
  private static boolean isApi(Definition definition) {
    boolean isPrefix = definition.isMethod() && definition.name().endsWith("Prefix");
    return !isPrefix && !NOT_API.contains(definition.result().name());
  }

  private static int layer(Path folder) {
    return Integer.parseInt(folder.getFileName().toString().substring(ALIAS.length()));
  }

  private List<Definition> definitions(Path folder, List<Definition> earlier) throws IOException {
    for (String file : List.of(MTCUTE_API, MTCUTE_TL_API)) {
      if (Files.exists(folder.resolve(file))) {
        return MtcuteJson.parse(JSON.readTree(folder.resolve(file).toFile()).path("e"));
      }
    }
    if (Files.exists(folder.resolve(TELEPROTO_API))) {
      String script = Files.readString(folder.resolve(TELEPROTO_API));
      return TeleprotoJs.parse(jsonArray(script), earlier, mtproto);
    }
    if (Files.exists(folder.resolve(GRAMJS_API))) {
      String script = Files.readString(folder.resolve(GRAMJS_API));
      return TlText.parse(script.substring(script.indexOf('`') + 1, script.lastIndexOf('`')));
    }
    throw new SchemaException(folder + " has a schema in no known format");
  }

  private static JsonNode jsonArray(String script) throws IOException {
    return JSON.readTree(script.substring(script.indexOf('['), script.lastIndexOf(']') + 1));
  }
}

package dev.starling.tl.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.starling.tl.Decoded;
import dev.starling.tl.Layer;
import dev.starling.tl.Tl;
import dev.starling.tl.compiler.Schema.Definition;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** Samples of a layer, held against a library's own reader and writer under Node. */
final class Agreement {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Agreement() {}

  /**
   * Holds samples of one layer against a script.
   *
   * @param rounds samples of each constructor and method
   * @param of which constructors and methods
   */
  static void check(String script, int layer, int rounds, Path folder, Predicate<Definition> of)
      throws IOException, InterruptedException {
    Schema schema = Schemas.of(layer);
    var values = new SchemaValues(schema, 53);
    Set<Definition> lossy = RoundTripTest.lossy(schema);
    Path samples = folder.resolve(layer + ".jsonl");
    int count = 0;
    try (var out = Files.newBufferedWriter(samples)) {
      for (Definition definition : schema.definitions().stream().filter(of).toList()) {
        for (int seed = 0; seed < rounds; seed++) {
          out.write(JSON.writeValueAsString(sample(values, layer, definition, lossy, seed)));
          out.newLine();
          count++;
        }
      }
    }
    var node =
        new ProcessBuilder(
                "node", "src/test/js/" + script, "schema", "schema-" + layer, samples.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(node.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, node.waitFor(), said);
    assertEquals(count + " samples agree\n", said);
  }

  /** The bytes are ours where the canonical layer keeps all of the value, else the schema's. */
  private static Map<String, Object> sample(
      SchemaValues values, int layer, Definition definition, Set<Definition> lossy, int seed) {
    SchemaValues.Value value = values.random(definition, seed);
    byte[] reference = SchemaValues.encode(value);
    boolean isWhole = values.used().stream().noneMatch(lossy::contains);
    byte[] ours =
        isWhole
            ? Tl.encode(
                assertInstanceOf(Decoded.Value.class, Tl.decode(reference)).value(),
                Layer.of(layer))
            : reference;
    var sample = new LinkedHashMap<String, Object>();
    sample.put("method", definition.isMethod());
    sample.put("name", definition.name());
    sample.put("hex", HexFormat.of().formatHex(ours));
    sample.put("value", plain(value));
    sample.put("gramjsKeepsAll", values.used().stream().allMatch(Agreement::gramjsKeeps));
    return sample;
  }

  /** GramJS forgets an optional Bool that is false, and keeps messages in a class of its own. */
  private static boolean gramjsKeeps(Definition definition) {
    return !definition.result().name().equals("Message")
        && definition.components().stream()
            .noneMatch(p -> p.isNullable() && p.type().name().equals("Bool"));
  }

  private static Object plain(Object value) {
    return switch (value) {
      case SchemaValues.Value v -> {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("_", v.definition().name());
        v.fields().forEach((name, field) -> fields.put(name, plain(field)));
        yield fields;
      }
      case List<?> list -> list.stream().map(Agreement::plain).toList();
      case byte[] bytes -> HexFormat.of().formatHex(bytes);
      case Long number -> number.toString();
      default -> value;
    };
  }
}

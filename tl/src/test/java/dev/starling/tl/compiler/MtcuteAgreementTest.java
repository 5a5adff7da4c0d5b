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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * mtcute's own reader and writer, under Node, agree with ours byte for byte on every constructor
 * and method of its layer: what we write it reads to the last byte and writes back the same, and
 * what it writes from fields we write too.
 */
class MtcuteAgreementTest {
  private static final int MTCUTE_LAYER = 227;
  private static final int ROUNDS = 3;

  private static final Path SCRIPT = Path.of("src/test/js/mtcute-agreement.mjs");

  @Test
  void mtcuteReadsAndWritesTheSameBytes(@TempDir Path folder)
      throws IOException, InterruptedException {
    Schema schema =
        Schemas.API.stream().filter(s -> s.layer() == MTCUTE_LAYER).findFirst().orElseThrow();
    var values = new SchemaValues(schema, 53);
    Set<Definition> lossy = RoundTripTest.lossy(schema);
    var json = new ObjectMapper();
    Path samples = folder.resolve("samples.jsonl");
    int count = 0;
    try (var out = Files.newBufferedWriter(samples)) {
      for (Definition definition : schema.definitions()) {
        for (int seed = 0; seed < ROUNDS; seed++) {
          out.write(json.writeValueAsString(sample(values, definition, lossy, seed)));
          out.newLine();
          count++;
        }
      }
    }
    var node =
        new ProcessBuilder("node", SCRIPT.toString(), "schema", samples.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(node.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, node.waitFor(), said);
    assertEquals(count + " samples agree\n", said);
  }

  /** The bytes are ours where the canonical layer keeps all of the value, else the schema's. */
  private static Map<String, Object> sample(
      SchemaValues values, Definition definition, Set<Definition> lossy, int seed) {
    SchemaValues.Value value = values.random(definition, seed);
    byte[] reference = SchemaValues.encode(value);
    Layer layer = Layer.of(MTCUTE_LAYER);
    boolean isWhole = values.used().stream().noneMatch(lossy::contains);
    byte[] ours =
        isWhole
            ? Tl.encode(assertInstanceOf(Decoded.Value.class, Tl.decode(reference)).value(), layer)
            : reference;
    var sample = new LinkedHashMap<String, Object>();
    sample.put("method", definition.isMethod());
    sample.put("hex", HexFormat.of().formatHex(ours));
    sample.put("value", plain(value));
    return sample;
  }

  private static Object plain(Object value) {
    return switch (value) {
      case SchemaValues.Value v -> {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("_", v.definition().name());
        v.fields().forEach((name, field) -> fields.put(name, plain(field)));
        yield fields;
      }
      case List<?> list -> list.stream().map(MtcuteAgreementTest::plain).toList();
      case byte[] bytes -> HexFormat.of().formatHex(bytes);
      case Long number -> number.toString();
      default -> value;
    };
  }
}

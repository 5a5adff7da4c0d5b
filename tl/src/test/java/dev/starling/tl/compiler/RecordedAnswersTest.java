package dev.starling.tl.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.starling.tl.Decoded;
import dev.starling.tl.Layer;
import dev.starling.tl.Tl;
import dev.starling.tl.TlMethod;
import dev.starling.tl.TlObject;
import dev.starling.tl.TlReader;
import dev.starling.tl.compiler.Schema.Definition;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * All that the server answered and pushed while clients of six families went through the scenario
 * of {@code e2e}, written for every layer and read to its last byte by a reader that is not ours:
 * GramJS's, given the schema of the layer. Every object must also be of the type that the layer's
 * schema has in its place. ({@code e2e}'s RecordingTest makes the record.)
 */
class RecordedAnswersTest {
  private static final String READER = "schema-198";
  private static final String PUSH = "-";
  private static final SchemaValues VALUES = new SchemaValues(Schemas.newest(), 53);

  /** A method, or {@link #PUSH}, and what was said, in the canonical layer. */
  private record Sample(String method, String hex) {}

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(ints = {143, 158, 184, 214, 229})
  void aForeignReaderOfTheLayerReadsEverything(int layer) throws Exception {
    check(layer);
  }

  @ParameterizedTest
  @Tag("long")
  @MethodSource("layers")
  void inEveryLayer(int layer) throws Exception {
    check(layer);
  }

  static IntStream layers() {
    return Schemas.API.stream().mapToInt(Schema::layer);
  }

  private void check(int number) throws IOException, InterruptedException {
    Schema schema = Schemas.of(number);
    Path text = Files.writeString(folder.resolve("schema.tl"), text(schema));
    Path samples = folder.resolve("samples.txt");
    Map<String, TlMethod<?>> calls = new HashMap<>();
    List<String> lines = new ArrayList<>();
    for (Sample sample : recorded()) {
      byte[] canonical = HexFormat.of().parseHex(sample.hex);
      byte[] written =
          sample.method.equals(PUSH)
              ? Tl.encode(value(canonical), Layer.of(number))
              : answer(
                  calls.computeIfAbsent(sample.method, RecordedAnswersTest::call),
                  canonical,
                  Layer.of(number));
      lines.add(sample.method + ' ' + HexFormat.of().formatHex(written));
    }
    Files.write(samples, lines);
    var node =
        new ProcessBuilder(
                "node",
                "src/test/js/layer-reader.mjs",
                "schema",
                READER,
                text.toString(),
                samples.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(node.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, node.waitFor(), said);
    int read = Integer.parseInt(said.split(" ", 2)[0]);
    assertTrue(read > lines.size() / 2, said);
  }

  /** Some call of the method: how its answer is read does not depend on what was asked. */
  private static TlMethod<?> call(String name) {
    Definition method =
        Schemas.newest().definitions().stream()
            .filter(d -> d.isMethod() && d.name().equals(name))
            .findFirst()
            .orElseThrow();
    return (TlMethod<?>) value(SchemaValues.encode(VALUES.random(method, 0)));
  }

  private static <R> byte[] answer(TlMethod<R> method, byte[] canonical, Layer layer) {
    R result = method.readResult(new TlReader(canonical, 0, canonical.length));
    return Tl.encodeResult(method, result, layer);
  }

  private static TlObject value(byte[] canonical) {
    return assertInstanceOf(Decoded.Value.class, Tl.decode(canonical)).value();
  }

  private static String text(Schema schema) {
    var text = new StringBuilder();
    for (boolean methods : new boolean[] {false, true}) {
      text.append(methods ? "---functions---\n" : "");
      for (Definition definition : schema.definitions()) {
        if (definition.isMethod() == methods) {
          String line = TlText.print(definition);
          int name = definition.name().length();
          String id = Integer.toHexString(definition.id());
          text.append(definition.name()).append('#').append(id).append(line.substring(name));
          text.append(";\n");
        }
      }
    }
    return text.toString();
  }

  private static List<Sample> recorded() throws IOException {
    try (var in = RecordedAnswersTest.class.getResourceAsStream("recorded.txt.gz");
        var lines =
            new BufferedReader(
                new InputStreamReader(new GZIPInputStream(in), StandardCharsets.US_ASCII))) {
      return lines
          .lines()
          .map(line -> line.split(" ", 2))
          .map(words -> new Sample(words[0], words[1]))
          .toList();
    }
  }
}

package dev.starling.tl.compiler;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.starling.tl.Decoded;
import dev.starling.tl.Layer;
import dev.starling.tl.Tl;
import dev.starling.tl.TlMethod;
import dev.starling.tl.TlObject;
import dev.starling.tl.TlReader;
import dev.starling.tl.compiler.Schema.Definition;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every constructor and method of every layer: read, and written again for the same layer and for
 * all others.
 */
class RoundTripTest {
  private static final int ROUNDS = 4;

  @Test
  void everyCanonicalConstructorAndMethodIsWrittenAsItWasRead() {
    for (Schema schema : new Schema[] {Schemas.newest(), Schemas.MTPROTO}) {
      var values = new SchemaValues(schema, 64);
      for (Definition definition : schema.definitions()) {
        for (int seed = 0; seed < ROUNDS; seed++) {
          byte[] bytes = SchemaValues.encode(values.random(definition, seed));
          TlObject value = decode(definition, bytes);
          assertEquals(definition.id(), value.constructorId(), definition.name());
          assertArrayEquals(bytes, Tl.encode(value, Layer.NEWEST), definition.name());
        }
      }
    }
  }

  @Test
  void everyRowIsWrittenAsItWasRead() {
    var values = new SchemaValues(Schemas.ROWS, 64);
    for (Definition definition : Schemas.ROWS.definitions()) {
      byte[] bytes = SchemaValues.encode(values.random(definition, 1));
      var row = assertInstanceOf(Decoded.Value.class, Tl.decodeRow(bytes), definition.name());
      assertArrayEquals(bytes, Tl.encode(row.value(), Layer.NEWEST), definition.name());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {143, 158, 166, 181, 198, 227, 229})
  void aLayerIsReadAndWritten(int layer) {
    check(Schemas.of(layer));
  }

  @Test
  @Tag("long")
  void everyLayerIsReadAndWritten() {
    Schemas.API.forEach(RoundTripTest::check);
  }

  private static void check(Schema schema) {
    anOlderLayerIsReadAndWrittenAsItWas(schema);
    whatAnOlderLayerAloneHasIsReadOver(schema);
    whateverTheNewestLayerSaysAnOlderOneCanRead(schema);
    everyAnswersLeastValueIsReadableInEveryLayer(schema);
  }

  private static void anOlderLayerIsReadAndWrittenAsItWas(Schema schema) {
    Layer layer = Layer.of(schema.layer());
    Set<Definition> lossy = lossy(schema);
    var values = new SchemaValues(schema, 64);
    int exact = 0;
    for (Definition definition : schema.definitions()) {
      byte[] bytes = SchemaValues.encode(values.random(definition, 0));
      if (values.used().stream().noneMatch(lossy::contains)) {
        byte[] written = Tl.encode(decode(definition, bytes), layer);
        assertArrayEquals(bytes, written, layer + ": " + definition.name());
        exact++;
      }
    }
    assertEquals(true, exact > schema.definitions().size() * 9 / 10, layer + ": only " + exact);
  }

  private static void whatAnOlderLayerAloneHasIsReadOver(Schema schema) {
    var values = new SchemaValues(schema, 64);
    var gone = goneTypes(schema);
    for (Definition definition : schema.definitions()) {
      byte[] bytes = SchemaValues.encode(values.random(definition, 5));
      boolean isKnown = Tl.decode(bytes) instanceof Decoded.Value;
      assertEquals(
          true,
          isKnown || values.used().stream().anyMatch(gone::contains),
          layer(schema, definition));
    }
  }

  /** Definitions whose very name the canonical layer has no more. */
  private static Set<Definition> goneTypes(Schema schema) {
    Set<String> names = new HashSet<>();
    Set<Integer> ids = new HashSet<>();
    Schemas.newest().definitions().forEach(d -> names.add(d.name()));
    Schemas.newest().definitions().forEach(d -> ids.add(d.id()));
    var gone = new HashSet<Definition>();
    for (Definition definition : schema.definitions()) {
      if (!names.contains(definition.name()) && !ids.contains(definition.id())) {
        gone.add(definition);
      }
    }
    return gone;
  }

  private static String layer(Schema schema, Definition definition) {
    return "layer " + schema.layer() + ": " + definition.name();
  }

  private static void whateverTheNewestLayerSaysAnOlderOneCanRead(Schema schema) {
    var newest = new SchemaValues(Schemas.newest(), 64);
    var older = new SchemaValues(schema, 64);
    Predicate<Definition> known = has(schema);
    for (Definition definition : Schemas.newest().definitions()) {
      if (known.test(definition)) {
        byte[] canonical = SchemaValues.encode(newest.random(definition, 7));
        byte[] bytes = Tl.encode(decode(definition, canonical), Layer.of(schema.layer()));
        assertReadable(schema, older, definition, bytes);
      }
    }
  }

  private static void everyAnswersLeastValueIsReadableInEveryLayer(Schema schema) {
    var newest = new SchemaValues(Schemas.newest(), 64);
    var values = new SchemaValues(schema, 64);
    Map<String, Definition> older = new HashMap<>();
    schema.definitions().forEach(definition -> older.put(definition.name(), definition));
    for (Definition definition : Schemas.newest().definitions()) {
      Definition method = older.get(definition.name());
      if (definition.isMethod() && !definition.isGeneric() && method != null) {
        TlObject call = decode(definition, SchemaValues.encode(newest.random(definition, 3)));
        byte[] bytes = emptyAnswer((TlMethod<?>) call, schema);
        var in = new TlReader(bytes, 0, bytes.length);
        values.walk(in, method.result());
        assertEquals(0, in.remaining(), definition.name());
      }
    }
  }

  private static <R> byte[] emptyAnswer(TlMethod<R> method, Schema schema) {
    byte[] bytes = Tl.encodeResult(method, method.emptyResult(), Layer.of(schema.layer()));
    if (schema.layer() == Layer.NEWEST.number()) {
      R read = method.readResult(new TlReader(bytes, 0, bytes.length));
      assertArrayEquals(bytes, Tl.encodeResult(method, read, Layer.NEWEST), method.methodName());
    }
    return bytes;
  }

  private static void assertReadable(
      Schema schema, SchemaValues older, Definition definition, byte[] bytes) {
    var in = new TlReader(bytes, 0, bytes.length);
    try {
      older.walk(in);
    } catch (AssertionError e) {
      throw new AssertionError("layer " + schema.layer() + ", " + definition.name(), e);
    }
    assertEquals(0, in.remaining(), definition.name());
  }

  /**
   * Whether the layer has the constructor or method, or at least others of its type to stand for
   * it.
   */
  private static Predicate<Definition> has(Schema schema) {
    Set<String> names = new HashSet<>();
    Set<Schema.TypeRef> types = new HashSet<>();
    for (Definition definition : schema.definitions()) {
      names.add(definition.name());
      if (!definition.isMethod()) {
        types.add(definition.result());
      }
    }
    return d -> names.contains(d.name()) || (!d.isMethod() && types.contains(d.result()));
  }

  /** The definitions of a layer that the canonical one lacks, or has with other fields. */
  static Set<Definition> lossy(Schema schema) {
    Map<String, Definition> byName = new HashMap<>();
    Map<Integer, Definition> byId = new HashMap<>();
    for (Definition definition : Schemas.newest().definitions()) {
      byName.put(definition.name(), definition);
      byId.put(definition.id(), definition);
    }
    var lossy = new HashSet<Definition>();
    for (Definition definition : schema.definitions()) {
      Definition now = byId.getOrDefault(definition.id(), byName.get(definition.name()));
      if (now == null || !keeps(definition, now)) {
        lossy.add(definition);
      }
    }
    return lossy;
  }

  private static boolean keeps(Definition older, Definition now) {
    return older.components().stream()
        .allMatch(f -> now.components().stream().anyMatch(n -> isSame(f, n)));
  }

  private static boolean isSame(Schema.Param a, Schema.Param b) {
    return Names.component(a.name()).equals(Names.component(b.name())) && a.type().equals(b.type());
  }

  private static TlObject decode(Definition definition, byte[] bytes) {
    return assertInstanceOf(Decoded.Value.class, Tl.decode(bytes), definition.name()).value();
  }
}

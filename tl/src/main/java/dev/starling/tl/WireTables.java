package dev.starling.tl;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the schema compiler found to differ between the canonical layer and the older ones, read
 * once from a resource: each distinct {@link Shape} once, and for each canonical constructor the
 * layers at which its shape changes.
 */
@SuppressWarnings("EnumOrdinal") // one build writes the resource and reads it
final class WireTables {
  /** In a run of layers: the canonical shape. */
  private static final int CANONICAL = 0xffff;

  private static final WireTables INSTANCE = load();

  private final Map<Integer, Map<Integer, Shape>> differing;
  private final Map<Integer, Map<Integer, Shape.Part>> adapted;
  private final int[] numbers;
  private final Map<Integer, Shape> byWireId = new HashMap<>();

  private WireTables(DataInputStream in) throws IOException {
    numbers = new int[in.readUnsignedShort()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = in.readUnsignedShort();
    }
    var shapes = new ArrayList<Shape>();
    for (int left = in.readUnsignedShort(); left > 0; left--) {
      Shape shape = readShape(in);
      shapes.add(shape);
      if (shape.use() == Shape.Use.OLDER) {
        byWireId.putIfAbsent(shape.wireId(), shape);
      }
    }
    differing = readRuns(in, numbers, shapes);
    var parts = new ArrayList<Shape.Part>();
    for (int left = in.readUnsignedShort(); left > 0; left--) {
      parts.add(new Shape.Part(in.readInt(), readOp(in)));
    }
    adapted = readRuns(in, numbers, parts);
  }

  /**
   * Runs: an id, then for each run the first layer of it and what holds from there on; to a map for
   * each layer.
   */
  private static <T> Map<Integer, Map<Integer, T>> readRuns(
      DataInputStream in, int[] numbers, List<T> entries) throws IOException {
    var byLayer = new HashMap<Integer, Map<Integer, T>>();
    for (int left = in.readUnsignedShort(); left > 0; left--) {
      int id = in.readInt();
      var runs = new TreeMap<Integer, Integer>();
      for (int run = in.readUnsignedByte(); run > 0; run--) {
        runs.put(in.readUnsignedShort(), in.readUnsignedShort());
      }
      for (int number : numbers) {
        var run = runs.floorEntry(number);
        if (run != null && run.getValue() != CANONICAL) {
          byLayer
              .computeIfAbsent(number, _ -> new HashMap<>())
              .put(id, entries.get(run.getValue()));
        }
      }
    }
    return byLayer;
  }

  private static Shape readShape(DataInputStream in) throws IOException {
    int wireId = in.readInt();
    int canonicalId = in.readInt();
    int components = in.readUnsignedByte();
    Shape.Use use = Shape.Use.values()[in.readUnsignedByte()];
    var ops = new ArrayList<Shape.Op>();
    for (int left = in.readUnsignedByte(); left > 0; left--) {
      ops.add(readOp(in));
    }
    return new Shape(wireId, canonicalId, components, use, List.copyOf(ops));
  }

  private static Shape.Op readOp(DataInputStream in) throws IOException {
    return new Shape.Op(
        Shape.Kind.values()[in.readUnsignedByte()],
        in.readUnsignedByte(),
        in.readUnsignedByte(),
        in.readUnsignedShort(),
        in.readUnsignedShort());
  }

  /**
   * All layers, for {@link Layer} to keep: made here while it loads, they would make the two wait
   * for each other.
   */
  static NavigableMap<Integer, Layer> layers() {
    var layers = new TreeMap<Integer, Layer>();
    for (int number : INSTANCE.numbers) {
      Map<Integer, Shape> shapes = INSTANCE.differing.getOrDefault(number, Map.of());
      layers.put(
          number, new Layer(number, shapes, INSTANCE.adapted.getOrDefault(number, Map.of())));
    }
    return layers;
  }

  static @Nullable Shape byWireId(int id) {
    return INSTANCE.byWireId.get(id);
  }

  private static WireTables load() {
    try (InputStream in = WireTables.class.getResourceAsStream("layers.bin")) {
      if (in == null) {
        throw new IllegalStateException(
            "layers.bin is not in the archive: the module was built without its compiler");
      }
      return new WireTables(new DataInputStream(new BufferedInputStream(in)));
    } catch (IOException e) {
      throw new UncheckedIOException("layers.bin is cut short", e);
    }
  }
}

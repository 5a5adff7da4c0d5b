package dev.starling.tl;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
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

  private final int[] numbers;
  private final Runs<Shape> shapes;
  private final Runs<Shape.Part> resultParts;
  private final ById<Shape> byWireId;

  /**
   * What holds for an id in which layers: runs of layers, each as its first layer and the number of
   * an entry.
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Runs<T>(List<T> entries, int[] ids, int[][] runs) {
    ById<T> of(int layer) {
      var found = new ById<T>(ids.length);
      for (int i = 0; i < ids.length; i++) {
        int entry = CANONICAL;
        for (int run = 0; run < runs[i].length && runs[i][run] <= layer; run += 2) {
          entry = runs[i][run + 1];
        }
        if (entry != CANONICAL) {
          found.putIfAbsent(ids[i], entries.get(entry));
        }
      }
      return found;
    }
  }

  private WireTables(DataInputStream in) throws IOException {
    numbers = new int[in.readUnsignedShort()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = in.readUnsignedShort();
    }
    var known = new ArrayList<Shape>();
    for (int left = in.readUnsignedShort(); left > 0; left--) {
      known.add(readShape(in));
    }
    byWireId = new ById<>(known.size());
    for (Shape shape : known) {
      if (shape.use() == Shape.Use.OLDER) {
        byWireId.putIfAbsent(shape.wireId(), shape);
      }
    }
    shapes = readRuns(in, known);
    var parts = new ArrayList<Shape.Part>();
    for (int left = in.readUnsignedShort(); left > 0; left--) {
      parts.add(new Shape.Part(in.readInt(), readOp(in), in.readNBytes(in.readUnsignedShort())));
    }
    resultParts = readRuns(in, parts);
  }

  private static <T> Runs<T> readRuns(DataInputStream in, List<T> entries) throws IOException {
    int count = in.readUnsignedShort();
    int[] ids = new int[count];
    int[][] runs = new int[count][];
    for (int i = 0; i < count; i++) {
      ids[i] = in.readInt();
      runs[i] = new int[2 * in.readUnsignedByte()];
      for (int j = 0; j < runs[i].length; j++) {
        runs[i][j] = in.readUnsignedShort();
      }
    }
    return new Runs<>(entries, ids, runs);
  }

  private static Shape readShape(DataInputStream in) throws IOException {
    int wireId = in.readInt();
    int canonicalId = in.readInt();
    int components = in.readUnsignedByte();
    Shape.Use use = Shape.Use.values()[in.readUnsignedByte()];
    var ops = new Shape.Op[in.readUnsignedByte()];
    for (int i = 0; i < ops.length; i++) {
      ops[i] = readOp(in);
    }
    return new Shape(wireId, canonicalId, components, use, ops);
  }

  private static Shape.Op readOp(DataInputStream in) throws IOException {
    return new Shape.Op(
        Shape.Kind.values()[in.readUnsignedByte()],
        in.readUnsignedByte(),
        in.readUnsignedByte(),
        in.readUnsignedShort(),
        in.readUnsignedShort(),
        Conversion.values()[in.readUnsignedByte()]);
  }

  /**
   * All layers, for {@link Layer} to keep: made here while it loads, they would make the two wait
   * for each other.
   */
  static NavigableMap<Integer, Layer> layers() {
    var layers = new TreeMap<Integer, Layer>();
    for (int number : INSTANCE.numbers) {
      layers.put(number, new Layer(number));
    }
    return layers;
  }

  static ById<Shape> shapes(int layer) {
    return INSTANCE.shapes.of(layer);
  }

  static ById<Shape.Part> resultParts(int layer) {
    return INSTANCE.resultParts.of(layer);
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

package dev.starling.tl;

import java.util.Map;
import java.util.NavigableMap;
import org.jspecify.annotations.Nullable;

/**
 * The API schema's version that a client speaks. What differs from the canonical layer (the newest)
 * is in the wire tables; the rest is written by generated code.
 */
public final class Layer {
  private static final NavigableMap<Integer, Layer> ALL = WireTables.layers();

  /** The canonical layer, whose types the generated records are. */
  public static final Layer NEWEST = ALL.lastEntry().getValue();

  private final int number;
  private final Map<Integer, Shape> shapes;
  private final Map<Integer, Shape.Part> resultParts;

  Layer(int number, Map<Integer, Shape> shapes, Map<Integer, Shape.Part> resultParts) {
    this.number = number;
    this.shapes = shapes;
    this.resultParts = resultParts;
  }

  /**
   * The layer of this number; where its schema is not known, the nearest known one (of two as near,
   * the older: what it lacks is left out, while an object of a newer layer breaks a client at
   * once).
   */
  public static Layer of(int requested) {
    var below = ALL.floorEntry(requested);
    var above = ALL.ceilingEntry(requested);
    if (below == null) {
      return ALL.firstEntry().getValue();
    }
    return above != null && above.getKey() - requested < requested - below.getKey()
        ? above.getValue()
        : below.getValue();
  }

  public int number() {
    return number;
  }

  /**
   * The shape in which this layer has the canonical constructor; null if it is the canonical one.
   */
  @Nullable Shape shape(int canonicalId) {
    return shapes.get(canonicalId);
  }

  /**
   * Where the layer's answer to a method is a part of the canonical answer, how that part is
   * written; else null.
   */
  Shape.@Nullable Part resultPart(int methodId) {
    return resultParts.get(methodId);
  }

  /** Whether the layer has the constructor, or one that stands for it. */
  boolean expresses(TlObject value) {
    Shape shape = shape(value.constructorId());
    return shape == null || shape.use() != Shape.Use.LAST_RESORT;
  }

  @Override
  public String toString() {
    return "layer " + number;
  }
}

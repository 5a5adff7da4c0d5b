package dev.starling.tl;

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
  private volatile @Nullable ById<Shape> shapes;
  private volatile @Nullable ById<Shape.Part> resultParts;

  Layer(int number) {
    this.number = number;
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
    return shapes().get(canonicalId);
  }

  /** All shapes that are not canonical, made when first asked for: few layers are ever spoken. */
  ById<Shape> shapes() {
    ById<Shape> made = shapes;
    if (made == null) {
      made = WireTables.shapes(number);
      shapes = made;
    }
    return made;
  }

  /** Where the layer's answer to a method is of another type, how it is written; else null. */
  Shape.@Nullable Part resultPart(int methodId) {
    ById<Shape.Part> made = resultParts;
    if (made == null) {
      made = WireTables.resultParts(number);
      resultParts = made;
    }
    return made.get(methodId);
  }

  /** Whether the layer has the constructor, or one that stands for it, and what it must hold. */
  boolean expresses(TlObject value) {
    Shape shape = shape(value.constructorId());
    return shape == null || shape.expresses((Fields) value, this);
  }

  @Override
  public String toString() {
    return "layer " + number;
  }
}

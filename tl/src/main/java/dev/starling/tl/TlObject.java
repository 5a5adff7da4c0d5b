package dev.starling.tl;

/**
 * A value of the TL language (core.telegram.org/mtproto/TL): one constructor of a type, or one call
 * of a method. Generated records and the hand-written core implement it; all are immutable as far
 * as their arrays are left alone.
 */
public interface TlObject {
  /** The CRC-32 that names the constructor on the wire, in the canonical layer. */
  int constructorId();

  /**
   * Writes the boxed value, in the shape of the writer's layer: the constructor id, then the
   * fields.
   */
  void write(TlWriter out);
}

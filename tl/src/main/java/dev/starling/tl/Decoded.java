package dev.starling.tl;

/** What some bytes were found to be. */
public sealed interface Decoded {
  /** A value, in the canonical layer's types whichever layer wrote it. */
  record Value(TlObject value) implements Decoded {}

  /**
   * A constructor or method that no known layer has, or a wrapper such as invokeWithLayer around
   * one.
   */
  record Unknown(int constructorId) implements Decoded {}

  /** Not TL, or over a limit of {@link TlReader}; the reason quotes no content. */
  record Malformed(String reason) implements Decoded {}
}

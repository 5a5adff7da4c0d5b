package dev.starling.mtproto;

import org.jspecify.annotations.Nullable;

/**
 * The ways to tell packets apart in a stream (core.telegram.org/mtproto/mtproto-transports).
 * Abridged and full are not spoken yet.
 */
public enum Framing {
  /** Length, packet. */
  INTERMEDIATE(0xeeeeeeee),
  /** Length, packet, a few random bytes. */
  PADDED_INTERMEDIATE(0xdddddddd);

  /** What a stream begins with, or carries at 56 of its obfuscated2 header. */
  final int tag;

  Framing(int tag) {
    this.tag = tag;
  }

  static @Nullable Framing ofTag(int tag) {
    for (Framing framing : values()) {
      if (framing.tag == tag) {
        return framing;
      }
    }
    return null;
  }

  /** The codec of one connection, read from {@code peer}. */
  FrameCodec codec(Side peer) {
    return switch (this) {
      case INTERMEDIATE -> new IntermediateCodec(false, peer);
      case PADDED_INTERMEDIATE -> new IntermediateCodec(true, peer);
    };
  }
}

package dev.starling.mtproto;

import org.jspecify.annotations.Nullable;

/** The ways to tell packets apart in a stream (core.telegram.org/mtproto/mtproto-transports). */
public enum Framing {
  /** Length in words, in one byte where it fits, packet. */
  ABRIDGED(0xefefefef),
  /** Length, packet. */
  INTERMEDIATE(0xeeeeeeee),
  /** Length, packet, a few random bytes. */
  PADDED_INTERMEDIATE(0xdddddddd),
  /** Length, number, packet, CRC32. It has no tag, so it is never obfuscated. */
  FULL(0);

  /** What a stream begins with, or carries at 56 of its obfuscated2 header. */
  final int tag;

  Framing(int tag) {
    this.tag = tag;
  }

  static @Nullable Framing ofTag(int tag) {
    return switch (tag) {
      case 0xefefefef -> ABRIDGED;
      case 0xeeeeeeee -> INTERMEDIATE;
      case 0xdddddddd -> PADDED_INTERMEDIATE;
      default -> null;
    };
  }

  /** What a plain stream of this framing begins with, before its first frame. */
  byte[] opening() {
    return switch (this) {
      case ABRIDGED -> new byte[] {(byte) tag};
      case FULL -> new byte[0];
      case INTERMEDIATE, PADDED_INTERMEDIATE -> {
        byte[] opening = new byte[Integer.BYTES];
        Bytes.putInt(opening, 0, tag);
        yield opening;
      }
    };
  }

  /** The codec of one connection, read from {@code peer}. */
  FrameCodec codec(Side peer) {
    return switch (this) {
      case ABRIDGED -> new AbridgedCodec(peer);
      case INTERMEDIATE -> new IntermediateCodec(false, peer);
      case PADDED_INTERMEDIATE -> new IntermediateCodec(true, peer);
      case FULL -> new FullCodec(peer);
    };
  }
}

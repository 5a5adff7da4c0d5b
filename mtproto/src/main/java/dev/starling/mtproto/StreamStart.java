package dev.starling.mtproto;

/** What the first bytes of a stream say: one port serves all transports. */
enum StreamStart {
  INTERMEDIATE,
  PADDED_INTERMEDIATE,
  ABRIDGED,
  FULL,
  HTTP,
  TLS,
  /** Nothing yet; if it remains so, it is obfuscated2, which avoids all the others. */
  UNDECIDED;

  private static final int HEAD = 0x44414548;
  private static final int POST = 0x54534f50;
  private static final int GET = 0x20544547;
  private static final int OPTIONS = 0x4954504f;

  /** A hello of 512..767 bytes, the size that obfuscated2 is bound to avoid. */
  private static final int TLS_HELLO = 0x02010316;

  /**
   * Reads the first {@code length} bytes of {@code head}. Each rule speaks as soon as its last byte
   * is there.
   */
  static StreamStart of(byte[] head, int length) {
    if (length >= 1 && head[0] == (byte) 0xef) {
      return ABRIDGED;
    }
    if (length < 4) {
      return UNDECIDED;
    }
    int word = Bytes.intAt(head, 0);
    return switch (word) {
      case 0xeeeeeeee -> INTERMEDIATE;
      case 0xdddddddd -> PADDED_INTERMEDIATE;
      case HEAD, POST, GET, OPTIONS -> HTTP;
      case TLS_HELLO -> TLS;
      default -> {
        if (length >= 6 && isHelloOfAnySize(head)) {
          yield TLS;
        }
        // Full: length, then seqno, which begins with 0.
        yield length >= 8 && Bytes.intAt(head, 4) == 0 ? FULL : UNDECIDED;
      }
    };
  }

  /**
   * Type 22, version 3.1 to 3.3, a length of at most 2^14, and a ClientHello (1) in the record. Of
   * obfuscated2 headers one in 2^32 looks so, as few as look like the four bytes of any other rule.
   */
  private static boolean isHelloOfAnySize(byte[] head) {
    int length = ((head[3] & 0xff) << 8) | (head[4] & 0xff);
    return head[0] == 22
        && head[1] == 3
        && head[2] >= 1
        && head[2] <= 3
        && length <= 1 << 14
        && head[5] == 1;
  }
}

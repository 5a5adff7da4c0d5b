package dev.starling.tl;

import java.io.Serial;

/**
 * These bytes are no TL value. It carries no stack trace, since a peer may cause it as often as it
 * likes; {@link Tl#decode} turns it into a {@link Decoded}.
 */
public final class TlException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  private final int unknownId;

  TlException(String reason) {
    this(reason, 0);
  }

  private TlException(String reason, int unknownId) {
    super(reason, null, false, false);
    this.unknownId = unknownId;
  }

  /** A call of a method that no known layer has. */
  static TlException unknownMethod(int id) {
    return new TlException("unknown method " + Integer.toHexString(id), id);
  }

  Decoded verdict() {
    return unknownId == 0
        ? new Decoded.Malformed(String.valueOf(getMessage()))
        : new Decoded.Unknown(unknownId);
  }
}

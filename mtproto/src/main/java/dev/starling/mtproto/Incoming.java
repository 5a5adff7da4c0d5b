package dev.starling.mtproto;

import dev.starling.tl.Decoded;
import dev.starling.tl.GzipBudget;
import dev.starling.tl.GzipPacked;
import dev.starling.tl.MsgContainer;
import dev.starling.tl.Tl;
import dev.starling.tl.TlException;
import org.jspecify.annotations.Nullable;

/** Reads what one packet carries, with one budget for all that is packed in it. */
final class Incoming {
  private final GzipBudget budget;
  private final int unpackedMax;

  /**
   * @param bytes what the value was read from, all that was packed in it included
   */
  record Body(Decoded value, int bytes) {}

  /**
   * @param unpackedMax bytes that all packed bodies of the packet may unpack to together: a small
   *     packet full of zeros takes no more memory than that
   */
  Incoming(int unpackedMax) {
    this.unpackedMax = unpackedMax;
    this.budget = new GzipBudget(unpackedMax);
  }

  /** "gzip_packed is used to replace any other object", though not another gzip_packed. */
  Body open(byte[] body) {
    int before = budget.left();
    Decoded value = decode(body);
    return new Body(value, body.length + before - budget.left());
  }

  /** Bytes of the packet's body, and of all that was packed in it so far. */
  int bytes(byte[] body) {
    return body.length + unpackedMax - budget.left();
  }

  private Decoded decode(byte[] body) {
    Decoded decoded = Tl.decode(body, budget);
    if (!(decoded instanceof Decoded.Value(GzipPacked packed))) {
      return decoded;
    }
    byte[] plain = unpack(packed.packed());
    if (plain == null || startsWith(plain, GzipPacked.ID)) {
      return new Decoded.Malformed("gzip_packed");
    }
    return Tl.decode(plain, budget);
  }

  /** A result as it was before gzip_packed; null when that is damaged or too large. */
  byte @Nullable [] result(byte[] result) {
    if (!startsWith(result, GzipPacked.ID)) {
      return result;
    }
    return Tl.decode(result) instanceof Decoded.Value(GzipPacked packed)
        ? unpack(packed.packed())
        : null;
  }

  static boolean isContainer(byte[] body) {
    return startsWith(body, MsgContainer.ID);
  }

  private byte @Nullable [] unpack(byte[] packed) {
    try {
      return budget.unpack(packed);
    } catch (TlException _) {
      return null;
    }
  }

  private static boolean startsWith(byte[] body, int constructorId) {
    return body.length >= 4 && Bytes.intAt(body, 0) == constructorId;
  }
}

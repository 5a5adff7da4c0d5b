package dev.starling.mtproto;

import dev.starling.tl.Decoded;
import dev.starling.tl.GzipPacked;
import dev.starling.tl.MsgContainer;
import dev.starling.tl.PacketBudget;
import dev.starling.tl.Tl;
import dev.starling.tl.TlException;
import dev.starling.tl.api.InvokeAfterMsg;
import dev.starling.tl.api.InvokeWithLayer;
import dev.starling.tl.api.InvokeWithoutUpdates;
import org.jspecify.annotations.Nullable;

/** Reads what one packet carries, with one budget for all that is in it. */
final class Incoming {
  private final PacketBudget budget;
  private final int unpackedMax;

  /**
   * @param bytes what the value was read from, all that was packed in it included
   * @param layer what invokeWithLayer said around a call that nobody knows; 0 when nothing did
   */
  record Body(Decoded value, int bytes, int layer) {}

  /**
   * @param unpackedMax bytes that all packed bodies of the packet may unpack to together: a small
   *     packet full of zeros takes no more memory than that
   */
  Incoming(int unpackedMax) {
    this.unpackedMax = unpackedMax;
    this.budget = new PacketBudget(unpackedMax);
  }

  /** "gzip_packed is used to replace any other object", though not another gzip_packed. */
  Body open(byte[] body) {
    int before = budget.left();
    byte[] plain = body;
    Decoded value = Tl.decode(body, budget);
    if (value instanceof Decoded.Value(GzipPacked packed)) {
      plain = unpack(packed.packed());
      value =
          plain == null || startsWith(plain, GzipPacked.ID)
              ? new Decoded.Malformed("gzip_packed")
              : Tl.decode(plain, budget);
    }
    int layer = value instanceof Decoded.Unknown && plain != null ? layer(plain) : 0;
    return new Body(value, body.length + before - budget.left(), layer);
  }

  /** Bytes of the packet's body, and of all that was packed in it so far. */
  int bytes(byte[] body) {
    return body.length + unpackedMax - budget.left();
  }

  /** A client that begins with a method that we do not know has told its layer all the same. */
  private static int layer(byte[] call) {
    int at = 0;
    while (at + 8 <= call.length) {
      switch (Bytes.intAt(call, at)) {
        case InvokeWithoutUpdates.ID -> at += 4;
        case InvokeAfterMsg.ID -> at += 4 + Long.BYTES;
        case InvokeWithLayer.ID -> {
          return Bytes.intAt(call, at + 4);
        }
        default -> {
          return 0;
        }
      }
    }
    return 0;
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

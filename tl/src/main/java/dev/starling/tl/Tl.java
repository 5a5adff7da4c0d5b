package dev.starling.tl;

import org.jspecify.annotations.Nullable;

/** Bytes to values and back. */
public final class Tl {
  private Tl() {}

  /**
   * Reads one boxed value that a peer sent: a constructor or method of any known layer of the API,
   * of MTProto, or of the core. Bytes after it are left alone: TDLib pads its handshake messages
   * within their stated length.
   */
  public static Decoded decode(byte[] data, int offset, int length) {
    return decode(new TlReader(data, offset, length), Tl::readAny);
  }

  /** As {@link #decode(byte[], int, int)}, of a whole array. */
  public static Decoded decode(byte[] data) {
    return decode(data, 0, data.length);
  }

  /**
   * As {@link #decode(byte[])}, for a part of a packet: a packed query inside wrappers takes from
   * the packet's budget.
   */
  public static Decoded decode(byte[] data, PacketBudget budget) {
    return decode(new TlReader(data, 0, data.length, budget), Tl::readAny);
  }

  /** Reads one of Starling's own rows at rest; no peer can send one. */
  public static Decoded decodeRow(byte[] data) {
    return decode(new TlReader(data, 0, data.length), dev.starling.tl.row.Registry::read);
  }

  public static byte[] encode(TlObject value, Layer layer) {
    var out = new TlWriter(layer);
    value.write(out);
    return out.toByteArray();
  }

  public static <R> byte[] encodeResult(TlMethod<R> method, R result, Layer layer) {
    var out = new TlWriter(layer);
    method.writeResult(out, result);
    return out.toByteArray();
  }

  private interface ById {
    @Nullable TlObject read(int id, TlReader in);
  }

  private static Decoded decode(TlReader in, ById reader) {
    try {
      int id = in.enter();
      TlObject value = reader.read(id, in);
      return value == null ? new Decoded.Unknown(id) : new Decoded.Value(value);
    } catch (TlException e) {
      return e.verdict();
    }
  }

  /** Reads the fields of whatever has this id; null if nothing has. */
  static @Nullable TlObject readAny(int id, TlReader in) {
    return switch (id) {
      case MsgContainer.ID -> MsgContainer.readFields(in);
      case GzipPacked.ID -> GzipPacked.readFields(in);
      case RpcResult.ID -> RpcResult.readFields(in);
      default -> {
        TlObject service = dev.starling.tl.mt.Registry.read(id, in);
        yield service != null ? service : readApi(id, in);
      }
    };
  }

  private static @Nullable TlObject readApi(int id, TlReader in) {
    TlObject canonical = dev.starling.tl.api.Registry.read(id, in);
    if (canonical != null) {
      return canonical;
    }
    Shape shape = WireTables.byWireId(id);
    return shape == null || shape.canonicalId() == 0 ? null : shape.read(in);
  }

  /** Reads a boxed object of whatever type, only to come behind it. */
  static TlObject skip(TlReader in) {
    int id = in.enter();
    TlObject value = dev.starling.tl.api.Registry.read(id, in);
    if (value == null) {
      value = in.readOther(id, TlObject.class);
    }
    in.leave();
    return value;
  }

  static TlMethod<?> readMethod(int id, TlReader in) {
    TlObject value = readApi(id, in);
    if (value == null) {
      throw TlException.unknownMethod(id);
    }
    if (value instanceof TlMethod<?> method) {
      return method;
    }
    throw new TlException("constructor " + Integer.toHexString(id) + " in the place of a method");
  }
}

package dev.starling.tl;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.InflaterInputStream;

/**
 * Packed bodies: {@code gzip_packed} carries RFC 1952 by the specification, RFC 1950 (zlib) from
 * TDLib and mtcute.
 */
public final class Gzip {
  private static final int GZIP_MAGIC = 0x1f;
  private static final int BUFFER = 8 << 10;

  private Gzip() {}

  /**
   * Unpacks either form, told apart by the first byte.
   *
   * @param cap the most bytes that may come out; the memory taken never exceeds it by more than a
   *     buffer
   * @throws TlException if the data is damaged, cut short, or unpacks to more than {@code cap}
   */
  public static byte[] unpack(byte[] data, int cap) {
    if (data.length == 0) {
      throw new TlException("empty gzip");
    }
    var source = new ByteArrayInputStream(data);
    try (InputStream in =
        data[0] == GZIP_MAGIC
            ? new GZIPInputStream(source, BUFFER)
            : new InflaterInputStream(source)) {
      byte[] unpacked = in.readNBytes(cap);
      if (in.read() >= 0) {
        throw new TlException("gzip unpacks to more than " + cap + " bytes");
      }
      return unpacked;
    } catch (IOException e) {
      throw new TlException("damaged gzip");
    }
  }

  /** Packs with a gzip header, which every client reads. */
  public static byte[] pack(byte[] data) {
    var packed = new ByteArrayOutputStream(data.length / 2 + 32);
    try (var out = new GZIPOutputStream(packed)) {
      out.write(data);
    } catch (IOException e) {
      throw new UncheckedIOException("a byte array refused a write", e);
    }
    return packed.toByteArray();
  }
}

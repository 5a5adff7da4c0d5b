package dev.starling.app;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Writes a black and white picture as PNG (RFC 2083), which spares us the JDK's desktop module. */
final class Png {
  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 26, '\n'};
  private static final int HEADER_BYTES = 13;

  private Png() {}

  /** Whether the square at a place is black. */
  @FunctionalInterface
  interface Squares {
    boolean isBlack(int x, int y);
  }

  /** A picture of {@code size} by {@code size} squares, each {@code scale} pixels wide. */
  static byte[] of(int size, int scale, Squares squares) {
    int width = size * scale;
    int row = 1 + (width + 7) / 8; // "each scanline is preceded by a filter-type byte"
    byte[] pixels = new byte[row * width];
    for (int y = 0; y < width; y++) {
      for (int x = 0; x < width; x++) {
        if (!squares.isBlack(x / scale, y / scale)) {
          pixels[y * row + 1 + x / 8] |= (byte) (0x80 >> x % 8);
        }
      }
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(SIGNATURE);
    // One bit a pixel, greyscale, the only compression, filter and no interlace.
    chunk(
        out,
        "IHDR",
        ByteBuffer.allocate(HEADER_BYTES).putInt(width).putInt(width).put((byte) 1).array());
    chunk(out, "IDAT", deflated(pixels));
    chunk(out, "IEND", new byte[0]);
    return out.toByteArray();
  }

  private static byte[] deflated(byte[] bytes) {
    Deflater deflater = new Deflater();
    deflater.setInput(bytes);
    deflater.finish();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] buffer = new byte[1024];
    while (!deflater.finished()) {
      out.write(buffer, 0, deflater.deflate(buffer));
    }
    deflater.end();
    return out.toByteArray();
  }

  /** "Length, type, data, CRC of the last two." */
  private static void chunk(ByteArrayOutputStream out, String type, byte[] data) {
    byte[] name = type.getBytes(StandardCharsets.US_ASCII);
    CRC32 crc = new CRC32();
    crc.update(name);
    crc.update(data);
    out.writeBytes(ByteBuffer.allocate(4).putInt(data.length).array());
    out.writeBytes(name);
    out.writeBytes(data);
    out.writeBytes(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
  }
}

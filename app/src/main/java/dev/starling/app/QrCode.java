package dev.starling.app;

import io.nayuki.qrcodegen.QrCode.Ecc;

/** A text as a QR code made of characters, two squares a character. */
final class QrCode {
  /** "Four modules wide" (ISO/IEC 18004); two are enough on a screen, and links are long. */
  private static final int QUIET = 2;

  private static final int PICTURE_QUIET = 4;

  /** The width of a square in a picture: a code of 60 squares is as wide as a hand. */
  private static final int PIXELS = 8;

  private QrCode() {}

  /** Light squares are drawn, as most terminals are dark; readers take both ways. */
  static String text(String content) {
    var code = io.nayuki.qrcodegen.QrCode.encodeText(content, Ecc.LOW);
    StringBuilder text = new StringBuilder();
    for (int y = -QUIET; y < code.size + QUIET; y += 2) {
      for (int x = -QUIET; x < code.size + QUIET; x++) {
        boolean upper = !code.getModule(x, y);
        boolean lower = !code.getModule(x, y + 1) && y + 1 < code.size + QUIET;
        text.append(upper ? (lower ? '\u2588' : '\u2580') : (lower ? '\u2584' : ' '));
      }
      text.append('\n');
    }
    return text.toString();
  }

  /** The same as a picture in PNG. */
  static byte[] png(String content) {
    var code = io.nayuki.qrcodegen.QrCode.encodeText(content, Ecc.LOW);
    return Png.of(
        code.size + 2 * PICTURE_QUIET,
        PIXELS,
        (x, y) -> code.getModule(x - PICTURE_QUIET, y - PICTURE_QUIET));
  }
}

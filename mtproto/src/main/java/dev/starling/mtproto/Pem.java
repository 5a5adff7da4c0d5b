package dev.starling.mtproto;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Textual armour of keys (RFC 7468): lines of 64 characters, no newline at the end. */
final class Pem {
  private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[] {'\n'});

  private Pem() {}

  static String encode(String label, byte[] der) {
    return begin(label)
        + '\n'
        + new String(LINES.encode(der), StandardCharsets.US_ASCII)
        + '\n'
        + end(label);
  }

  /**
   * @throws IllegalArgumentException if the text is no such armour; it is not repeated in the
   *     message
   */
  static byte[] decode(String label, String pem) {
    String text = pem.strip();
    if (!text.startsWith(begin(label)) || !text.endsWith(end(label))) {
      throw new IllegalArgumentException("no PEM text of a " + label);
    }
    String base64 = text.substring(begin(label).length(), text.length() - end(label).length());
    return Base64.getMimeDecoder().decode(base64);
  }

  private static String begin(String label) {
    return "-----BEGIN " + label + "-----";
  }

  private static String end(String label) {
    return "-----END " + label + "-----";
  }
}

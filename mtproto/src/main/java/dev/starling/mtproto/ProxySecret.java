package dev.starling.mtproto;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/**
 * The secret of a proxy address: 16 bytes that key obfuscated2, and how its links tell clients to
 * frame. It is shown only by {@link #format()}.
 *
 * <p>Links write it in hexadecimal or base64: {@code <16 bytes>} or {@code dd <16 bytes>}.
 */
@SuppressWarnings("ArrayRecordComponent") // never changed; equals, hashCode and toString mind it
public record ProxySecret(byte[] key16, Kind kind) {
  private static final int KEY_BYTES = 16;
  private static final byte PADDED_PREFIX = (byte) 0xdd;

  /** How a link's clients frame. */
  public enum Kind {
    /** As they like. */
    PLAIN,
    /** Padded intermediate and nothing else, so that packet sizes betray less. */
    PADDED;

    boolean allows(Framing framing) {
      return this == PLAIN || framing == Framing.PADDED_INTERMEDIATE;
    }
  }

  public ProxySecret {
    if (key16.length != KEY_BYTES) {
      throw new IllegalArgumentException("a proxy secret has " + KEY_BYTES + " bytes");
    }
  }

  /**
   * Reads what {@link #format()} or a link says.
   *
   * @throws IllegalArgumentException if it is no secret of a kind known here; the message does not
   *     repeat it
   */
  public static ProxySecret parse(String text) {
    byte[] bytes = bytes(text);
    if (bytes.length == KEY_BYTES) {
      return new ProxySecret(bytes, Kind.PLAIN);
    }
    if (bytes.length == 1 + KEY_BYTES && bytes[0] == PADDED_PREFIX) {
      return new ProxySecret(Bytes.slice(bytes, 1, bytes.length), Kind.PADDED);
    }
    throw new IllegalArgumentException(
        "a proxy secret is 16 bytes, or dd and 16 bytes, in hex or base64");
  }

  /** In lower-case hexadecimal. */
  public String format() {
    return (kind == Kind.PADDED ? "dd" : "") + HexFormat.of().formatHex(key16);
  }

  /** "Parse order: hex, base64url, base64." */
  private static byte[] bytes(String text) {
    if (text.length() % 2 == 0 && text.chars().allMatch(HexFormat::isHexDigit)) {
      return HexFormat.of().parseHex(text);
    }
    return Base64.getUrlDecoder().decode(text.replace('+', '-').replace('/', '_'));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ProxySecret that
        && kind == that.kind
        && MessageDigest.isEqual(key16, that.key16);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(key16) + kind.hashCode();
  }

  @Override
  public String toString() {
    return "ProxySecret[" + kind + "]";
  }
}

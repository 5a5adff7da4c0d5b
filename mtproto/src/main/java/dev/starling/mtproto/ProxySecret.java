package dev.starling.mtproto;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/**
 * The secret of a proxy address: 16 bytes that key obfuscated2, and how its links tell clients to
 * frame. It is shown only by {@link #format()}.
 *
 * <p>Links write it in hexadecimal or base64: {@code <16 bytes>}, {@code dd <16 bytes>} or {@code
 * ee <16 bytes> <domain>}.
 *
 * @param domain the server name in the hellos of fake TLS; empty for the other kinds
 */
@SuppressWarnings("ArrayRecordComponent") // never changed; equals, hashCode and toString mind it
public record ProxySecret(byte[] key16, Kind kind, String domain) {
  private static final int KEY_BYTES = 16;
  private static final byte PADDED_PREFIX = (byte) 0xdd;
  private static final byte FAKE_TLS_PREFIX = (byte) 0xee;

  /** "Domain <= 182" bytes, by TDLib. */
  private static final int DOMAIN_BYTES_MAX = 182;

  /** How a link's clients frame. */
  public enum Kind {
    /** As they like. */
    PLAIN,
    /** Padded intermediate and nothing else, so that packet sizes betray less. */
    PADDED,
    /** The same inside fake TLS, and nowhere else. */
    FAKE_TLS;

    boolean allows(Framing framing) {
      return this == PLAIN || framing == Framing.PADDED_INTERMEDIATE;
    }
  }

  public ProxySecret {
    if (key16.length != KEY_BYTES) {
      throw new IllegalArgumentException("a proxy secret has " + KEY_BYTES + " bytes");
    }
    boolean nameable =
        domain.length() <= DOMAIN_BYTES_MAX && domain.chars().allMatch(c -> c > ' ' && c < 127);
    if (!nameable || (kind == Kind.FAKE_TLS) == domain.isEmpty()) {
      throw new IllegalArgumentException(
          "fake TLS, and nothing else, has a domain of 1 to " + DOMAIN_BYTES_MAX + " characters");
    }
  }

  /** One of a kind without a domain. */
  public ProxySecret(byte[] key16, Kind kind) {
    this(key16, kind, "");
  }

  /** Whether it fits nothing outside fake TLS. */
  public boolean isForTls() {
    return kind == Kind.FAKE_TLS;
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
    if (bytes.length > 1 + KEY_BYTES && bytes[0] == FAKE_TLS_PREFIX) {
      return new ProxySecret(
          Bytes.slice(bytes, 1, 1 + KEY_BYTES),
          Kind.FAKE_TLS,
          new String(bytes, 1 + KEY_BYTES, bytes.length - 1 - KEY_BYTES, ISO_8859_1));
    }
    throw new IllegalArgumentException(
        "a proxy secret is 16 bytes, dd and 16 bytes, or ee, 16 bytes and a domain, in hex or"
            + " base64");
  }

  /** In lower-case hexadecimal. */
  public String format() {
    String key = HexFormat.of().formatHex(key16);
    return switch (kind) {
      case PLAIN -> key;
      case PADDED -> "dd" + key;
      case FAKE_TLS -> "ee" + key + HexFormat.of().formatHex(domain.getBytes(ISO_8859_1));
    };
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
        && domain.equals(that.domain)
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

package dev.starling.mtproto;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;

/**
 * The RSA key by which clients know a service, 2048 bits.
 *
 * @param n modulus
 * @param e public exponent
 */
public record PublicKey(BigInteger n, BigInteger e) {
  /** "A 2048-bit RSA key": the handshake's messages have its very length. */
  static final int BITS = 2048;

  static final int BYTES = BITS / 8;

  private static final String LABEL = "RSA PUBLIC KEY";
  private static final byte DER_INTEGER = 0x02;
  private static final byte DER_BIT_STRING = 0x03;
  private static final byte DER_SEQUENCE = 0x30;

  /** AlgorithmIdentifier: rsaEncryption, NULL (RFC 8017, appendix A.1). */
  private static final byte[] RSA_ENCRYPTION =
      HexFormat.of().parseHex("300d06092a864886f70d0101010500");

  public PublicKey {
    if (n.bitLength() != BITS) {
      throw new IllegalArgumentException(
          "an RSA modulus of " + n.bitLength() + " bits, not " + BITS);
    }
  }

  /** "The lower 64 bits of SHA1(n, e)", both as TL strings. */
  public long fingerprint() {
    return Bytes.longAt(Bytes.sha1(tlString(magnitude(n)), tlString(magnitude(e))), 12);
  }

  /** PKCS#1 PEM, as clients have it compiled in; 425 bytes for e = 65537. */
  public String toPem() {
    return Pem.encode(LABEL, der(DER_SEQUENCE, derInteger(n), derInteger(e)));
  }

  /**
   * Reads what {@link #toPem()} and {@code openssl rsa -RSAPublicKey_out} write.
   *
   * @throws IllegalArgumentException if the text is no such key
   */
  public static PublicKey fromPem(String pem) {
    byte[] bits = Bytes.concat(new byte[1], Pem.decode(LABEL, pem)); // no unused bits
    byte[] subjectPublicKeyInfo = der(DER_SEQUENCE, RSA_ENCRYPTION, der(DER_BIT_STRING, bits));
    try {
      RSAPublicKey key =
          (RSAPublicKey)
              KeyFactory.getInstance("RSA")
                  .generatePublic(new X509EncodedKeySpec(subjectPublicKeyInfo));
      return new PublicKey(key.getModulus(), key.getPublicExponent());
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("no RSA public key", e);
    }
  }

  /** {@code block^e mod n}, as long as the modulus; the block's number is below it. */
  byte[] encrypt(byte[] block) {
    return Dh.fixed(new BigInteger(1, block).modPow(e, n));
  }

  private static byte[] tlString(byte[] bytes) {
    byte[] header =
        bytes.length < 254
            ? new byte[] {(byte) bytes.length}
            : new byte[] {(byte) 254, (byte) bytes.length, (byte) (bytes.length >> 8), 0};
    return Bytes.concat(header, bytes, new byte[-(header.length + bytes.length) & 3]);
  }

  private static byte[] magnitude(BigInteger number) {
    byte[] bytes = number.toByteArray();
    return bytes[0] == 0 ? Bytes.slice(bytes, 1, bytes.length) : bytes;
  }

  private static byte[] derInteger(BigInteger number) {
    return der(DER_INTEGER, number.toByteArray());
  }

  /** Tag, length (X.690, 8.1.3), contents. */
  private static byte[] der(byte tag, byte[]... contents) {
    byte[] value = Bytes.concat(contents);
    byte[] header =
        value.length < 0x80
            ? new byte[] {tag, (byte) value.length}
            : new byte[] {tag, (byte) 0x82, (byte) (value.length >> 8), (byte) value.length};
    return Bytes.concat(header, value);
  }
}

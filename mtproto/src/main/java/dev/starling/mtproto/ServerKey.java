package dev.starling.mtproto;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPrivateCrtKeySpec;
import java.util.Random;
import java.util.random.RandomGenerator;
import javax.crypto.Cipher;

/** The service's RSA key, 2048 bits. {@link #toString()} tells nothing of it. */
public final class ServerKey {
  private static final String LABEL = "PRIVATE KEY";
  private static final BigInteger E = BigInteger.valueOf(65537);

  private final RSAPrivateCrtKey key;
  private final PublicKey publicKey;

  private ServerKey(RSAPrivateCrtKey key) {
    this.key = key;
    this.publicKey = new PublicKey(key.getModulus(), key.getPublicExponent());
  }

  /**
   * A new key; takes a part of a second. Its fingerprint has sixteen hexadecimal digits without
   * leading zeros: mtcute writes the server's without them and its own with, and finds no key.
   */
  public static ServerKey generate(RandomGenerator random) {
    Random source = Random.from(random);
    ServerKey key = draw(source);
    while (key.fingerprint() >>> 60 == 0) {
      key = draw(source);
    }
    return key;
  }

  private static ServerKey draw(Random source) {
    while (true) {
      BigInteger p = BigInteger.probablePrime(PublicKey.BITS / 2, source);
      BigInteger q = BigInteger.probablePrime(PublicKey.BITS / 2, source);
      BigInteger p1 = p.subtract(BigInteger.ONE);
      BigInteger q1 = q.subtract(BigInteger.ONE);
      BigInteger phi = p1.multiply(q1);
      if (p.multiply(q).bitLength() == PublicKey.BITS
          && !p.equals(q)
          && phi.gcd(E).equals(BigInteger.ONE)) {
        BigInteger d = E.modInverse(phi);
        return of(
            new RSAPrivateCrtKeySpec(
                p.multiply(q), E, d, p, q, d.mod(p1), d.mod(q1), q.modInverse(p)));
      }
    }
  }

  private static ServerKey of(RSAPrivateCrtKeySpec spec) {
    try {
      return new ServerKey((RSAPrivateCrtKey) KeyFactory.getInstance("RSA").generatePrivate(spec));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("RSA", e);
    }
  }

  public PublicKey publicKey() {
    return publicKey;
  }

  /** See {@link PublicKey#fingerprint()}. */
  public long fingerprint() {
    return publicKey.fingerprint();
  }

  /** See {@link PublicKey#toPem()}. */
  public String publicPem() {
    return publicKey.toPem();
  }

  /** The private key as PKCS#8 PEM. */
  public String toPem() {
    return Pem.encode(LABEL, key.getEncoded());
  }

  /**
   * Reads what {@link #toPem()} writes.
   *
   * @throws IllegalArgumentException if the text is no such key
   */
  public static ServerKey fromPem(String pem) {
    PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(Pem.decode(LABEL, pem));
    try {
      RSAPrivateCrtKey key = (RSAPrivateCrtKey) KeyFactory.getInstance("RSA").generatePrivate(spec);
      if (!isWhole(key)) {
        throw new IllegalArgumentException("a damaged RSA private key");
      }
      return new ServerKey(key);
    } catch (GeneralSecurityException | ClassCastException e) {
      throw new IllegalArgumentException("no RSA private key", e);
    }
  }

  /** Whether its numbers fit each other: with one wrong bit no client would get in. */
  private static boolean isWhole(RSAPrivateCrtKey key) {
    BigInteger p = key.getPrimeP();
    BigInteger q = key.getPrimeQ();
    BigInteger p1 = p.subtract(BigInteger.ONE);
    BigInteger q1 = q.subtract(BigInteger.ONE);
    BigInteger d = key.getPrivateExponent();
    BigInteger ed = key.getPublicExponent().multiply(d);
    return p1.signum() > 0
        && q1.signum() > 0
        && p.multiply(q).equals(key.getModulus())
        && ed.mod(p1).equals(BigInteger.ONE)
        && ed.mod(q1).equals(BigInteger.ONE)
        && key.getPrimeExponentP().equals(d.mod(p1))
        && key.getPrimeExponentQ().equals(d.mod(q1))
        && key.getCrtCoefficient().multiply(q).mod(p).equals(BigInteger.ONE);
  }

  /**
   * {@code block^d mod n}, as long as the modulus; the block is as long and its number below it.
   */
  byte[] decrypt(byte[] block) {
    try {
      Cipher rsa =
          Cipher.getInstance("RSA/ECB/NoPadding"); // blinded, by the Chinese remainder theorem
      rsa.init(Cipher.DECRYPT_MODE, key);
      return rsa.doFinal(block);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("RSA", e);
    }
  }

  @Override
  public String toString() {
    return "ServerKey[hidden]";
  }
}

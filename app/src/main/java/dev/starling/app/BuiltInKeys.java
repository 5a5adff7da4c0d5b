package dev.starling.app;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The RSA keys that stock clients have compiled in, as PKCS#1 PEM text with a zero behind it: every
 * 2048-bit key with exponent 65537 has the same length, so one takes the place of another.
 */
final class BuiltInKeys {
  /** Bytes of such a PEM without a last newline. */
  static final int PEM_BYTES = 425;

  private static final String HEAD = "-----BEGIN RSA PUBLIC KEY-----\n";

  /** How the keys of Telegram's production and test servers begin. */
  private static final List<String> KNOWN = List.of("MIIBCgKCAQEA6LszBcC1", "MIIBCgKCAQEAyMEdY1aR");

  private BuiltInKeys() {}

  /** Puts a key in the place of each of Telegram's; tells how many those were. */
  static int replace(Binary binary, String pem) {
    byte[] key = pem.strip().getBytes(StandardCharsets.US_ASCII);
    if (key.length != PEM_BYTES) {
      throw new Problem(
          "the service's public key has %d bytes and the client's place %d: only a 2048-bit key with exponent 65537 fits"
              .formatted(key.length, PEM_BYTES));
    }
    int count = 0;
    for (String known : KNOWN) {
      for (int place : binary.find(Binary.latin(HEAD + known))) {
        if (binary.at(place + PEM_BYTES) == 0) {
          binary.put(place, key);
          count++;
        }
      }
    }
    return count;
  }
}

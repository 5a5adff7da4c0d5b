package dev.starling.mtproto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PublicKeyTest {
  /** Telegram's own, as clients carry it. */
  static final String TELEGRAM =
      """
      -----BEGIN RSA PUBLIC KEY-----
      MIIBCgKCAQEA6LszBcC1LGzyr992NzE0ieY+BSaOW622Aa9Bd4ZHLl+TuFQ4lo4g
      5nKaMBwK/BIb9xUfg0Q29/2mgIR6Zr9krM7HjuIcCzFvDtr+L0GQjae9H0pRB2OO
      62cECs5HKhT5DZ98K33vmWiLowc621dQuwKWSQKjWf50XYFw42h21P2KXUGyp2y/
      +aEyZ+uVgLLQbRA1dEjSDZ2iGRy12Mk5gpYc397aYp438fsJoHIgJ2lgMv5h7WY9
      t6N/byY9Nw9p21Og3AoXSL2q/2IJ1WRUhebgAdGVMlV1fkuOQoEzR7EdpqtQD9Cs
      5+bfo3Nhmcyvk5ftB0WkJ9z6bNZ7yxrP8wIDAQAB
      -----END RSA PUBLIC KEY-----\
      """;

  @Test
  void readsAndWritesTheKeyOfTelegram() {
    PublicKey key = PublicKey.fromPem(TELEGRAM + "\n");
    assertEquals(BigInteger.valueOf(65537), key.e());
    assertEquals(TELEGRAM, key.toPem());
    assertEquals(425, key.toPem().length());
  }

  @Test
  void hasTheFingerprintThatClientsKnow() {
    assertEquals(0xd09d1d85de64fd85L, PublicKey.fromPem(TELEGRAM).fingerprint());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-----BEGIN RSA PUBLIC KEY-----",
        "-----BEGIN RSA PUBLIC KEY-----\n-----END RSA PUBLIC KEY-----",
        "-----BEGIN RSA PUBLIC KEY-----\nMIIBCgKCAQEA\n-----END RSA PUBLIC KEY-----",
        "-----BEGIN PUBLIC KEY-----\nMIIBCgKCAQEA\n-----END PUBLIC KEY-----"
      })
  void refusesOtherTexts(String text) {
    assertThrows(IllegalArgumentException.class, () -> PublicKey.fromPem(text));
  }

  @Test
  void has2048Bits() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new PublicKey(BigInteger.TWO.pow(1023), BigInteger.TEN));
  }
}

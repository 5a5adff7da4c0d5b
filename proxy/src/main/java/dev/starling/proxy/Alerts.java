package dev.starling.proxy;

import dev.starling.mtproto.TlsRecords;
import java.util.random.RandomGenerator;

/** What a server of TLS 1.3 says to a peer that breaks its records. */
final class Alerts {
  /** Level, description, "content type", and the tag of an AEAD: all of it unreadable. */
  private static final int ENCRYPTED_BYTES = 2 + 1 + 16;

  private Alerts() {}

  /** A record with an alert in it, to whoever has no key. */
  static byte[] encrypted(RandomGenerator random) {
    byte[] alert = new byte[ENCRYPTED_BYTES];
    random.nextBytes(alert);
    return TlsRecords.wrap(alert);
  }
}

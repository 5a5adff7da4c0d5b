package dev.starling.mtproto;

/**
 * What an onlooker sees of a TLS 1.3 server's first flight beside random bytes.
 *
 * @param suite the cipher suite that it chose
 * @param group of the key share that it chose
 * @param encryptedBytes of the one record that the client of {@link FakeTls} takes
 */
public record FlightShape(int suite, int group, int encryptedBytes) {
  public FlightShape {
    if (encryptedBytes < 1 || encryptedBytes > TlsRecords.RECORD_BYTES_MAX) {
      throw new IllegalArgumentException("a record has 1 to 2^14 + 256 bytes");
    }
  }

  /** Whether a server may answer so: it chooses among what the client offers, and we can do it. */
  public boolean answers(TlsHello hello) {
    return KeyShares.isKnown(group)
        && hello.cipherSuites().contains(suite)
        && hello.keyShares().contains(group);
  }
}

package dev.starling.mtproto;

import java.security.MessageDigest;

/**
 * An authorization key: 2048 bits shared by one client and the service, the fruit of a handshake.
 * It is shown nowhere: {@link #toString()} tells nothing of it.
 */
public final class AuthKey {
  /** Length in bytes. */
  public static final int BYTES = 256;

  private final byte[] key256;
  private final long id;
  private final long auxHash;

  /** Takes the array over, without a copy. */
  public AuthKey(byte[] key256) {
    if (key256.length != BYTES) {
      throw new IllegalArgumentException(
          "an auth key has " + BYTES + " bytes, not " + key256.length);
    }
    this.key256 = key256;
    byte[] sha1 = Bytes.sha1(key256);
    this.auxHash = Bytes.longAt(sha1, 0);
    this.id = Bytes.longAt(sha1, 12);
  }

  /** The key itself, not a copy: to be stored sealed, and never changed. */
  public byte[] key256() {
    return key256;
  }

  /** auth_key_id: "the 64 lower-order bits of the SHA1 hash of the authorization key". */
  public long id() {
    return id;
  }

  /** auth_key_aux_hash: the 64 higher-order bits of the same hash. */
  public long auxHash() {
    return auxHash;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof AuthKey that
        && id == that.id
        && MessageDigest.isEqual(key256, that.key256);
  }

  @Override
  public int hashCode() {
    return Long.hashCode(id);
  }

  @Override
  public String toString() {
    return "AuthKey[hidden]";
  }
}

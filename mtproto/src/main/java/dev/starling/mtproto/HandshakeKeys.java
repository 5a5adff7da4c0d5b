package dev.starling.mtproto;

import dev.starling.tl.Decoded;
import dev.starling.tl.Layer;
import dev.starling.tl.Tl;
import dev.starling.tl.TlObject;
import java.security.MessageDigest;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What both ends of a handshake derive from its nonces (core.telegram.org/mtproto/auth_key, steps 5
 * to 9).
 */
final class HandshakeKeys {
  private static final int BLOCK = 16;
  private static final int HASH_BYTES = 20;

  private final byte[] newNonce;
  private final byte[] serverNonce;
  private final byte[] aesKey;
  private final byte[] aesIv;

  /**
   * "tmp_aes_key := SHA1(new_nonce + server_nonce) + substr(SHA1(server_nonce + new_nonce), 0, 12);
   * tmp_aes_iv := substr(SHA1(server_nonce + new_nonce), 12, 8) + SHA1(new_nonce + new_nonce) +
   * substr(new_nonce, 0, 4)."
   */
  HandshakeKeys(byte[] newNonce, byte[] serverNonce) {
    this.newNonce = newNonce;
    this.serverNonce = serverNonce;
    byte[] a = Bytes.sha1(newNonce, serverNonce);
    byte[] b = Bytes.sha1(serverNonce, newNonce);
    byte[] c = Bytes.sha1(newNonce, newNonce);
    this.aesKey = Bytes.concat(a, Bytes.slice(b, 0, 12));
    this.aesIv = Bytes.concat(Bytes.slice(b, 12, HASH_BYTES), c, Bytes.slice(newNonce, 0, 4));
  }

  /** "SHA1(data) + data + (0-15 random bytes)", encrypted. */
  byte[] seal(TlObject inner, RandomGenerator random) {
    byte[] data = Tl.encode(inner, Layer.NEWEST);
    byte[] padding = new byte[-(HASH_BYTES + data.length) & (BLOCK - 1)];
    random.nextBytes(padding);
    byte[] sealed = Bytes.concat(Bytes.sha1(data), data, padding);
    Ige.encrypt(aesKey, aesIv, sealed, 0);
    return sealed;
  }

  /**
   * What {@link #seal} encrypted, or null if it is not one {@code type} under its right hash with a
   * right padding.
   *
   * <p>Length and hash are those of the value written again: TL has one form for each value,
   * another is refused.
   */
  <T extends TlObject> @Nullable T open(byte[] sealed, Class<T> type) {
    if (sealed.length < HASH_BYTES || sealed.length % BLOCK != 0) {
      return null;
    }
    byte[] plain = Ige.decrypt(aesKey, aesIv, sealed, 0, sealed.length);
    if (!(Tl.decode(plain, HASH_BYTES, plain.length - HASH_BYTES)
            instanceof Decoded.Value(TlObject value))
        || !type.isInstance(value)) {
      return null;
    }
    byte[] data = Tl.encode(value, Layer.NEWEST);
    int padding = plain.length - HASH_BYTES - data.length;
    boolean hashOk = MessageDigest.isEqual(Bytes.sha1(data), Bytes.slice(plain, 0, HASH_BYTES));
    return hashOk && padding >= 0 && padding < BLOCK ? type.cast(value) : null;
  }

  /**
   * new_nonce_hash1, 2 or 3: "the 128 lower-order bits of SHA1 of the byte string new_nonce with a
   * single byte 1, 2 or 3 added, followed by auth_key_aux_hash".
   */
  byte[] newNonceHash(int number, AuthKey key) {
    byte[] auxHash = new byte[Long.BYTES];
    Bytes.putLong(auxHash, 0, key.auxHash());
    return Bytes.slice(Bytes.sha1(newNonce, new byte[] {(byte) number}, auxHash), 4, HASH_BYTES);
  }

  /** "server_salt = substr(new_nonce, 0, 8) XOR substr(server_nonce, 0, 8)." */
  long salt() {
    return Bytes.longAt(newNonce, 0) ^ Bytes.longAt(serverNonce, 0);
  }
}

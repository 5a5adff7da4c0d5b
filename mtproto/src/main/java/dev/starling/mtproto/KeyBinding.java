package dev.starling.mtproto;

import dev.starling.tl.Decoded;
import dev.starling.tl.Layer;
import dev.starling.tl.Tl;
import dev.starling.tl.mt.BindAuthKeyInner;
import java.security.MessageDigest;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The encrypted_message of auth.bindTempAuthKey, by which the owner of a permanent key vouches for
 * a temporary one (core.telegram.org/method/auth.bindTempAuthKey). It is sealed under the permanent
 * key as messages were in MTProto 1.0, and in nothing else.
 *
 * <pre>
 * perm_auth_key_id | msg_key | AES-256-IGE(random:int128 msg_id:long seqno:int length:int body padding)
 * msg_key = SHA1(all of that without the padding)[4..20]
 * </pre>
 *
 * @param msgId that of the call it came in
 */
public record KeyBinding(long msgId, BindAuthKeyInner inner) {
  private static final int CIPHER_OFFSET = 24;
  private static final int BLOCK = 16;
  private static final int MSG_ID_OFFSET = 16;
  private static final int LENGTH_OFFSET = 28;
  private static final int BODY_OFFSET = 32;

  /** bind_auth_key_inner has no optional field. */
  private static final int BODY_BYTES = 40;

  /** Header and body are 72 bytes, in whole blocks. */
  private static final int PLAIN_BYTES = 80;

  /** Encrypts under the permanent key, as a client does. */
  public byte[] seal(AuthKey permanent, RandomGenerator random) {
    byte[] plain = new byte[PLAIN_BYTES];
    random.nextBytes(plain);
    Bytes.putLong(plain, MSG_ID_OFFSET, msgId);
    Bytes.putInt(plain, MSG_ID_OFFSET + Long.BYTES, 0); // "seq_no = 0"
    Bytes.putInt(plain, LENGTH_OFFSET, BODY_BYTES);
    System.arraycopy(Tl.encode(inner, Layer.NEWEST), 0, plain, BODY_OFFSET, BODY_BYTES);
    byte[] msgKey = msgKey(plain);
    byte[] id = new byte[Long.BYTES];
    Bytes.putLong(id, 0, permanent.id());
    byte[] sealed = Bytes.concat(id, msgKey, plain);
    AesKey aes = aesKey(permanent, msgKey);
    Ige.encrypt(aes.key, aes.iv, sealed, CIPHER_OFFSET);
    return sealed;
  }

  /** Decrypts; null if anything but the owner of the permanent key made it. */
  public static @Nullable KeyBinding open(AuthKey permanent, byte[] sealed) {
    if (sealed.length != CIPHER_OFFSET + PLAIN_BYTES || Bytes.longAt(sealed, 0) != permanent.id()) {
      return null;
    }
    byte[] msgKey = Bytes.slice(sealed, Long.BYTES, CIPHER_OFFSET);
    AesKey aes = aesKey(permanent, msgKey);
    byte[] plain = Ige.decrypt(aes.key, aes.iv, sealed, CIPHER_OFFSET, PLAIN_BYTES);
    boolean msgKeyOk = MessageDigest.isEqual(msgKey, msgKey(plain));
    return msgKeyOk
            && Bytes.intAt(plain, LENGTH_OFFSET) == BODY_BYTES
            && Tl.decode(plain, BODY_OFFSET, BODY_BYTES)
                instanceof Decoded.Value(BindAuthKeyInner inner)
        ? new KeyBinding(Bytes.longAt(plain, MSG_ID_OFFSET), inner)
        : null;
  }

  private static byte[] msgKey(byte[] plain) {
    byte[] sha1 = Bytes.sha1(Bytes.slice(plain, 0, BODY_OFFSET + BODY_BYTES));
    return Bytes.slice(sha1, 4, 4 + BLOCK);
  }

  /**
   * "sha1_a = SHA1(msg_key + auth_key[x..32+x]); sha1_b = SHA1(auth_key[32+x..48+x] + msg_key +
   * auth_key[48+x..64+x]); sha1_c = SHA1(auth_key[64+x..96+x] + msg_key); sha1_d = SHA1(msg_key +
   * auth_key[96+x..128+x]); aes_key = a[0..8] + b[8..20] + c[4..16]; aes_iv = a[8..20] + b[0..8] +
   * c[16..20] + d[0..8]", with x = 0 from the client (core.telegram.org/mtproto/description_v1).
   */
  private static AesKey aesKey(AuthKey authKey, byte[] msgKey) {
    byte[] key = authKey.key256();
    byte[] a = Bytes.sha1(msgKey, Bytes.slice(key, 0, 32));
    byte[] b = Bytes.sha1(Bytes.slice(key, 32, 48), msgKey, Bytes.slice(key, 48, 64));
    byte[] c = Bytes.sha1(Bytes.slice(key, 64, 96), msgKey);
    byte[] d = Bytes.sha1(msgKey, Bytes.slice(key, 96, 128));
    return new AesKey(
        Bytes.concat(Bytes.slice(a, 0, 8), Bytes.slice(b, 8, 20), Bytes.slice(c, 4, 16)),
        Bytes.concat(
            Bytes.slice(a, 8, 20),
            Bytes.slice(b, 0, 8),
            Bytes.slice(c, 16, 20),
            Bytes.slice(d, 0, 8)));
  }

  @SuppressWarnings("ArrayRecordComponent") // a carrier
  private record AesKey(byte[] key, byte[] iv) {}
}

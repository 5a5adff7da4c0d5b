package dev.starling.mtproto;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.List;
import java.util.random.RandomGenerator;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * obfuscated2: a stream that looks random from its first byte
 * (core.telegram.org/mtproto/mtproto-transports).
 *
 * <pre>
 * n:       random 8 | c->s key 32 | c->s iv 16 | framing tag 4 | data centre 2 | random 2
 * wire:    n[0..56] in clear | bytes 56..64 of n under the c->s key stream, which goes on from 64
 * s->c:    the key and iv of n[8..56] read backwards
 * secret:  key = SHA256(key | secret)
 * </pre>
 */
final class Obfuscation {
  static final int HEADER_BYTES = 64;

  private static final int KEY_OFFSET = 8;
  private static final int IV_OFFSET = 40;
  private static final int TAG_OFFSET = 56;
  private static final int DC_OFFSET = 60;

  private final CtrStream in;
  private final CtrStream out;
  private final Framing framing;
  private final int dc;
  private final @Nullable ProxySecret secret;

  private Obfuscation(
      CtrStream in, CtrStream out, Framing framing, int dc, @Nullable ProxySecret secret) {
    this.in = in;
    this.out = out;
    this.framing = framing;
    this.dc = dc;
    this.secret = secret;
  }

  /**
   * Recognises a client's header by the tag that each secret, then none, makes of it; null if none
   * fits. A secret for fake TLS fits nothing outside of it. A secret costs a digest and one block
   * of AES, well under a microsecond.
   */
  static @Nullable Obfuscation accept(byte[] header, List<ProxySecret> secrets) {
    TagReader tags = new TagReader(header);
    for (ProxySecret secret : secrets) {
      Framing framing = Framing.ofTag(tags.tagUnder(secret));
      if (framing != null && !secret.isForTls() && secret.kind().allows(framing)) {
        return accepted(header, framing, secret);
      }
    }
    Framing framing = Framing.ofTag(tags.tagUnder(null));
    return framing == null ? null : accepted(header, framing, null);
  }

  /** As {@link #accept}, where it must be one of these secrets, whatever disguise it is for. */
  static @Nullable Obfuscation acceptAmong(byte[] header, List<ProxySecret> secrets) {
    TagReader tags = new TagReader(header);
    for (ProxySecret secret : secrets) {
      Framing framing = Framing.ofTag(tags.tagUnder(secret));
      if (framing != null && secret.kind().allows(framing)) {
        return accepted(header, framing, secret);
      }
    }
    return null;
  }

  /** As {@link #accept}, where the disguise around has told the secret. */
  static @Nullable Obfuscation acceptUnder(byte[] header, ProxySecret secret) {
    Framing framing = Framing.ofTag(new TagReader(header).tagUnder(secret));
    return framing != null && secret.kind().allows(framing)
        ? accepted(header, framing, secret)
        : null;
  }

  private static Obfuscation accepted(
      byte[] header, Framing framing, @Nullable ProxySecret secret) {
    CtrStream in = clientToServer(header, secret);
    byte[] n = in.apply(header, 0, HEADER_BYTES);
    int dc = (short) Bytes.intAt(n, DC_OFFSET);
    return new Obfuscation(in, serverToClient(header, secret), framing, dc, secret);
  }

  /** Reads the tag under one key after another: only the block that it lies in, the fourth. */
  static final class TagReader {
    private final byte[] header;
    private final byte[] key;
    private final byte[] counter;
    private final byte[] block = new byte[16];
    private final MessageDigest sha256 = Bytes.digest("SHA-256");
    private final Cipher aes;

    TagReader(byte[] header) {
      this.header = header;
      this.key = Bytes.slice(header, KEY_OFFSET, IV_OFFSET);
      this.counter =
          CtrStream.counter(Bytes.slice(header, IV_OFFSET, TAG_OFFSET), TAG_OFFSET / block.length);
      try {
        this.aes = Cipher.getInstance("AES/ECB/NoPadding");
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("AES", e);
      }
    }

    int tagUnder(@Nullable ProxySecret secret) {
      try {
        byte[] mixed = key;
        if (secret != null) {
          sha256.update(key);
          mixed = sha256.digest(secret.key16());
        }
        aes.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(mixed, "AES"));
        aes.update(counter, 0, counter.length, block);
        int offset = TAG_OFFSET % block.length;
        return Bytes.intAt(block, offset) ^ Bytes.intAt(header, TAG_OFFSET);
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("AES", e);
      }
    }
  }

  /** A client's header, ready for the wire, and the streams that follow it. */
  @SuppressWarnings("ArrayRecordComponent") // a carrier
  record Opening(byte[] header, Obfuscation streams) {}

  /**
   * @param sniffed whether the peer tells transports apart by this header's first bytes
   */
  static Opening open(
      Framing framing,
      int dc,
      @Nullable ProxySecret secret,
      boolean sniffed,
      RandomGenerator random) {
    byte[] n = new byte[HEADER_BYTES];
    do {
      random.nextBytes(n);
    } while (sniffed && isForbidden(n));
    Bytes.putInt(n, TAG_OFFSET, framing.tag);
    n[DC_OFFSET] = (byte) dc;
    n[DC_OFFSET + 1] = (byte) (dc >> 8);
    CtrStream out = clientToServer(n, secret);
    byte[] encrypted = out.apply(n, 0, HEADER_BYTES);
    byte[] header =
        Bytes.concat(
            Bytes.slice(n, 0, TAG_OFFSET), Bytes.slice(encrypted, TAG_OFFSET, HEADER_BYTES));
    return new Opening(
        header, new Obfuscation(serverToClient(n, secret), out, framing, dc, secret));
  }

  /** What would be taken for another transport. */
  static boolean isForbidden(byte[] n) {
    return StreamStart.of(n, 1) != StreamStart.UNDECIDED
        || StreamStart.of(n, 4) != StreamStart.UNDECIDED
        || StreamStart.of(n, 8) != StreamStart.UNDECIDED;
  }

  byte[] decrypt(byte[] bytes, int offset, int length) {
    return in.apply(bytes, offset, length);
  }

  /** Lets go of what the streams hold beside their keys, until the next byte. */
  void rest() {
    in.rest();
    out.rest();
  }

  byte[] encrypt(byte[] bytes) {
    return out.apply(bytes, 0, bytes.length);
  }

  Framing framing() {
    return framing;
  }

  /**
   * What the client put in the data-centre field: +10000 = test, negative = media; any client may
   * put anything.
   */
  int dc() {
    return dc;
  }

  @Nullable ProxySecret secret() {
    return secret;
  }

  /** Bytes that a replay repeats, whatever it changes of the rest: the keys of both ways. */
  static byte[] keys(byte[] header) {
    return Bytes.slice(header, KEY_OFFSET, TAG_OFFSET);
  }

  static CtrStream clientToServer(byte[] n, @Nullable ProxySecret secret) {
    return stream(
        Bytes.slice(n, KEY_OFFSET, IV_OFFSET), Bytes.slice(n, IV_OFFSET, TAG_OFFSET), secret);
  }

  private static CtrStream serverToClient(byte[] n, @Nullable ProxySecret secret) {
    byte[] reversed = reversed(Bytes.slice(n, KEY_OFFSET, TAG_OFFSET));
    return stream(Bytes.slice(reversed, 0, 32), Bytes.slice(reversed, 32, 48), secret);
  }

  private static CtrStream stream(byte[] key, byte[] iv, @Nullable ProxySecret secret) {
    return new CtrStream(mixed(key, secret), iv);
  }

  private static byte[] mixed(byte[] key, @Nullable ProxySecret secret) {
    return secret == null ? key : Bytes.sha256(key, secret.key16());
  }

  /**
   * Bytes 8..56 of the header that a proxy sends on, without a secret, so that the answers come
   * under the very key stream that its client expects: read backwards they are the client's key and
   * iv.
   */
  static byte[] matching(byte[] n, @Nullable ProxySecret secret) {
    byte[] reversed = reversed(Bytes.slice(n, KEY_OFFSET, TAG_OFFSET));
    byte[] key = mixed(Bytes.slice(reversed, 0, 32), secret);
    return reversed(Bytes.concat(key, Bytes.slice(reversed, 32, 48)));
  }

  private static byte[] reversed(byte[] bytes) {
    byte[] reversed = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      reversed[i] = bytes[bytes.length - 1 - i];
    }
    return reversed;
  }
}

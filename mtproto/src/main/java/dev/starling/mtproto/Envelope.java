package dev.starling.mtproto;

import java.security.MessageDigest;
import java.util.random.RandomGenerator;

/**
 * The outer form of a message: MTProto 2.0 encryption under an auth key, and the plain form of the
 * handshake (core.telegram.org/mtproto/description).
 *
 * <pre>
 * encrypted: auth_key_id 8 | msg_key 16 | AES-256-IGE( salt 8 | session_id 8 | msg_id 8 | seqno 4 | length 4 | body | padding )
 * plain:     0 8 | msg_id 8 | length 4 | body
 * </pre>
 *
 * Either may be followed by up to 15 bytes that padded intermediate framing left on: the encrypted
 * form is cut to whole blocks, the plain one has its length.
 */
public final class Envelope {
  private static final int KEY_ID_OFFSET = 0;
  private static final int MSG_KEY_OFFSET = 8;
  private static final int MSG_KEY_BYTES = 16;
  private static final int CIPHER_OFFSET = MSG_KEY_OFFSET + MSG_KEY_BYTES;

  private static final int SALT_OFFSET = 0;
  private static final int SESSION_OFFSET = 8;
  private static final int MSG_ID_OFFSET = 16;
  private static final int SEQNO_OFFSET = 24;
  private static final int LENGTH_OFFSET = 28;
  private static final int BODY_OFFSET = 32;

  private static final int PLAIN_MSG_ID_OFFSET = 8;
  private static final int PLAIN_LENGTH_OFFSET = 16;
  private static final int PLAIN_BODY_OFFSET = 20;

  private static final int BLOCK = 16;

  /** "Padding is 12..1024 bytes." */
  private static final int PADDING_MIN = 12;

  private static final int PADDING_MAX = 1024;

  /**
   * Blocks of padding beyond the least, drawn at random: the size of a packet tells little of the
   * message's.
   */
  private static final int EXTRA_BLOCKS = 8;

  private static final int CIPHER_BYTES_MIN =
      (BODY_OFFSET + PADDING_MIN + BLOCK - 1) / BLOCK * BLOCK;

  private Envelope() {}

  /** What became of a packet. */
  public sealed interface Opened {
    /**
     * A message of whoever holds the auth key. Nothing beyond that is checked yet: not salt,
     * session, id or seqno.
     *
     * @param quickAckToken what its packet's quick ack says
     */
    @SuppressWarnings("ArrayRecordComponent") // a carrier
    record Message(long salt, long sessionId, long msgId, int seqno, byte[] body, int quickAckToken)
        implements Opened {
      /** A message whose quick ack is of no interest. */
      public Message(long salt, long sessionId, long msgId, int seqno, byte[] body) {
        this(salt, sessionId, msgId, seqno, body, 0);
      }
    }

    /** A message in plain. Anybody may have sent it. */
    @SuppressWarnings("ArrayRecordComponent") // a carrier
    record Plain(long msgId, byte[] body) implements Opened {}

    /**
     * The packet is not to be used, and nothing of it is to be answered.
     *
     * @param why for counters and tests, never for the peer: to it all reasons look alike
     */
    record Refused(String why) implements Opened {}
  }

  /**
   * The auth_key_id that a packet begins with; 0 says plain, and so does a packet too short to say
   * anything.
   */
  public static long authKeyId(byte[] packet) {
    return packet.length < CIPHER_OFFSET ? 0 : Bytes.longAt(packet, KEY_ID_OFFSET);
  }

  /** Encrypts a message that {@code from} sends. The body is a TL object, so whole 4-byte words. */
  public static byte[] seal(
      AuthKey key,
      Side from,
      long salt,
      long sessionId,
      long msgId,
      int seqno,
      byte[] body,
      RandomGenerator padding) {
    if (body.length % 4 != 0) {
      throw new IllegalArgumentException("a body is whole words, not " + body.length + " bytes");
    }
    int least = BODY_OFFSET + body.length + PADDING_MIN;
    int length = (least + BLOCK - 1) / BLOCK * BLOCK + padding.nextInt(EXTRA_BLOCKS) * BLOCK;
    byte[] random = new byte[length - BODY_OFFSET - body.length];
    padding.nextBytes(random);
    byte[] plain = new byte[length];
    Bytes.putLong(plain, SALT_OFFSET, salt);
    Bytes.putLong(plain, SESSION_OFFSET, sessionId);
    Bytes.putLong(plain, MSG_ID_OFFSET, msgId);
    Bytes.putInt(plain, SEQNO_OFFSET, seqno);
    Bytes.putInt(plain, LENGTH_OFFSET, body.length);
    System.arraycopy(body, 0, plain, BODY_OFFSET, body.length);
    System.arraycopy(random, 0, plain, BODY_OFFSET + body.length, random.length);
    return sealPadded(key, from, plain);
  }

  /** Encrypts header, body and padding as they are. */
  static byte[] sealPadded(AuthKey key, Side from, byte[] plain) {
    byte[] msgKey = msgKey(msgKeyHash(key, from, plain));
    byte[] packet = new byte[CIPHER_OFFSET + plain.length];
    Bytes.putLong(packet, KEY_ID_OFFSET, key.id());
    System.arraycopy(msgKey, 0, packet, MSG_KEY_OFFSET, MSG_KEY_BYTES);
    System.arraycopy(plain, 0, packet, CIPHER_OFFSET, plain.length);
    AesKey aes = AesKey.of(key, from, msgKey);
    Ige.encrypt(aes.key(), aes.iv(), packet, CIPHER_OFFSET);
    return packet;
  }

  /**
   * Decrypts a packet that {@code from} sent under {@code key}. Every check is made whatever failed
   * before it, and all end in one place: what differs outwardly between two bad packets is an
   * oracle (Albrecht et al., S&amp;P 2022).
   */
  public static Opened open(AuthKey key, Side from, byte[] packet) {
    int cipherBytes = (packet.length - CIPHER_OFFSET) & -BLOCK;
    boolean wholeOk = cipherBytes >= CIPHER_BYTES_MIN;
    byte[] source = wholeOk ? packet : new byte[CIPHER_OFFSET + CIPHER_BYTES_MIN];
    boolean keyIdOk = Bytes.longAt(source, KEY_ID_OFFSET) == key.id();

    byte[] msgKey = Bytes.slice(source, MSG_KEY_OFFSET, CIPHER_OFFSET);
    AesKey aes = AesKey.of(key, from, msgKey);
    byte[] plain =
        Ige.decrypt(
            aes.key(), aes.iv(), source, CIPHER_OFFSET, Math.max(cipherBytes, CIPHER_BYTES_MIN));
    // "msg_key must be checked": over the whole plain text with its padding, before length is given
    // any meaning.
    byte[] hash = msgKeyHash(key, from, plain);
    boolean msgKeyOk = MessageDigest.isEqual(msgKey, msgKey(hash));

    int length = Bytes.intAt(plain, LENGTH_OFFSET);
    long padding = (long) plain.length - BODY_OFFSET - length;
    // "length >= 0, a multiple of 4, not above the plain text; padding 12..1024."
    boolean lengthOk =
        length >= 0 && length % 4 == 0 && padding >= PADDING_MIN && padding <= PADDING_MAX;

    if (wholeOk && keyIdOk && msgKeyOk && lengthOk) {
      return new Opened.Message(
          Bytes.longAt(plain, SALT_OFFSET),
          Bytes.longAt(plain, SESSION_OFFSET),
          Bytes.longAt(plain, MSG_ID_OFFSET),
          Bytes.intAt(plain, SEQNO_OFFSET),
          Bytes.slice(plain, BODY_OFFSET, BODY_OFFSET + length),
          quickAckToken(hash));
    }
    return new Opened.Refused(
        !wholeOk
            ? "too short"
            : !keyIdOk ? "another key" : !msgKeyOk ? "msg_key" : "length or padding");
  }

  /** A message of the handshake, in plain. */
  public static byte[] plain(long msgId, byte[] body) {
    byte[] packet = new byte[PLAIN_BODY_OFFSET + body.length];
    Bytes.putLong(packet, PLAIN_MSG_ID_OFFSET, msgId);
    Bytes.putInt(packet, PLAIN_LENGTH_OFFSET, body.length);
    System.arraycopy(body, 0, packet, PLAIN_BODY_OFFSET, body.length);
    return packet;
  }

  /** Reads a packet whose auth_key_id is 0: never answers {@link Opened.Message}. */
  public static Opened openPlain(byte[] packet) {
    if (packet.length < PLAIN_BODY_OFFSET || Bytes.longAt(packet, KEY_ID_OFFSET) != 0) {
      return new Opened.Refused("not a plain message");
    }
    int length = Bytes.intAt(packet, PLAIN_LENGTH_OFFSET);
    int rest = packet.length - PLAIN_BODY_OFFSET;
    // Framing leaves at most 15 bytes on; more is not a message of this protocol.
    if (length < 0 || length % 4 != 0 || length > rest || rest - length >= BLOCK) {
      return new Opened.Refused("length");
    }
    return new Opened.Plain(
        Bytes.longAt(packet, PLAIN_MSG_ID_OFFSET),
        Bytes.slice(packet, PLAIN_BODY_OFFSET, PLAIN_BODY_OFFSET + length));
  }

  /** "SHA256(auth_key[88+x..120+x] + plaintext + padding)". */
  private static byte[] msgKeyHash(AuthKey key, Side from, byte[] plain) {
    MessageDigest sha256 = Bytes.digest("SHA-256");
    sha256.update(key.key256(), 88 + from.x, 32);
    sha256.update(plain);
    return sha256.digest();
  }

  /** msg_key: "the middle 128 bits" of that hash. */
  private static byte[] msgKey(byte[] hash) {
    return Bytes.slice(hash, 8, 24);
  }

  /** "The first 32 bits of the same hash that yields msg_key, the most significant bit set." */
  private static int quickAckToken(byte[] hash) {
    return Bytes.intAt(hash, 0) | 1 << 31;
  }

  /**
   * The token by which the peer acknowledges {@code packet}, sealed by {@code from}, if it was
   * asked for a quick ack.
   *
   * @throws IllegalArgumentException if the packet is none of this key
   */
  public static int quickAckToken(AuthKey key, Side from, byte[] packet) {
    if (open(key, from, packet) instanceof Opened.Message message) {
      return message.quickAckToken();
    }
    throw new IllegalArgumentException("not a packet of this key");
  }

  /** The key and IV of one message. */
  @SuppressWarnings("ArrayRecordComponent") // a carrier
  private record AesKey(byte[] key, byte[] iv) {
    /**
     * "sha256_a = SHA256(msg_key + auth_key[x..36+x]); sha256_b = SHA256(auth_key[40+x..76+x] +
     * msg_key); aes_key = a[0..8] + b[8..24] + a[24..32]; aes_iv = b[0..8] + a[8..24] + b[24..32]."
     */
    static AesKey of(AuthKey authKey, Side from, byte[] msgKey) {
      byte[] bytes = authKey.key256();
      byte[] a = Bytes.sha256(msgKey, Bytes.slice(bytes, from.x, 36 + from.x));
      byte[] b = Bytes.sha256(bytes, 40 + from.x, 76 + from.x, msgKey);
      return new AesKey(braid(a, b), braid(b, a));
    }

    private static byte[] braid(byte[] outer, byte[] inner) {
      return Bytes.concat(
          Bytes.slice(outer, 0, 8), Bytes.slice(inner, 8, 24), Bytes.slice(outer, 24, 32));
    }
  }
}

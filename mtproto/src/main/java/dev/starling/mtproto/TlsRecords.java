package dev.starling.mtproto;

import org.jspecify.annotations.Nullable;

/**
 * The records that carry a fake TLS stream once its hello is through: application data, {@code 17
 * 03 03 | length 2 | bytes}. Each direction's reader and writer are separate. Not thread-safe.
 */
public final class TlsRecords {
  public static final int HEADER_BYTES = 5;

  /**
   * "The length MUST NOT exceed 2^14 bytes" of plain text; 256 more are for the encryption (RFC
   * 8446, 5.2).
   */
  static final int RECORD_BYTES_MAX = (1 << 14) + 256;

  /** What we put into one: as real servers do, 2^14 and what AEAD and type add. */
  public static final int WRITTEN_BYTES_MAX = (1 << 14) + 17;

  private static final byte[] CHANGE_CIPHER_SPEC = {20, 3, 3, 0, 1, 1};
  private static final int APPLICATION_DATA = 23;

  private TlsRecords() {}

  /** Where the bytes inside the records go, in pieces. */
  @FunctionalInterface
  public interface Sink {
    void bytes(byte[] bytes, int offset, int length);
  }

  /**
   * Takes records apart. It holds no bytes but a header's: what is inside passes as it comes.
   *
   * <p>A client begins with one change_cipher_spec; after it, and from a server, all is application
   * data.
   */
  public static final class Reader {
    private final byte[] header = new byte[HEADER_BYTES];
    private int headerFilled;
    private int left;
    private int specLeft;

    private Reader(boolean specFirst) {
      this.specLeft = specFirst ? CHANGE_CIPHER_SPEC.length : 0;
    }

    /** Of what a client sends after its hello. */
    public static Reader ofClient() {
      return new Reader(true);
    }

    /** Of what a server sends after its flight. */
    public static Reader ofServer() {
      return new Reader(false);
    }

    /** Takes the next bytes, however they are cut; answers what is wrong with them, or null. */
    public @Nullable String receive(byte[] in, int offset, int length, Sink sink) {
      int at = offset;
      int end = offset + length;
      while (at < end) {
        if (specLeft > 0) {
          if (in[at++] != CHANGE_CIPHER_SPEC[CHANGE_CIPHER_SPEC.length - specLeft--]) {
            return "no change_cipher_spec";
          }
        } else if (left > 0) {
          int count = Math.min(left, end - at);
          left -= count;
          sink.bytes(in, at, count);
          at += count;
        } else {
          header[headerFilled++] = in[at++];
          if (headerFilled == HEADER_BYTES && !open()) {
            return "no record of application data";
          }
        }
      }
      return null;
    }

    private boolean open() {
      headerFilled = 0;
      left = ((header[3] & 0xff) << 8) | (header[4] & 0xff);
      return header[0] == APPLICATION_DATA
          && header[1] == 3
          && header[2] == 3
          && left <= RECORD_BYTES_MAX;
    }
  }

  /** Bytes in as many records as they need. */
  public static byte[] wrap(byte[] bytes) {
    return wrap(bytes, WRITTEN_BYTES_MAX);
  }

  static byte[] wrap(byte[] bytes, int most) {
    int records = (bytes.length + most - 1) / most;
    byte[] wrapped = new byte[bytes.length + records * HEADER_BYTES];
    int to = 0;
    for (int from = 0; from < bytes.length; from += most) {
      int length = Math.min(most, bytes.length - from);
      putHeader(wrapped, to, length);
      System.arraycopy(bytes, from, wrapped, to + HEADER_BYTES, length);
      to += HEADER_BYTES + length;
    }
    return wrapped;
  }

  /** Writes the header of a record of {@code length} bytes, at most {@link #WRITTEN_BYTES_MAX}. */
  public static void putHeader(byte[] out, int at, int length) {
    out[at] = APPLICATION_DATA;
    out[at + 1] = 3;
    out[at + 2] = 3;
    out[at + 3] = (byte) (length >> 8);
    out[at + 4] = (byte) length;
  }

  /** What a client puts before its first record, and a server between its hello and its data. */
  public static byte[] changeCipherSpec() {
    return CHANGE_CIPHER_SPEC.clone();
  }
}

package dev.starling.mtproto;

import java.util.Arrays;

/**
 * Collects a ClientHello from a stream, however it is cut and over however many records. It judges
 * nothing: whose hello it is {@link FakeTls} finds out. Not thread-safe.
 */
public final class TlsHelloReader {
  /**
   * The longest hello, record headers and all. Post-quantum key shares make about 1.8 KB; a record
   * holds 16 KiB, and none needs more.
   */
  static final int HELLO_BYTES_MAX = 16 << 10;

  private static final int HANDSHAKE_RECORD = 22;
  private static final int CLIENT_HELLO = 1;

  /** Most hellos are shorter, and come at once. */
  private static final int FIRST_BYTES = 2 << 10;

  private byte[] seen = new byte[FIRST_BYTES];
  private int filled;
  private int needed;

  /** What has come so far. */
  public sealed interface Progress {
    /** The beginning of a hello. */
    record More() implements Progress {}

    /**
     * A whole one.
     *
     * @param length its bytes of {@link #seen}; what follows belongs to the stream after it
     */
    record Whole(TlsHello hello, int length) implements Progress {}

    /** No hello of this disguise, or longer than any. */
    record Foreign() implements Progress {}
  }

  private static final Progress MORE = new Progress.More();
  private static final Progress FOREIGN = new Progress.Foreign();

  /** Takes the next bytes. After {@link Progress.Foreign} or {@link Progress.Whole}, only bytes. */
  public Progress receive(byte[] in, int offset, int length) {
    if (filled + length > seen.length) {
      seen = Arrays.copyOf(seen, Math.max(2 * seen.length, filled + length));
    }
    System.arraycopy(in, offset, seen, filled, length);
    filled += length;
    return filled < needed ? MORE : look();
  }

  /** All bytes that have come: what a splice to somewhere else begins with. */
  public byte[] seen() {
    return Bytes.slice(seen, 0, filled);
  }

  /** Bytes that it holds. */
  int heldBytes() {
    return seen.length;
  }

  /**
   * Walks over the records from the start, when there may be something new to see: who sends single
   * bytes does not make us walk for each.
   */
  private Progress look() {
    byte[] joined = new byte[Math.min(filled, HELLO_BYTES_MAX)];
    int size = TlsHello.RECORD_HEADER_BYTES;
    int at = 0;
    int wanted = TlsHello.HANDSHAKE_HEADER_BYTES;
    while (size - TlsHello.RECORD_HEADER_BYTES < wanted) {
      if (at > HELLO_BYTES_MAX - TlsHello.RECORD_HEADER_BYTES || !isHandshakeRecord(at)) {
        return FOREIGN;
      }
      int body = at + TlsHello.RECORD_HEADER_BYTES;
      int end = body + number(at + 3, 2);
      if (filled < body) {
        needed = body;
        return MORE;
      }
      int available = Math.min(filled, end) - body;
      if (size + available > joined.length) {
        return FOREIGN; // beyond the cap, as joined is as long as all that has come up to it
      }
      System.arraycopy(seen, body, joined, size, available);
      size += available;
      int message = size - TlsHello.RECORD_HEADER_BYTES;
      if (message >= 1 && joined[TlsHello.RECORD_HEADER_BYTES] != CLIENT_HELLO) {
        return FOREIGN;
      }
      if (message >= TlsHello.HANDSHAKE_HEADER_BYTES) {
        wanted = TlsHello.HANDSHAKE_HEADER_BYTES + length(joined);
        if (wanted + TlsHello.RECORD_HEADER_BYTES > HELLO_BYTES_MAX) {
          return FOREIGN;
        }
      }
      if (filled < end) {
        needed = message < TlsHello.HANDSHAKE_HEADER_BYTES ? filled + 1 : end;
        return message > wanted ? FOREIGN : MORE;
      }
      at = end;
    }
    return size - TlsHello.RECORD_HEADER_BYTES > wanted ? FOREIGN : whole(joined, size, at);
  }

  private Progress whole(byte[] joined, int size, int length) {
    byte[] record = Bytes.slice(joined, 0, size);
    int message = size - TlsHello.RECORD_HEADER_BYTES;
    System.arraycopy(seen, 0, record, 0, 3); // "one header, total length"
    record[3] = (byte) (message >> 8);
    record[4] = (byte) message;
    TlsHello hello = TlsHello.parse(record);
    return hello == null ? FOREIGN : new Progress.Whole(hello, length);
  }

  /** Whether the record at {@code at} may be one, as far as it has come: 22, 3, 1..3. */
  private boolean isHandshakeRecord(int at) {
    return (filled <= at || seen[at] == HANDSHAKE_RECORD)
        && (filled <= at + 1 || seen[at + 1] == 3)
        && (filled <= at + 2 || (seen[at + 2] >= 1 && seen[at + 2] <= 3))
        && (filled <= at + 4 || isRecordLength(number(at + 3, 2)));
  }

  /** "Zero-length fragments of Handshake types MUST NOT be sent"; "at most 2^14". */
  private static boolean isRecordLength(int length) {
    return length > 0 && length <= 1 << 14;
  }

  private int number(int at, int size) {
    int number = 0;
    for (int i = at; i < at + size && i < filled; i++) {
      number = (number << 8) | (seen[i] & 0xff);
    }
    return number;
  }

  /** The length in the handshake header. */
  private static int length(byte[] joined) {
    int at = TlsHello.RECORD_HEADER_BYTES;
    return (joined[at + 1] & 0xff) << 16 | (joined[at + 2] & 0xff) << 8 | (joined[at + 3] & 0xff);
  }
}

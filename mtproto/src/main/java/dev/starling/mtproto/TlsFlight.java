package dev.starling.mtproto;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The first flight of a real server of TLS 1.3, as an onlooker sees it.
 *
 * @param suite the cipher suite that it chose
 * @param group of its key share
 * @param encrypted the lengths of its records of application data, in order
 */
public record TlsFlight(int suite, int group, List<Integer> encrypted) {
  private static final int HANDSHAKE_RECORD = 22;
  private static final int APPLICATION_DATA = 23;
  private static final int KEY_SHARE = 51;

  /** "CF 21 AD 74 ...": the random of a HelloRetryRequest (RFC 8446, 4.1.3). */
  private static final int RETRY = 0x74ad21cf;

  /**
   * Reads what has come of it.
   *
   * @return null if it is no ServerHello of TLS 1.3 with a key share, or not whole
   */
  public static @Nullable TlsFlight read(byte[] seen) {
    int header = TlsRecords.HEADER_BYTES;
    int end = seen.length < header ? 0 : header + length(seen, 0);
    if (end <= TlsHello.RANDOM_OFFSET + TlsHello.RANDOM_BYTES
        || end > seen.length
        || seen[0] != HANDSHAKE_RECORD
        || Bytes.intAt(seen, TlsHello.RANDOM_OFFSET) == RETRY) {
      return null;
    }
    TlsHello.Cursor in =
        new TlsHello.Cursor(seen, TlsHello.RANDOM_OFFSET + TlsHello.RANDOM_BYTES, end);
    in.take(in.number(1)); // session id
    int suite = in.number(2);
    in.number(1); // compression method
    TlsHello.Cursor extensions = in.part(in.number(2));
    int group = 0;
    while (extensions.hasMore()) {
      int type = extensions.number(2);
      TlsHello.Cursor body = extensions.part(extensions.number(2));
      if (type == KEY_SHARE) {
        group = body.number(2);
      }
    }
    return in.hasFailed() || extensions.hasFailed() || group == 0
        ? null
        : new TlsFlight(suite, group, encrypted(seen, end));
  }

  private static List<Integer> encrypted(byte[] seen, int from) {
    List<Integer> lengths = new ArrayList<>();
    int at = from;
    while (at + TlsRecords.HEADER_BYTES <= seen.length) {
      int length = length(seen, at);
      if (seen[at] == APPLICATION_DATA) {
        lengths.add(length);
      }
      at += TlsRecords.HEADER_BYTES + length;
    }
    return List.copyOf(lengths);
  }

  private static int length(byte[] seen, int record) {
    return (seen[record + 3] & 0xff) << 8 | (seen[record + 4] & 0xff);
  }

  /** The nearest that a client of {@link FakeTls} takes; null if that is nothing like it. */
  public @Nullable FlightShape shape() {
    int sum = encrypted.stream().mapToInt(Integer::intValue).sum();
    return KeyShares.isKnown(group) && sum > 0 && sum <= TlsRecords.WRITTEN_BYTES_MAX
        ? new FlightShape(suite, group, sum)
        : null;
  }
}

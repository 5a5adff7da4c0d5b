package dev.starling.mtproto;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a TLS ClientHello says (RFC 8446, section 4.1.2), as far as fake TLS needs to know.
 *
 * @param record the hello rejoined into one record: what its HMAC is made over
 * @param random 32 bytes
 * @param sessionId 32 bytes, as every client of TLS 1.3 sends for middleboxes
 * @param cipherSuites in the client's order, GREASE values included
 * @param keyShares the groups it sends a key share of, in its order, GREASE values included
 * @param serverName of the server_name extension; null without one
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier
public record TlsHello(
    byte[] record,
    byte[] random,
    byte[] sessionId,
    List<Integer> cipherSuites,
    List<Integer> keyShares,
    @Nullable String serverName) {
  static final int RECORD_HEADER_BYTES = 5;
  static final int HANDSHAKE_HEADER_BYTES = 4;
  static final int RANDOM_OFFSET = RECORD_HEADER_BYTES + HANDSHAKE_HEADER_BYTES + 2;
  static final int RANDOM_BYTES = 32;
  static final int SESSION_ID_BYTES = 32;

  private static final int SERVER_NAME = 0;
  private static final int KEY_SHARE = 51;
  private static final int HOST_NAME = 0;

  /**
   * Reads a whole hello; null when it breaks its own lengths, or has no session id of 32 bytes, as
   * those of this disguise all have.
   *
   * @param record one record with the whole handshake message and nothing else
   */
  static @Nullable TlsHello parse(byte[] record) {
    Cursor in = new Cursor(record, RANDOM_OFFSET, record.length);
    byte[] random = in.take(RANDOM_BYTES);
    byte[] sessionId = in.take(in.number(1));
    Cursor suites = in.part(in.number(2));
    in.take(in.number(1)); // compression methods
    Cursor extensions = in.part(in.number(2));
    List<Integer> cipherSuites = new ArrayList<>();
    while (suites.hasMore()) {
      cipherSuites.add(suites.number(2));
    }
    String serverName = null;
    List<Integer> keyShares = new ArrayList<>();
    while (extensions.hasMore()) {
      int type = extensions.number(2);
      Cursor body = extensions.part(extensions.number(2));
      switch (type) {
        case SERVER_NAME -> serverName = serverName(body);
        case KEY_SHARE -> keyShares(body, keyShares);
        default -> {}
      }
    }
    boolean whole = !in.failed && !suites.failed && !extensions.failed && !in.hasMore();
    return whole && sessionId.length == SESSION_ID_BYTES
        ? new TlsHello(
            record,
            random,
            sessionId,
            List.copyOf(cipherSuites),
            List.copyOf(keyShares),
            serverName)
        : null;
  }

  private static @Nullable String serverName(Cursor body) {
    Cursor list = body.part(body.number(2));
    while (list.hasMore()) {
      int kind = list.number(1);
      byte[] name = list.take(list.number(2));
      if (kind == HOST_NAME && !list.failed) {
        return new String(name, StandardCharsets.ISO_8859_1);
      }
    }
    return null;
  }

  private static void keyShares(Cursor body, List<Integer> groups) {
    Cursor list = body.part(body.number(2));
    while (list.hasMore()) {
      groups.add(list.number(2));
      list.take(list.number(2));
    }
  }

  /** Reads big-endian numbers and parts; past the end it fails for good and reads nothing. */
  static final class Cursor {
    private final byte[] bytes;
    private final int end;
    private int at;
    private boolean failed;

    Cursor(byte[] bytes, int from, int end) {
      this.bytes = bytes;
      this.at = from;
      this.end = end;
    }

    boolean hasMore() {
      return !failed && at < end;
    }

    boolean hasFailed() {
      return failed;
    }

    int number(int size) {
      int number = 0;
      for (byte b : take(size)) {
        number = (number << 8) | (b & 0xff);
      }
      return number;
    }

    byte[] take(int count) {
      int from = at;
      return skip(count) ? Bytes.slice(bytes, from, at) : new byte[0];
    }

    Cursor part(int count) {
      int from = at;
      Cursor part = new Cursor(bytes, from, skip(count) ? at : from);
      part.failed = failed;
      return part;
    }

    private boolean skip(int count) {
      if (failed || count > end - at) {
        failed = true;
        return false;
      }
      at += count;
      return true;
    }
  }
}

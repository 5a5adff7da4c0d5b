package dev.starling.mtproto;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The server's end of the HTTP request that a WebSocket begins with (RFC 6455, section 4). Any
 * other request is told that there is nothing here. Not thread-safe.
 */
final class WebSocketUpgrade {
  /** Browsers send cookies and more; beyond it nobody wants a WebSocket. */
  static final int REQUEST_BYTES_MAX = 8 << 10;

  /** Where clients of Telegram ask; the data centre is in the host's name, and all one to us. */
  private static final Set<String> PATHS =
      Set.of("/apiws", "/apiws1", "/apiws_test", "/apiws_premium", "/apiws1_test");

  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  private static final String PROTOCOL = "binary";
  private static final int KEY_CHARACTERS = 24;
  private static final byte[] END = {'\r', '\n', '\r', '\n'};

  private byte[] seen = new byte[0];

  /** What to do with the connection. */
  sealed interface Progress {
    record More() implements Progress {}

    /**
     * Send the answer; frames follow.
     *
     * @param rest what came after the request
     */
    @SuppressWarnings("ArrayRecordComponent") // a carrier
    record Upgraded(byte[] answer, byte[] rest) implements Progress {}

    /** Send the answer and close. */
    @SuppressWarnings("ArrayRecordComponent") // a carrier
    record Refused(byte[] answer) implements Progress {}
  }

  /** Takes the next bytes of the request, however they are cut. */
  Progress receive(byte[] in, int offset, int length) {
    int before = seen.length;
    seen = Bytes.concat(seen, Bytes.slice(in, offset, offset + length));
    int end = end(Math.max(0, before - END.length));
    if (end > REQUEST_BYTES_MAX || (end < 0 && seen.length > REQUEST_BYTES_MAX)) {
      return new Progress.Refused(notFound());
    }
    if (end < 0) {
      return new Progress.More();
    }
    Map<String, String> headers = headers(new String(seen, 0, end, ISO_8859_1));
    if (headers == null) {
      return new Progress.Refused(notFound());
    }
    String key = headers.getOrDefault("sec-websocket-key", "");
    boolean binary = has(headers, "sec-websocket-protocol", PROTOCOL);
    return new Progress.Upgraded(
        answer(
            "101 Switching Protocols",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Accept: " + accept(key),
            binary ? "Sec-WebSocket-Protocol: " + PROTOCOL : ""),
        Bytes.slice(seen, end, seen.length));
  }

  /** "The SHA-1 of the key and the GUID, in base64." */
  static String accept(String key) {
    return Base64.getEncoder().encodeToString(Bytes.sha1((key + GUID).getBytes(ISO_8859_1)));
  }

  private static byte[] notFound() {
    return answer("404 Not Found", "Content-Length: 0", "Connection: close");
  }

  /** Bytes that it holds. */
  int heldBytes() {
    return seen.length;
  }

  private int end(int from) {
    for (int at = from; at + END.length <= seen.length; at++) {
      if (Arrays.equals(seen, at, at + END.length, END, 0, END.length)) {
        return at + END.length;
      }
    }
    return -1;
  }

  /** The header fields of a request for a WebSocket here; null when it is any other. */
  private static @Nullable Map<String, String> headers(String request) {
    List<String> lines = request.lines().toList();
    String[] first = lines.getFirst().split(" ", -1);
    if (first.length != 3 || !first[0].equals("GET") || !first[2].equals("HTTP/1.1")) {
      return null;
    }
    if (!PATHS.contains(first[1].split("\\?", 2)[0])) {
      return null;
    }
    Map<String, String> headers = new HashMap<>();
    for (String line : lines.subList(1, lines.size())) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        String name = line.substring(0, colon).toLowerCase(Locale.ROOT);
        headers.merge(name, line.substring(colon + 1).strip(), (one, two) -> one + ", " + two);
      }
    }
    boolean asked =
        has(headers, "upgrade", "websocket")
            && has(headers, "connection", "upgrade")
            && has(headers, "sec-websocket-version", "13")
            && headers.getOrDefault("sec-websocket-key", "").length() == KEY_CHARACTERS;
    return asked ? headers : null;
  }

  /** Whether a list, separated by commas, has a word. */
  private static boolean has(Map<String, String> headers, String name, String word) {
    return Arrays.stream(headers.getOrDefault(name, "").split(",", -1))
        .anyMatch(part -> part.strip().equalsIgnoreCase(word));
  }

  /** No date and no server's name: there is nothing to know us by. */
  private static byte[] answer(String status, String... fields) {
    StringBuilder answer = new StringBuilder("HTTP/1.1 ").append(status).append("\r\n");
    for (String field : fields) {
      if (!field.isEmpty()) {
        answer.append(field).append("\r\n");
      }
    }
    return answer.append("\r\n").toString().getBytes(ISO_8859_1);
  }
}

package dev.starling.mtproto;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Base64;
import java.util.Locale;
import java.util.random.RandomGenerator;

/** The client's end of the HTTP request that a WebSocket begins with (RFC 6455, section 4). */
public final class WebSocketGreeting implements Greeting {
  private static final int ANSWER_BYTES_MAX = 8 << 10;
  private static final int NONCE_BYTES = 16;

  private final String key;
  private final byte[] request;
  private String seen = "";

  /**
   * @param host as the request names it, such as {@code venus.web.telegram.org}
   * @param path such as {@code /apiws}
   */
  public WebSocketGreeting(String host, String path, RandomGenerator random) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    this.key = Base64.getEncoder().encodeToString(nonce);
    this.request =
        String.join(
                "\r\n",
                "GET " + path + " HTTP/1.1",
                "Host: " + host,
                "Upgrade: websocket",
                "Connection: Upgrade",
                "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: " + key,
                "Sec-WebSocket-Protocol: binary",
                "",
                "")
            .getBytes(ISO_8859_1);
  }

  @Override
  public byte[] opening() {
    return request.clone();
  }

  @Override
  public Progress receive(byte[] in, int offset, int length) {
    seen += new String(in, offset, length, ISO_8859_1);
    int end = seen.indexOf("\r\n\r\n");
    if (end < 0) {
      return seen.length() > ANSWER_BYTES_MAX
          ? new Progress.Failed("no end of the HTTP answer")
          : new Progress.More();
    }
    String head = seen.substring(0, end);
    boolean welcome =
        head.startsWith("HTTP/1.1 101 ")
            && head.toLowerCase(Locale.ROOT).contains("\r\nsec-websocket-accept: ")
            && head.contains(WebSocketUpgrade.accept(key));
    return welcome
        ? new Progress.Welcome(seen.substring(end + 4).getBytes(ISO_8859_1))
        : new Progress.Failed("the HTTP answer is no WebSocket");
  }
}

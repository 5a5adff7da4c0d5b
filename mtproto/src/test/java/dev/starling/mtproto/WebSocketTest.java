package dev.starling.mtproto;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.starling.mtproto.ServerTransport.Verdict;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebSocketTest {
  private final Random random = new Random(1);
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final List<byte[]> received = new ArrayList<>();
  private ServerTransport server = new ServerTransport(List.of(), out::writeBytes);

  /** The example of RFC 6455, section 1.3, in other letters. */
  @Test
  void aBrowserIsLetIn() {
    feed(
        """
        GET /apiws?x=1 HTTP/1.1\r
        Host: web.example.org\r
        Origin: https://example.com\r
        connection: keep-alive, Upgrade\r
        UPGRADE: WebSocket\r
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
        Sec-WebSocket-Protocol: chat, binary\r
        Sec-WebSocket-Version: 13\r
        \r
        """
            .getBytes(US_ASCII),
        1);
    assertEquals(
        """
        HTTP/1.1 101 Switching Protocols\r
        Upgrade: websocket\r
        Connection: Upgrade\r
        Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r
        Sec-WebSocket-Protocol: binary\r
        \r
        """,
        out.toString(US_ASCII));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /apiws HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /apiws HTTP/1.0\r\n\r\n",
        "POST /apiws HTTP/1.1\r\n\r\n",
        "HEAD /robots.txt HTTP/1.1\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\n\r\n",
        "GET \r\n\r\n",
      })
  void anyOtherRequestFindsNothing(String request) {
    byte[] bytes = request.getBytes(US_ASCII);
    for (int cut : List.of(1, bytes.length)) {
      out.reset();
      server = new ServerTransport(List.of(), out::writeBytes);
      assertInstanceOf(Verdict.Close.class, feed(bytes, cut));
      assertEquals(
          "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
          out.toString(US_ASCII));
    }
  }

  @Test
  void aRequestWithoutEndIsCutOff() {
    feed("GET /".getBytes(US_ASCII), 5);
    assertInstanceOf(Verdict.Close.class, feed(new byte[WebSocketUpgrade.REQUEST_BYTES_MAX], 999));
  }

  @ParameterizedTest
  @EnumSource(names = "FULL", mode = EnumSource.Mode.EXCLUDE)
  void packetsPassBothWays(Framing framing) {
    for (int cut : List.of(1, 3, 1000, 100_000)) {
      enter();
      ClientTransport client = ClientTransport.inWebSocket(framing, 2, random);
      byte[] large = new byte[66_000];
      random.nextBytes(large);
      byte[] up = Bytes.concat(client.opening(), client.frame(new byte[20]), client.frame(large));
      assertInstanceOf(Verdict.Continue.class, feed(up, cut));
      assertArrayEquals(large, Bytes.slice(received.get(1), 0, large.length));

      byte[] down = Bytes.concat(server.frame(large, random), server.frameError(-429));
      List<byte[]> answered = new ArrayList<>();
      ClientTransport.Verdict verdict = null;
      for (int at = 0; at < down.length; at += cut) {
        int length = Math.min(cut, down.length - at);
        verdict = client.receive(down, at, length, (packet, ack) -> answered.add(packet));
      }
      assertArrayEquals(large, Bytes.slice(answered.getFirst(), 0, large.length));
      assertEquals(new ClientTransport.Verdict.TransportError(-429), verdict);
    }
  }

  /** A packet over several fragments, with a ping between them. */
  @Test
  void fragmentsAreJoinedAndPingsAnswered() {
    enter();
    ClientTransport plain = new ClientTransport(Framing.ABRIDGED, true, null, 2, random);
    byte[] stream = Bytes.concat(plain.opening(), plain.frame(new byte[200]));
    byte[] first =
        WebSocketFrames.masked(WebSocketFrames.BINARY, Bytes.slice(stream, 0, 70), random);
    first[0] &= 0x7f; // not the last
    byte[] ping = WebSocketFrames.masked(WebSocketFrames.PING, new byte[] {1, 2, 3}, random);
    byte[] last = WebSocketFrames.masked(0, Bytes.slice(stream, 70, stream.length), random);
    feed(Bytes.concat(first, ping, last), 1);
    assertEquals(1, received.size());
    assertEquals("8a03010203", HexFormat.of().formatHex(out.toByteArray()));
  }

  @Test
  void aCloseIsAnsweredAndEnds() {
    enter();
    byte[] close = WebSocketFrames.masked(WebSocketFrames.CLOSE, new byte[] {3, -24}, random);
    assertInstanceOf(Verdict.Close.class, feed(close, 1));
    assertEquals("880203e8", HexFormat.of().formatHex(out.toByteArray()));
  }

  /** Not masked, reserved bits, text, too long, a control frame that is long or a fragment. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "820100000000",
        "c28100000000",
        "818100000000",
        "82ff000000000080000100000000",
        "82ffffffffffffffffff00000000",
        "89fe007e00000000",
        "89ffffffffffffffffff00000000",
        "098000000000",
        "8b8000000000",
      })
  void aBrokenFrameIsDropped(String hex) {
    enter();
    assertInstanceOf(Verdict.Drop.class, feed(HexFormat.of().parseHex(hex), 1));
  }

  private void enter() {
    server = new ServerTransport(List.of(), out::writeBytes);
    received.clear();
    out.reset();
    var greeting = new WebSocketGreeting("localhost", "/apiws", random);
    feed(greeting.opening(), 10);
    byte[] answer = out.toByteArray();
    assertTrue(greeting.receive(answer, 0, answer.length) instanceof Greeting.Progress.Welcome);
    out.reset();
  }

  private Verdict feed(byte[] stream, int cut) {
    Verdict verdict = new Verdict.Continue();
    for (int at = 0; at < stream.length; at += cut) {
      int length = Math.min(cut, stream.length - at);
      verdict =
          server.receive(
              stream,
              at,
              length,
              (packet, ack) -> {
                received.add(packet);
                server.trust();
              });
    }
    return verdict;
  }
}

package dev.starling.mtproto;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;

/**
 * What a server's answer to a hello depends on: everything but what is drawn anew for each. Two
 * hellos of one client have the same, in whatever order it sends its extensions.
 */
public final class HelloShape {
  private static final int SUPPORTED_GROUPS = 10;
  private static final int PADDING = 21;
  private static final int SESSION_TICKET = 35;
  private static final int PRE_SHARED_KEY = 41;
  private static final int SUPPORTED_VERSIONS = 43;
  private static final int KEY_SHARE = 51;
  private static final int ENCRYPTED_CLIENT_HELLO = 0xfe0d;

  private HelloShape() {}

  /** A digest in hexadecimal. */
  public static String of(TlsHello hello) {
    StringBuilder shape = new StringBuilder();
    shape.append(withoutGrease(hello.cipherSuites())).append(withoutGrease(hello.keyShares()));
    TlsHello.Cursor in =
        new TlsHello.Cursor(
            hello.record(), TlsHello.RANDOM_OFFSET + TlsHello.RANDOM_BYTES, hello.record().length);
    in.take(in.number(1)); // session id
    in.take(in.number(2)); // suites
    in.take(in.number(1)); // compression methods
    TlsHello.Cursor extensions = in.part(in.number(2));
    List<String> parts = new ArrayList<>();
    while (extensions.hasMore()) {
      int type = extensions.number(2);
      byte[] body = extensions.take(extensions.number(2));
      if (!isGrease(type)) {
        parts.add(type + ":" + part(type, body));
      }
    }
    Collections.sort(parts);
    shape.append(parts);
    return HexFormat.of()
        .formatHex(Bytes.sha256(shape.toString().getBytes(StandardCharsets.UTF_8)));
  }

  private static String part(int type, byte[] body) {
    return switch (type) {
      case KEY_SHARE, PADDING, SESSION_TICKET, PRE_SHARED_KEY, ENCRYPTED_CLIENT_HELLO -> "";
      case SUPPORTED_GROUPS -> withoutGrease(numbers(body, 2)).toString();
      case SUPPORTED_VERSIONS -> withoutGrease(numbers(body, 1)).toString();
      default -> HexFormat.of().formatHex(body);
    };
  }

  private static List<Integer> numbers(byte[] body, int lengthBytes) {
    TlsHello.Cursor in = new TlsHello.Cursor(body, lengthBytes, body.length);
    List<Integer> numbers = new ArrayList<>();
    while (in.hasMore()) {
      numbers.add(in.number(2));
    }
    return numbers;
  }

  private static List<Integer> withoutGrease(List<Integer> numbers) {
    return numbers.stream().filter(number -> !isGrease(number)).toList();
  }

  /** RFC 8701: 0x0a0a, 0x1a1a, ... 0xfafa. */
  private static boolean isGrease(int number) {
    return (number & 0x0f0f) == 0x0a0a && number >> 8 == (number & 0xff);
  }

  /**
   * The hello with another random, to be said to a server: nobody can tell by it that its client
   * said the same elsewhere.
   */
  public static byte[] withRandom(TlsHello hello, byte[] random) {
    byte[] other = hello.record().clone();
    System.arraycopy(random, 0, other, TlsHello.RANDOM_OFFSET, TlsHello.RANDOM_BYTES);
    return other;
  }
}

package dev.starling.proxy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** A ClientHello of one record, as a prober puts it together. */
record Hello(@Nullable String serverName, List<Integer> suites, List<Integer> versions, int group) {
  static final int X25519 = 0x1d;
  static final int P256 = 0x17;
  private static final List<Integer> MODERN = List.of(0x1301, 0x1302, 0x1303, 0xc02f, 0xc030);

  static Hello to(@Nullable String serverName) {
    return new Hello(serverName, MODERN, List.of(0x0304, 0x0303), X25519);
  }

  Hello ofTls12() {
    return new Hello(serverName, List.of(0xc02f, 0xc030), List.of(), group);
  }

  Hello withGroup(int only) {
    return new Hello(serverName, suites, versions, only);
  }

  byte[] bytes(Random random) {
    ByteArrayOutputStream extensions = new ByteArrayOutputStream();
    if (serverName != null) {
      byte[] name = serverName.getBytes(StandardCharsets.US_ASCII);
      extension(extensions, 0, sized(2, join(new byte[1], sized(2, name))));
    }
    extension(extensions, 10, sized(2, numbers(List.of(group))));
    extension(extensions, 11, new byte[] {1, 0});
    extension(extensions, 13, sized(2, numbers(List.of(0x0804, 0x0401, 0x0805, 0x0806))));
    if (!versions.isEmpty()) {
      extension(extensions, 43, sized(1, numbers(versions)));
      extension(extensions, 45, new byte[] {1, 1});
      extension(extensions, 51, sized(2, join(numbers(List.of(group)), sized(2, share(random)))));
    }
    byte[] randoms = new byte[64];
    random.nextBytes(randoms);
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(new byte[] {3, 3});
    body.write(randoms, 0, 32);
    body.write(32);
    body.write(randoms, 32, 32);
    body.writeBytes(sized(2, numbers(suites)));
    body.writeBytes(new byte[] {1, 0});
    body.writeBytes(sized(2, extensions.toByteArray()));
    byte[] message = join(new byte[] {1}, sized(3, body.toByteArray()));
    return join(new byte[] {22, 3, 1}, sized(2, message));
  }

  /** Of P-256 the point of the standard itself, which is one. */
  private byte[] share(Random random) {
    if (group == P256) {
      return java.util.HexFormat.of()
          .parseHex(
              "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
                  + "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5");
    }
    byte[] share = new byte[32];
    random.nextBytes(share);
    return share;
  }

  private static void extension(ByteArrayOutputStream out, int type, byte[] body) {
    out.writeBytes(numbers(List.of(type)));
    out.writeBytes(sized(2, body));
  }

  private static byte[] numbers(List<Integer> numbers) {
    byte[] bytes = new byte[2 * numbers.size()];
    for (int i = 0; i < numbers.size(); i++) {
      bytes[2 * i] = (byte) (numbers.get(i) >> 8);
      bytes[2 * i + 1] = (byte) (int) numbers.get(i);
    }
    return bytes;
  }

  private static byte[] sized(int lengthBytes, byte[] body) {
    byte[] length = new byte[lengthBytes];
    for (int i = 0; i < lengthBytes; i++) {
      length[i] = (byte) (body.length >> (8 * (lengthBytes - 1 - i)));
    }
    return join(length, body);
  }

  static byte[] join(byte[] first, byte[] second) {
    byte[] joined = java.util.Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, joined, first.length, second.length);
    return joined;
  }
}

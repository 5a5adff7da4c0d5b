package dev.starling.mtproto;

/** The building blocks of TLS handshake messages (RFC 8446, section 3). */
final class TlsWriter {
  private static final int HANDSHAKE_RECORD = 22;

  private TlsWriter() {}

  /** A big-endian number of {@code size} bytes. */
  static byte[] number(int value, int size) {
    byte[] bytes = new byte[size];
    for (int i = 0; i < size; i++) {
      bytes[i] = (byte) (value >> (8 * (size - 1 - i)));
    }
    return bytes;
  }

  /** Numbers of two bytes each. */
  static byte[] numbers(int... values) {
    byte[] bytes = new byte[2 * values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[2 * i] = (byte) (values[i] >> 8);
      bytes[2 * i + 1] = (byte) values[i];
    }
    return bytes;
  }

  /** The parts after their length, a number of {@code size} bytes. */
  static byte[] sized(int size, byte[]... parts) {
    byte[] body = Bytes.concat(parts);
    return Bytes.concat(number(body.length, size), body);
  }

  static byte[] extension(int type, byte[]... body) {
    return Bytes.concat(number(type, 2), sized(2, body));
  }

  static byte[] handshake(int type, byte[]... body) {
    return Bytes.concat(number(type, 1), sized(3, body));
  }

  /** A handshake message as one record. */
  static byte[] handshakeRecord(int version, byte[] message) {
    return Bytes.concat(number(HANDSHAKE_RECORD, 1), number(version, 2), sized(2, message));
  }
}

package dev.starling.messenger;

import dev.starling.store.Partition;
import dev.starling.tl.Decoded;
import dev.starling.tl.Layer;
import dev.starling.tl.Tl;
import dev.starling.tl.TlObject;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Keys and values of the rows drawn in the package's documentation. */
final class Rows {
  static final byte ACCOUNT = 'a';
  static final byte AUTHORIZATION = 'A';
  static final byte DEVICE = 'D';
  static final byte LOGIN_CODE = 'L';
  static final byte APP_CODE = 'l';
  static final byte SETTING = 's';
  static final byte PUSH = 'p';
  static final byte PRESENCE = 'w';
  static final byte ACTIVE = 'v';
  static final byte CONTACT = 'c';
  static final byte BOX = 'b';
  static final byte DIALOG = 'd';
  static final byte DRAFT = 'f';
  static final byte READ_DATE = 'R';
  static final byte BLOCKED = 'B';
  static final byte FILTER = 'F';
  static final byte FILTER_ORDER = 'O';
  static final byte INDEX = 'x';
  static final byte SWEEP = 't';
  static final byte MESSAGE = 'm';
  static final byte MESSAGE_PEER = 'i';
  static final byte EVENT = 'e';
  static final byte SENT = 'r';
  static final byte DELIVERED = 'o';

  private Rows() {}

  static Partition account(long id) {
    return Partition.of("account", id);
  }

  static byte[] key(byte kind) {
    return new byte[] {kind};
  }

  static byte[] key(byte kind, int number) {
    return ByteBuffer.allocate(5).put(kind).putInt(number).array();
  }

  static byte[] key(byte kind, long id) {
    return ByteBuffer.allocate(9).put(kind).putLong(id).array();
  }

  static byte[] key(byte kind, long id, int number) {
    return ByteBuffer.allocate(13).put(kind).putLong(id).putInt(number).array();
  }

  static byte[] key(byte kind, String name) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(1 + bytes.length).put(kind).put(bytes).array();
  }

  static byte[] key(byte kind, long id, byte sort, int number) {
    return ByteBuffer.allocate(14).put(kind).putLong(id).put(sort).putInt(number).array();
  }

  static byte[] key(long id) {
    return ByteBuffer.allocate(8).putLong(id).array();
  }

  /**
   * The first key behind all that begin with {@code prefix}; null when there is none but the
   * partition's end.
   */
  static byte @Nullable [] after(byte[] prefix) {
    byte[] next = prefix.clone();
    for (int i = next.length - 1; i >= 0; i--) {
      if (++next[i] != 0) {
        return Arrays.copyOf(next, i + 1);
      }
    }
    return null;
  }

  /** The smallest key above {@code key}. */
  static byte[] behind(byte[] key) {
    return Arrays.copyOf(key, key.length + 1);
  }

  static byte[] encode(TlObject row) {
    return Tl.encode(row, Layer.NEWEST);
  }

  /**
   * Reads a row that this program or an older one wrote.
   *
   * @throws IllegalStateException when the row is of a kind that this program does not know: newer
   *     data is refused
   */
  static <T> T decode(Class<T> type, byte[] value) {
    return expect(type, Tl.decodeRow(value));
  }

  /** Reads a value of the API that a row holds, in whatever layer it was written. */
  static <T> T decodeApi(Class<T> type, byte[] value) {
    return expect(type, Tl.decode(value));
  }

  private static <T> T expect(Class<T> type, Decoded decoded) {
    return switch (decoded) {
      case Decoded.Value(TlObject value) when type.isInstance(value) -> type.cast(value);
      case Decoded.Value(TlObject value) ->
          throw new IllegalStateException("a row holds a " + value.getClass().getSimpleName());
      case Decoded.Unknown(int id) ->
          throw new IllegalStateException(
              "a row is of a kind that this version does not know (%08x): run the version that wrote it"
                  .formatted(id));
      case Decoded.Malformed(String reason) ->
          throw new IllegalStateException("a row is malformed: " + reason);
    };
  }

  static <T> @Nullable T decodeIfPresent(Class<T> type, byte @Nullable [] value) {
    return value == null ? null : decode(type, value);
  }
}

package dev.starling.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Keys as RocksDB sees them; the package draws the layout. */
final class Keys {
  /** The group number of the newest commit, 8 bytes. */
  static final byte[] SEQUENCE = {0, 's'};

  private static final byte EPOCH = 'e';

  private Keys() {}

  /** Where the partition's epoch is kept, 8 bytes. */
  static byte[] epoch(Partition partition) {
    byte[] name = partition.nameBytes();
    return ByteBuffer.allocate(2 + name.length).put((byte) 0).put(EPOCH).put(name).array();
  }

  static byte[] row(Partition partition, byte[] key) {
    int name = partition.name().length();
    byte[] physical = new byte[1 + name + key.length];
    physical[0] = (byte) name;
    System.arraycopy(partition.name().getBytes(StandardCharsets.US_ASCII), 0, physical, 1, name);
    System.arraycopy(key, 0, physical, 1 + name, key.length);
    return physical;
  }

  /** The first physical key at or after the range's end, exclusive. */
  static byte[] end(Partition partition, byte @Nullable [] to) {
    if (to != null) {
      return row(partition, to);
    }
    byte[] end = row(partition, new byte[0]);
    end[end.length - 1]++; // a name ends below 0x7f, so this cannot overflow
    return end;
  }

  /** The partition that a row's physical key names. */
  static Partition partition(byte[] physical) {
    return new Partition(new String(physical, 1, physical[0], StandardCharsets.US_ASCII));
  }

  /**
   * The first physical key behind another; rows come after the store's own keys, which begin with
   * 0.
   */
  static byte[] behind(byte[] physical) {
    return physical.length == 0 ? new byte[] {1} : Arrays.copyOf(physical, physical.length + 1);
  }

  /** The key within its partition. */
  static byte[] strip(byte[] physical) {
    return Arrays.copyOfRange(physical, 1 + physical[0], physical.length);
  }

  static byte[] number(long value) {
    return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
  }

  static long number(byte @Nullable [] bytes) {
    return bytes == null ? 0 : ByteBuffer.wrap(bytes).getLong();
  }
}

package dev.starling.tl;

/**
 * {@code gzip_packed#3072cfa1 packed_data:bytes = Object}: a message body, packed. See {@link
 * Gzip}.
 */
@SuppressWarnings("ArrayRecordComponent") // a message body, never compared
public record GzipPacked(byte[] packed) implements TlObject {
  public static final int ID = 0x3072cfa1;

  @Override
  public int constructorId() {
    return ID;
  }

  @Override
  public void write(TlWriter out) {
    out.writeInt(ID);
    out.writeBytes(packed);
  }

  static GzipPacked readFields(TlReader in) {
    return new GzipPacked(in.readBytes());
  }
}

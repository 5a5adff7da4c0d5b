package dev.starling.tl;

/**
 * What one packet may become, together: what is packed in it may unpack to so many bytes, and all
 * its vectors may have so many elements. In a container each of a thousand messages would otherwise
 * have the whole cap to itself. Not thread-safe.
 */
public final class PacketBudget {
  private int left;
  private int elements = TlReader.MAX_ELEMENTS;

  /**
   * @param bytes that may be unpacked, in all
   */
  public PacketBudget(int bytes) {
    this.left = bytes;
  }

  /** Takes so many elements of a vector; false when there are not so many left. */
  boolean takeElements(int count) {
    elements -= Math.min(count, elements + 1); // never far below zero, whatever is asked
    return elements >= 0;
  }

  /** Bytes that may still be unpacked. */
  public int left() {
    return left;
  }

  /**
   * As {@link Gzip#unpack}, within what is left. A failure takes all of it: the work was done, and
   * a peer that packs badly once gets no second chance to have it done.
   */
  public byte[] unpack(byte[] packed) {
    int cap = left;
    left = 0;
    byte[] unpacked = Gzip.unpack(packed, cap);
    left = cap - unpacked.length;
    return unpacked;
  }
}

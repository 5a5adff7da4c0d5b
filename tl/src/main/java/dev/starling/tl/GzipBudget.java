package dev.starling.tl;

/**
 * What all that is packed in one packet may unpack to, together: in a container each of a thousand
 * messages would otherwise have the whole cap to itself. Not thread-safe.
 */
public final class GzipBudget {
  private int left;

  /**
   * @param bytes that may come out, in all
   */
  public GzipBudget(int bytes) {
    this.left = bytes;
  }

  /** Bytes that may still come out. */
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

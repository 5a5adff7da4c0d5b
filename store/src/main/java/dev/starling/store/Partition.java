package dev.starling.store;

import java.nio.charset.StandardCharsets;

/**
 * A named part of the store with one owner: all that an account owns, or a channel, or one bucket
 * of auth keys. Partitions sort by name, shorter names first; rows of one partition lie side by
 * side.
 *
 * @param name 1 to {@link #NAME_BYTES_MAX} printable ASCII characters, for instance {@code
 *     account/123}; it is stored in the clear, so it never holds a phone number or a username
 */
public record Partition(String name) {
  /** Longest name: a kind and a 64-bit id need 32; every row's key repeats it. */
  public static final int NAME_BYTES_MAX = 64;

  public Partition {
    if (name.isEmpty() || name.length() > NAME_BYTES_MAX) {
      throw new IllegalArgumentException("partition name of " + name.length() + " characters");
    }
    if (!name.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw new IllegalArgumentException("partition name is not printable ASCII");
    }
  }

  /** The partition {@code kind/id}. */
  public static Partition of(String kind, long id) {
    return new Partition(kind + "/" + id);
  }

  byte[] nameBytes() {
    return name.getBytes(StandardCharsets.US_ASCII);
  }
}

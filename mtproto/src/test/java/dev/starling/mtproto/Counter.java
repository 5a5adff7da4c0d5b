package dev.starling.mtproto;

import java.util.random.RandomGenerator;

/**
 * Bytes 0, 1, 2, ... in place of random ones, so that another implementation can be given the same.
 */
final class Counter implements RandomGenerator {
  private byte next;

  @Override
  public void nextBytes(byte[] bytes) {
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = next++;
    }
  }

  @Override
  public long nextLong() {
    return next++;
  }
}

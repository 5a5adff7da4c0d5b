package dev.starling.mtproto;

import java.time.InstantSource;
import java.util.random.RandomGenerator;

/**
 * All that a machine may know of the world outside its input. Nothing below {@code app} asks the
 * system for time, randomness or sleep, so that a simulation replays from a seed.
 *
 * @param random a {@link java.security.SecureRandom} in production: it makes keys
 */
public record Env(InstantSource clock, RandomGenerator random, Scheduler scheduler) {

  /** {@code count} fresh random bytes. */
  public byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }

  /** Unix time, whole seconds. */
  public int unixSeconds() {
    return (int) Math.floorDiv(clock.millis(), 1000L);
  }
}

package dev.starling.mtproto;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that a test sets, back too. */
final class ManualClock implements InstantSource {
  /** Not a multiple of anything that the protocol counts by. */
  private long millis = 1_790_000_123_457L;

  @Override
  public Instant instant() {
    return Instant.ofEpochMilli(millis);
  }

  void advance(Duration by) {
    millis += by.toMillis();
  }

  Env env(long seed) {
    return new Env(
        this,
        new java.util.Random(seed),
        (_, _) -> {
          throw new AssertionError("sessions schedule nothing");
        });
  }
}

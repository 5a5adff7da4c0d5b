package dev.starling.mtproto;

import java.time.Instant;
import java.time.InstantSource;

/**
 * A clock that goes on at its own pace when the one below it is set back. One of them stands in
 * front of the system's clock, so that msg_ids, salts and dates of a running server never go back
 * and clients that hold its time see no jump. Set forward, it follows at once: nothing tells that
 * from a machine that slept.
 *
 * <p>Thread-safe.
 */
public final class SteadyClock implements InstantSource {
  private final InstantSource below;
  private long lastMillis = Long.MIN_VALUE;
  private long addedMillis;

  public SteadyClock(InstantSource below) {
    this.below = below;
  }

  @Override
  public Instant instant() {
    return Instant.ofEpochMilli(millis());
  }

  @Override
  public synchronized long millis() {
    long now = below.millis();
    if (now < lastMillis) {
      addedMillis += lastMillis - now;
    }
    lastMillis = now;
    return now + addedMillis;
  }
}

package dev.starling.proxy;

import java.time.Instant;
import java.util.Optional;

/**
 * What one user may use; 0 is without a limit.
 *
 * @param connections at once
 * @param addresses from which they come at once
 * @param bytes both ways together, in a period
 * @param periodDays after which {@code bytes} begins anew; 0 if it never does
 * @param bytesPerSecond each way, all connections together
 * @param expires when their secret stops to open anything
 */
public record UserLimits(
    int connections,
    int addresses,
    long bytes,
    int periodDays,
    long bytesPerSecond,
    Optional<Instant> expires) {
  public static final UserLimits NONE = new UserLimits(0, 0, 0, 0, 0, Optional.empty());

  public UserLimits {
    if (connections < 0 || addresses < 0 || bytes < 0 || periodDays < 0 || bytesPerSecond < 0) {
      throw new IllegalArgumentException("a limit is at least 0, which is none");
    }
  }
}

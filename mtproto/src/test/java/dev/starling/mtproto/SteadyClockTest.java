package dev.starling.mtproto;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SteadyClockTest {
  private final ManualClock below = new ManualClock();
  private final SteadyClock clock = new SteadyClock(below);
  private final long start = clock.millis();

  @Test
  void goesWithTheClockBelow() {
    below.advance(Duration.ofMinutes(10));
    assertEquals(start + 600_000, clock.millis());
    assertEquals(Instant.ofEpochMilli(start + 600_000), clock.instant());
  }

  @Test
  void goesOnWhenTheClockBelowIsSetBack() {
    below.advance(Duration.ofHours(-1));
    assertEquals(start, clock.millis());
    below.advance(Duration.ofSeconds(5));
    assertEquals(start + 5_000, clock.millis());
    below.advance(Duration.ofMinutes(-10));
    below.advance(Duration.ofSeconds(1));
    assertEquals(start + 5_000, clock.millis(), "what passed unseen is lost, never regained");
    below.advance(Duration.ofSeconds(1));
    assertEquals(start + 6_000, clock.millis());
  }
}

package dev.starling.mtproto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A client session against a server session over a bad network. A seed tells everything that
 * happens, so that a failing one can be run again alone.
 */
class SessionsUnderLossTest {
  private static final int SHORT_SEEDS = 40;
  private static final int LONG_SEEDS = 5_000;

  static List<BadNetwork.Weather> weathers() {
    return List.of(
        new BadNetwork.Weather("calm", 0, false, 0, 0),
        new BadNetwork.Weather("lossy", 0.1, false, 0, 0),
        new BadNetwork.Weather("reordering", 0, true, 0, 0),
        new BadNetwork.Weather("reconnecting", 0, false, 0.05, 0),
        new BadNetwork.Weather("all of it", 0.1, true, 0.05, 0),
        new BadNetwork.Weather("restarting", 0.05, true, 0.05, 0.03));
  }

  @ParameterizedTest
  @MethodSource("weathers")
  @DisplayName("every call is answered once, every push is delivered once or reported lagging")
  void survive(BadNetwork.Weather weather) {
    run(weather, SHORT_SEEDS);
  }

  @Tag("long")
  @ParameterizedTest
  @MethodSource("weathers")
  void surviveLong(BadNetwork.Weather weather) {
    run(weather, LONG_SEEDS);
  }

  private static void run(BadNetwork.Weather weather, int seeds) {
    for (long seed = 1; seed <= seeds; seed++) {
      try {
        new BadNetwork(weather, seed).run();
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError(weather + ", seed " + seed, e);
      }
    }
  }

  @Test
  @DisplayName("the simulation itself: it loses, reorders, cuts and restarts, and a seed replays")
  void theNetworkIsBad() {
    BadNetwork bad = new BadNetwork(weathers().getLast(), 7);
    bad.run();
    assertTrue(bad.lost > 0 && bad.cuts > 1 && bad.restarts > 0, bad::toString);
    BadNetwork again = new BadNetwork(weathers().getLast(), 7);
    again.run();
    assertEquals(bad.toString(), again.toString());
  }
}

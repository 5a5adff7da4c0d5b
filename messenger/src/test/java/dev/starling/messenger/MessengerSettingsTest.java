package dev.starling.messenger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class MessengerSettingsTest {
  @Test
  void standardIsWhatEachLimitSays() {
    for (Limit limit : Limit.values()) {
      assertEquals(limit.most, MessengerSettings.STANDARD.most(limit));
    }
  }

  @Test
  void theOperatorsNumbersAreInForce() {
    MessengerSettings settings = new MessengerSettings("Flock", 0, 7, 9);
    assertEquals(0, settings.most(Limit.INVITE_BY_ACCOUNT));
    assertEquals(7, settings.most(Limit.INVITE_OF_SERVICE));
    assertEquals(9, settings.most(Limit.LOOKUP_BY_ACCOUNT));
    assertTrue(settings.most(Limit.GUESS_BY_KEY) > 0);
  }
}

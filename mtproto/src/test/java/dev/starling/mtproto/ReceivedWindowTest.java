package dev.starling.mtproto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.starling.mtproto.ReceivedWindow.Fate;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class ReceivedWindowTest {
  private final ReceivedWindow window = new ReceivedWindow();

  @Test
  void knowsWhatItReceived() {
    window.add(100, 1, Fate.RUNNING, 0);
    assertTrue(window.contains(100));
    assertFalse(window.contains(96));
    assertTrue(window.isContentRelated(100));
    assertEquals(Fate.RUNNING, window.fate(100, Fate.NONE));
    assertEquals(Fate.NONE, window.fate(96, Fate.NONE));
    window.setFate(100, Fate.ANSWERED);
    assertEquals(Fate.ANSWERED, window.fate(100, Fate.NONE));
    assertTrue(window.isAbove(104));
    assertFalse(window.isAbove(96));
  }

  @Test
  void whatHasLeftIsBelowTheFloor() {
    for (long id = 4; id <= 4 * 3000; id += 4) {
      window.add(id, 0, Fate.NONE, 0);
    }
    assertTrue(window.contains(4 * 3000));
    assertFalse(window.contains(4));
    assertTrue(window.isBelow(4));
    assertFalse(window.isBelow(4 * 3000));
  }

  @Test
  void whatIsTooOldLeavesFirst() {
    for (long id = 4; id <= 4 * 100; id += 4) {
      window.add(id, 0, Fate.NONE, 0);
    }
    window.add(4 * 101, 0, Fate.NONE, 4 * 90);
    assertFalse(window.contains(4 * 89));
    assertTrue(window.isBelow(4 * 89));
    assertTrue(window.contains(4 * 90));
    assertFalse(window.isBelow(4 * 90));
  }

  /** Whatever order ids come in: each is in the window, or below its floor. */
  @Property(tries = 200)
  void forgetsNothingAboveTheFloor(@ForAll long seed) {
    Random random = new Random(seed);
    Map<Long, Fate> all = new HashMap<>();
    ReceivedWindow received = new ReceivedWindow();
    for (int i = 1; i <= 2500; i++) {
      long id = 4L * (i + random.nextInt(50));
      Fate fate = random.nextBoolean() ? Fate.RUNNING : Fate.SETTLED;
      if (!received.contains(id) && !received.isBelow(id)) {
        received.add(id, 0, fate, 4L * (i - random.nextInt(2000)));
        all.put(id, fate);
      }
    }
    all.forEach(
        (id, fate) -> {
          assertTrue(received.contains(id) || received.isBelow(id));
          if (received.contains(id)) {
            assertEquals(fate, received.fate(id, Fate.NONE));
          }
        });
  }
}

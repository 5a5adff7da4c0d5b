package dev.starling.mtproto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class MessageIdsTest {
  private final ManualClock clock = new ManualClock();
  private final MessageIds ids = new MessageIds(clock, 0);

  @Test
  void areUnixTimeTimes2To32() {
    assertEquals(clock.millis() / 1000, ids.next(MessageIds.ANSWER) >> 32);
  }

  @Test
  void lowestBitsTellTheKind() {
    assertEquals(1, ids.next(MessageIds.ANSWER) & 3);
    assertEquals(3, ids.next(MessageIds.NOTIFICATION) & 3);
    assertEquals(0, ids.next(MessageIds.FROM_CLIENT) & 3);
  }

  @Test
  @DisplayName(
      "figure 8: msg_ids grow while the clock stands still and when it is set back an hour")
  void growAlways() {
    long last = 0;
    for (int i = 0; i < 1000; i++) {
      if (i == 500) {
        clock.advance(Duration.ofHours(-1));
      }
      long next = ids.next(i % 2 == 0 ? MessageIds.NOTIFICATION : MessageIds.ANSWER);
      assertTrue(next > last);
      last = next;
    }
  }

  @Property
  void millisAreFoundAgain(@ForAll @LongRange(min = 0, max = 2_147_483_647_999L) long millis) {
    assertEquals(millis, MessageIds.millis(MessageIds.at(millis)));
    assertEquals(0, MessageIds.at(millis) & 3);
  }

  @Test
  void aCorrectionGoesBackToWhatWasAccepted() {
    long accepted = ids.next(MessageIds.FROM_CLIENT);
    ids.next(MessageIds.FROM_CLIENT);
    ids.correct(clock.millis() - 3_600_000, accepted);
    assertEquals(accepted + 4, ids.next(MessageIds.FROM_CLIENT));
    ids.correct(clock.millis() + 3_600_000, accepted);
    assertEquals(3_600_000, ids.offsetMillis());
    assertEquals(MessageIds.at(clock.millis() + 3_600_000), ids.next(MessageIds.FROM_CLIENT));
  }
}

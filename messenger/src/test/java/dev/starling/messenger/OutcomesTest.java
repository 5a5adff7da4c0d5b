package dev.starling.messenger;

import static dev.starling.messenger.Outcomes.Outcome.DONE;
import static dev.starling.messenger.Outcomes.Outcome.FAILED;
import static dev.starling.messenger.Outcomes.Outcome.UNSEEN;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class OutcomesTest {
  private final Outcomes outcomes = new Outcomes();

  @Test
  void whatEndedIsKnown() {
    outcomes.seen(100);
    outcomes.ended(100, false);
    outcomes.seen(104);
    outcomes.ended(104, true);
    assertEquals(DONE, outcomes.of(100));
    assertEquals(FAILED, outcomes.of(104));
    assertEquals(UNSEEN, outcomes.of(102));
    assertEquals(UNSEEN, outcomes.of(108));
  }

  @Test
  void whatWasBeforeTheSessionIsDone() {
    outcomes.seen(100);
    assertEquals(DONE, outcomes.of(96));
    assertEquals(UNSEEN, outcomes.of(100));
  }

  @Test
  void whatIsForgottenIsDone() {
    for (long id = 4; id <= 4 * (Outcomes.KEPT_MAX + 1); id += 4) {
      outcomes.seen(id);
      outcomes.ended(id, true);
    }
    assertEquals(DONE, outcomes.of(4));
    assertEquals(FAILED, outcomes.of(8));
  }
}

package dev.starling.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PtsOrderTest {
  private final List<Integer> applied = new ArrayList<>();
  private final PtsOrder<Integer> order = new PtsOrder<>(10, applied::add);

  @Test
  void theNextOneIsApplied() {
    order.offer(11, 1, 11);
    order.offer(14, 3, 14);
    assertEquals(List.of(11, 14), applied);
    assertEquals(14, order.pts());
  }

  @Test
  void whatWasAppliedIsNotAppliedAgain() {
    order.offer(11, 1, 11);
    order.offer(11, 1, 11);
    order.offer(9, 1, 9);
    assertEquals(List.of(11), applied);
  }

  @Test
  void whatComesTooEarlyWaits() {
    order.offer(13, 1, 13);
    order.offer(12, 1, 12);
    assertTrue(order.hasGap());
    assertEquals(List.of(), applied);
    order.offer(11, 1, 11);
    assertEquals(List.of(11, 12, 13), applied);
    assertFalse(order.hasGap());
  }

  @Test
  void aDifferenceMakesUpForWhatIsMissing() {
    order.offer(13, 1, 13);
    order.offer(15, 1, 15);
    order.reach(14);
    assertEquals(List.of(15), applied);
    assertEquals(15, order.pts());
    assertFalse(order.hasGap());
  }

  @Test
  void anUpdateThatConsumesNothingIsApplied() {
    order.offer(10, 0, 10);
    assertEquals(List.of(10), applied);
  }

  @Test
  void aGapHasRoomForSoMany() {
    for (int pts = 12; pts < 12 + 2 * PtsOrder.WAITING_MAX; pts++) {
      order.offer(pts, 1, pts);
    }
    order.offer(11, 1, 11);
    assertEquals(PtsOrder.WAITING_MAX + 1, applied.size());
  }

  @Property
  void anyOrderAndAnyRepetitionComesOutOnceAndInOrder(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 200) int many) {
    Random random = new Random(seed);
    List<Integer> told = new ArrayList<>();
    PtsOrder<Integer> any = new PtsOrder<>(0, told::add);
    List<Integer> arrivals = new ArrayList<>(IntStream.rangeClosed(1, many).boxed().toList());
    for (int i = random.nextInt(many); i > 0; i--) {
      arrivals.add(1 + random.nextInt(many));
    }
    Collections.shuffle(arrivals, random);
    arrivals.forEach(pts -> any.offer(pts, 1, pts));
    assertEquals(IntStream.rangeClosed(1, many).boxed().toList(), told);
  }
}

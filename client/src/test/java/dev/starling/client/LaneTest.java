package dev.starling.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LaneTest {
  private final Queue<Runnable> threads = new ArrayDeque<>();
  private final List<Integer> done = new ArrayList<>();
  private final Lane lane = new Lane(4, threads::add, () -> done.add(-1));

  private void runThreads() {
    while (!threads.isEmpty()) {
      threads.remove().run();
    }
  }

  @Test
  void tasksRunInTheirOrderOnOneThreadAtATime() {
    lane.add(() -> lane.add(() -> done.add(3)));
    lane.add(() -> done.add(1));
    lane.add(() -> done.add(2));
    assertEquals(1, threads.size());
    runThreads();
    assertEquals(List.of(1, 2, 3), done);
    lane.add(() -> done.add(4));
    runThreads();
    assertEquals(List.of(1, 2, 3, 4), done);
  }

  @Test
  void tooManyAreForgottenForOneThatMakesUpForThem() {
    IntStream.range(0, 7).forEach(i -> lane.add(() -> done.add(i)));
    runThreads();
    assertEquals(List.of(-1, 5, 6), done);
  }

  @Test
  void aDefectInOneTaskIsNotTheEndOfTheOthers() {
    lane.add(
        () -> {
          throw new IllegalStateException();
        });
    lane.add(() -> done.add(1));
    assertThrows(IllegalStateException.class, threads.remove()::run);
    runThreads();
    assertEquals(List.of(1), done);
  }
}

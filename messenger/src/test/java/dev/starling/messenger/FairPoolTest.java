package dev.starling.messenger;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FairPoolTest {
  private final List<Runnable> workers = new ArrayList<>();
  private final List<String> done = new ArrayList<>();
  private final List<String> refused = new ArrayList<>();
  private final FairPool pool = new FairPool(1, 4, factory());

  /** The only worker runs when the test says so, until the pool is closed. */
  private ThreadFactory factory() {
    return task -> {
      workers.add(task);
      return new Thread(() -> {});
    };
  }

  @AfterEach
  void close() {
    pool.close();
  }

  private void execute(String name) {
    pool.execute(
        name.substring(0, 1),
        new FairPool.Task() {
          @Override
          public void run() {
            done.add(name);
          }

          @Override
          public void refused() {
            refused.add(name);
          }
        });
  }

  private void work() {
    pool.execute(
        "last",
        new FairPool.Task() {
          @Override
          public void run() {
            pool.close();
          }

          @Override
          public void refused() {}
        });
    workers.getFirst().run();
  }

  @Test
  void sourcesTakeTurns() {
    execute("a1");
    execute("a2");
    execute("b1");
    work();
    assertEquals(List.of("a1", "b1"), done.subList(0, 2));
  }

  @Test
  void aNewcomerDisplacesTheNewestOfWhoHasMost() {
    for (String name : List.of("a1", "a2", "a3", "a4", "a5", "b1")) {
      execute(name);
    }
    assertEquals(List.of("a5", "a4"), refused);
    work(); // displaces a3
    assertEquals(List.of("a1", "b1"), done.subList(0, 2));
  }

  @Test
  void whoHasAsMuchAsOthersDisplacesNobody() {
    for (String name : List.of("a1", "a2", "b1", "b2", "b3", "c1")) {
      execute(name);
    }
    assertEquals(List.of("b3", "a2"), refused);
    execute("c2"); // b would have one less than c then
    assertEquals(List.of("b3", "a2", "c2"), refused);
  }

  @Test
  void nothingIsTakenOnceItIsClosed() {
    pool.close();
    execute("a1");
    assertEquals(List.of("a1"), refused);
  }
}

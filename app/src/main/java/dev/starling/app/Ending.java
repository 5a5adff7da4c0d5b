package dev.starling.app;

import java.util.concurrent.atomic.AtomicBoolean;
import org.jline.utils.Signals;

/** Who asks once to stop gets an end in order, who asks twice gets it at once. */
final class Ending {
  private final Runnable inOrder;
  private final Runnable atOnce;
  private final AtomicBoolean asked = new AtomicBoolean();

  Ending(Runnable inOrder, Runnable atOnce) {
    this.inOrder = inOrder;
    this.atOnce = atOnce;
  }

  /** Asked by SIGTERM and SIGINT from now on. The JVM itself takes no notice of a second one. */
  static void onSignals() {
    Ending ending =
        new Ending(
            () -> Thread.ofPlatform().name("stop").start(() -> System.exit(0)),
            () -> Runtime.getRuntime().halt(1));
    Signals.register("TERM", ending::ask);
    Signals.register("INT", ending::ask);
  }

  void ask() {
    if (asked.getAndSet(true)) {
      atOnce.run();
    } else {
      inOrder.run();
    }
  }
}

package dev.starling.messenger;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.ThreadFactory;

/**
 * Threads that run on what the others leave. The JVM does not hand a thread's priority on to Linux,
 * where "nice" is a property of each thread; elsewhere nothing happens.
 */
final class LowPriority {
  /** Of 0 to 19: a 15th of an ordinary thread's share of a core, when both want it. */
  private static final int NICE = 12;

  /** PRIO_PROCESS: "a who value of zero denotes the calling process", on Linux its thread. */
  private static final int CALLER = 0;

  private LowPriority() {}

  static ThreadFactory threads(String name) {
    ThreadFactory factory = Thread.ofPlatform().daemon().name(name, 0).factory();
    return task ->
        factory.newThread(
            () -> {
              lower();
              task.run();
            });
  }

  /** A thread that keeps its priority does its work all the same. */
  @SuppressWarnings({"restricted", "CatchAndPrintStackTrace"})
  private static void lower() {
    if (!System.getProperty("os.name", "").equals("Linux")) {
      return;
    }
    try {
      Linker linker = Linker.nativeLinker();
      var setpriority =
          linker.downcallHandle(
              linker.defaultLookup().findOrThrow("setpriority"),
              FunctionDescriptor.of(
                  ValueLayout.JAVA_INT,
                  ValueLayout.JAVA_INT,
                  ValueLayout.JAVA_INT,
                  ValueLayout.JAVA_INT));
      int _ = (int) setpriority.invokeExact(CALLER, 0, NICE);
    } catch (Throwable _) {
      // Native access may be forbidden.
    }
  }
}

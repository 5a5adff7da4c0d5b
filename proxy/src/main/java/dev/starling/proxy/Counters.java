package dev.starling.proxy;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** What the proxy has done since it started. */
final class Counters {
  final LongAdder connections = new LongAdder();
  final LongAdder hellos = new LongAdder();
  final LongAdder admitted = new LongAdder();
  final LongAdder broken = new LongAdder();
  final LongAdder overLimit = new LongAdder();
  final LongAdder fronted = new LongAdder();
  final LongAdder originFailures = new LongAdder();
  final LongAdder upstreamFailures = new LongAdder();
  final AtomicInteger relaying = new AtomicInteger();
  final Skews skews = new Skews();
  private final Map<Reception.Reason, LongAdder> foreign = new EnumMap<>(Reception.Reason.class);

  Counters() {
    for (Reception.Reason reason : Reception.Reason.values()) {
      foreign.put(reason, new LongAdder());
    }
  }

  void foreign(Reception.Reason reason) {
    LongAdder counter = foreign.get(reason);
    if (counter != null) {
      counter.increment();
    }
  }

  long foreignSum(Reception.Reason reason) {
    LongAdder counter = foreign.get(reason);
    return counter == null ? 0 : counter.sum();
  }
}

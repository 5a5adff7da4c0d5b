package dev.starling.app;

import java.math.BigDecimal;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** How long calls took, as a Prometheus histogram. Thread-safe. */
final class Latency {
  /** From a synced write on a fast disk to a disk that is failing, in microseconds. */
  private static final long[] BOUNDS_MICROS = {
    250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 100_000, 500_000, 2_500_000
  };

  private final LongAdder[] counts = new LongAdder[BOUNDS_MICROS.length + 1];
  private final LongAdder nanosInAll = new LongAdder();

  Latency() {
    for (int i = 0; i < counts.length; i++) {
      counts[i] = new LongAdder();
    }
  }

  void add(long nanos) {
    int bucket = 0;
    long micros = TimeUnit.NANOSECONDS.toMicros(nanos);
    while (bucket < BOUNDS_MICROS.length && micros > BOUNDS_MICROS[bucket]) {
      bucket++;
    }
    counts[bucket].increment();
    nanosInAll.add(nanos);
  }

  long count() {
    long sum = 0;
    for (LongAdder count : counts) {
      sum += count.sum();
    }
    return sum;
  }

  /** Upper bound of the bucket in which the given share of the calls ended, in milliseconds. */
  double quantileMillis(double share) {
    long wanted = (long) Math.ceil(count() * share);
    long sum = 0;
    for (int i = 0; i < BOUNDS_MICROS.length; i++) {
      sum += counts[i].sum();
      if (sum >= wanted) {
        return BOUNDS_MICROS[i] / 1e3;
      }
    }
    return Double.POSITIVE_INFINITY;
  }

  /** Buckets are cumulative: "le" is the inclusive upper bound. */
  void write(Exposition page, String name, String help, String label, String value) {
    page.head(name, "histogram", help);
    long sum = 0;
    for (int i = 0; i < BOUNDS_MICROS.length; i++) {
      sum += counts[i].sum();
      page.line(
          name + "_bucket",
          (double) sum,
          label,
          value,
          "le",
          BigDecimal.valueOf(BOUNDS_MICROS[i], 6).stripTrailingZeros().toPlainString());
    }
    sum += counts[BOUNDS_MICROS.length].sum();
    page.line(name + "_bucket", (double) sum, label, value, "le", "+Inf");
    page.line(name + "_sum", nanosInAll.sum() / 1e9, label, value);
    page.line(name + "_count", (double) sum, label, value);
  }
}

package dev.starling.app;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * A page in Prometheus's text format, version 0.0.4
 * (prometheus.io/docs/instrumenting/exposition_formats): "HELP", "TYPE", then a line a sample.
 */
final class Exposition {
  static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final StringBuilder text = new StringBuilder();
  private final Set<String> begun = new HashSet<>();

  /** A sum that only grows while the process runs. */
  Exposition counter(String name, String help, long value, String... labelsAndValues) {
    return counter(name, help, (double) value, labelsAndValues);
  }

  /** A sum that has fractions, such as seconds. */
  Exposition counter(String name, String help, double value, String... labelsAndValues) {
    return sample(name, "counter", help, value, labelsAndValues);
  }

  /** What is so now. */
  Exposition gauge(String name, String help, long value, String... labelsAndValues) {
    return gauge(name, help, (double) value, labelsAndValues);
  }

  /** What is so now, with fractions. */
  Exposition gauge(String name, String help, double value, String... labelsAndValues) {
    return sample(name, "gauge", help, value, labelsAndValues);
  }

  private Exposition sample(
      String name, String type, String help, double value, String... labelsAndValues) {
    head(name, type, help);
    return line(name, value, labelsAndValues);
  }

  /** "All lines for a given metric must be provided as one single group": heads it once. */
  void head(String name, String type, String help) {
    if (begun.add(name)) {
      text.append("# HELP ").append(name).append(' ').append(help).append('\n');
      text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    }
  }

  /** A sample; label values are of our own code, so nothing in them needs escaping. */
  Exposition line(String name, double value, String... labelsAndValues) {
    text.append(name);
    for (int i = 0; i < labelsAndValues.length; i += 2) {
      text.append(i == 0 ? '{' : ',').append(labelsAndValues[i]);
      text.append("=\"").append(labelsAndValues[i + 1]).append('"');
    }
    text.append(labelsAndValues.length == 0 ? " " : "} ");
    boolean isWhole = value == Math.rint(value) && Math.abs(value) < 1e15;
    text.append(isWhole ? Long.toString((long) value) : String.format(Locale.ROOT, "%.9g", value));
    text.append('\n');
    return this;
  }

  @Override
  public String toString() {
    return text.toString();
  }
}

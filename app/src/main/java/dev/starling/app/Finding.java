package dev.starling.app;

import java.util.Locale;
import java.util.Map;

/**
 * One thing that {@code doctor} looked at.
 *
 * @param about in a word or two
 * @param what was found
 * @param consequence what follows from it; empty when all is well
 * @param mend what to do; empty when nothing
 */
record Finding(Level level, String about, String what, String consequence, String mend) {
  enum Level {
    OK,
    /** The service works, but not as well or as safely as it could. */
    WARNING,
    /** The service does not work, or its people are in danger. */
    PROBLEM
  }

  static Finding ok(String about, String what) {
    return new Finding(Level.OK, about, what, "", "");
  }

  static Finding warning(String about, String what, String consequence, String mend) {
    return new Finding(Level.WARNING, about, what, consequence, mend);
  }

  static Finding problem(String about, String what, String consequence, String mend) {
    return new Finding(Level.PROBLEM, about, what, consequence, mend);
  }

  Map<String, Object> json() {
    return Json.object(
        "level", level.name().toLowerCase(Locale.ROOT),
        "about", about,
        "what", what,
        "consequence", consequence,
        "mend", mend);
  }

  /** One line: what, why it matters, what to do. */
  String line() {
    String mark = level == Level.OK ? "ok" : level == Level.WARNING ? "warning" : "PROBLEM";
    String more = level == Level.OK ? "" : "; " + consequence + ". " + mend;
    return "%-8s %-12s %s%s".formatted(mark, about, what, more);
  }
}

package dev.starling.app;

import java.util.regex.Pattern;

/** Words for a shell's command line. */
final class Shell {
  private static final Pattern PLAIN = Pattern.compile("[\\w@%+=:,./-]+");

  private Shell() {}

  /** A word that a POSIX shell reads as this text, quoted if it must be. */
  static String word(String text) {
    return PLAIN.matcher(text).matches() ? text : "'" + text.replace("'", "'\\''") + "'";
  }
}

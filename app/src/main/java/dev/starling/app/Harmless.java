package dev.starling.app;

import java.util.List;

/**
 * What others wrote, made fit for a terminal. A message must not drive it: escape sequences move
 * the cursor, set titles, paste into the shell; direction marks make a line read as another one; a
 * line break lets a message pass for two.
 */
final class Harmless {
  /** A screen holds about so many; the rest of a message is only counted. */
  static final int LINES_MAX = 40;

  private static final String INDENT = "\n      | ";

  private Harmless() {}

  /** A text of one or many lines; those after the first are marked as belonging to it. */
  static String text(String text) {
    List<String> lines = clean(text, true).lines().toList();
    String shown = String.join(INDENT, lines.subList(0, Math.min(lines.size(), LINES_MAX)));
    int more = lines.size() - LINES_MAX;
    return more > 0 ? shown + INDENT + "(" + more + " more lines)" : shown;
  }

  /** A name, or anything else that belongs on one line. */
  static String line(String text) {
    return clean(text, false).strip();
  }

  private static String clean(String text, boolean keepLines) {
    StringBuilder clean = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              if (isLineBreak(c)) {
                clean.append(keepLines ? '\n' : ' ');
              } else if (c == '\t') {
                clean.append(' ');
              } else if (isHarmless(c)) {
                clean.appendCodePoint(c);
              }
            });
    return clean.toString();
  }

  private static boolean isLineBreak(int c) {
    return c == '\n' || c == 0x85 || c == 0x2028 || c == 0x2029;
  }

  /**
   * Control characters are C0, DEL and C1; format characters in use are zero-width joiners, for
   * emoji.
   */
  private static boolean isHarmless(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL, Character.SURROGATE -> false;
      case Character.FORMAT -> c == 0x200c || c == 0x200d;
      default -> true;
    };
  }
}

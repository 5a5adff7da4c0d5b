package dev.starling.app;

/** How far one word is from another. */
final class Spelling {
  /** What is compared of a word: the work grows with the product of two lengths. */
  private static final int COMPARED_MAX = 100;

  private Spelling() {}

  /** Levenshtein's distance: letters put in, left out or changed. */
  static int distance(String one, String other) {
    String a = one.substring(0, Math.min(one.length(), COMPARED_MAX));
    int[] row = new int[other.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int changed = diagonal + (a.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(changed, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[other.length()];
  }
}

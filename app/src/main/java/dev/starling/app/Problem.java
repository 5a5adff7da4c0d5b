package dev.starling.app;

import org.jspecify.annotations.Nullable;

/**
 * Something that the person at the command line can mend. The message says in one line what
 * happened, why, and what to do next.
 */
final class Problem extends RuntimeException {
  Problem(String message) {
    this(message, null);
  }

  Problem(String message, @Nullable Throwable cause) {
    super(message, cause, false, false);
  }
}

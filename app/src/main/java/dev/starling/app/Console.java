package dev.starling.app;

import java.io.PrintWriter;

/**
 * Where a verb prints.
 *
 * @param out what was asked for
 * @param err what went wrong, and remarks
 */
record Console(PrintWriter out, PrintWriter err) {
  /** Prints a line of output now. */
  void print(String line) {
    out.println(line);
    out.flush();
  }

  /** Prints a remark that is not part of the output. */
  void remark(String line) {
    err.println(line);
    err.flush();
  }
}

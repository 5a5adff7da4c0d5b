package dev.starling.app;

import java.util.Map;

/** Does what an operator asks: this process on its own data, or a running server by its socket. */
@FunctionalInterface
interface Operator {
  /**
   * Does one thing.
   *
   * @param request names the {@code command}; see {@link UserOperations} and {@link Wiring}
   * @throws Problem if it cannot be done
   */
  Map<String, Object> ask(Map<String, Object> request);
}

package dev.starling.app;

import java.util.Map;

/** Finds who can do what an operator asks. */
final class Operators {
  private Operators() {}

  /**
   * Asks the server that runs on these data; without one, does it on the data itself, which no
   * other process can open meanwhile.
   */
  static Map<String, Object> with(DataFolder data, Map<String, Object> request) {
    if (!data.exists()) {
      throw new Problem(
          "there is no data folder %s: name the server's by --data, or make one by starling up"
              .formatted(data.root()));
    }
    Map<String, Object> answer = AdminClient.ask(data.adminSocket(), request);
    if (answer != null) {
      return answer;
    }
    try (Wiring wiring = Wiring.offline(data)) {
      return wiring.operations().ask(request);
    }
  }
}

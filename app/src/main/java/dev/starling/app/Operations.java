package dev.starling.app;

import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * What an operator may ask of a server, by name. Requests and answers are JSON objects, so that it
 * is one thing to ask within the process and through the admin socket. A request names its {@code
 * command}; the answer to one that fails is {@code {"error": "one line"}}.
 */
final class Operations implements Operator {
  private final Map<String, UnaryOperator<Map<String, Object>>> operations = new HashMap<>();

  Operations on(String command, UnaryOperator<Map<String, Object>> operation) {
    operations.put(command, operation);
    return this;
  }

  @Override
  public Map<String, Object> ask(Map<String, Object> request) {
    String command = text(request, "command");
    UnaryOperator<Map<String, Object>> operation = operations.get(command);
    if (operation == null) {
      throw new Problem("the server knows no command '%s'".formatted(command));
    }
    return operation.apply(request);
  }

  /** A string of a request; empty when it is absent. */
  static String text(Map<String, Object> request, String name) {
    return request.get(name) instanceof String text ? text : "";
  }
}

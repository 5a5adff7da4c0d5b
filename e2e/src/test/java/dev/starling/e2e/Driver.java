package dev.starling.e2e;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** Speaks the line protocol of {@code clients/lines.mjs} with a driver in a process of its own. */
final class Driver implements AutoCloseable {
  private final String program;
  private final Child process;
  private final AtomicInteger lastId = new AtomicInteger();
  private final Map<Integer, CompletableFuture<JsonNode>> asked = new ConcurrentHashMap<>();
  private final List<JsonNode> events = new ArrayList<>();

  /**
   * What the client reports: an error of the server, such as {@code 400 PHONE_CODE_INVALID}, or its
   * own.
   */
  static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1;

    Refused(String error) {
      super(error);
    }
  }

  /** Starts {@code command}, whose last word names the driver. */
  Driver(List<String> command) throws IOException {
    program = command.getLast();
    process = new Child(command, ClientPackages.FOLDER, this::onLine);
  }

  /** Asks; commands begin in the order in which they were asked. */
  CompletableFuture<JsonNode> ask(String command, Map<String, ?> facts) {
    int id = lastId.incrementAndGet();
    var answer = new CompletableFuture<JsonNode>();
    asked.put(id, answer);
    ObjectNode line = Server.JSON.valueToTree(facts);
    process.write(line.put("id", id).put("command", command).toString());
    return answer;
  }

  /** Asks and waits for the answer. */
  JsonNode call(String command, Map<String, ?> facts) {
    return await(command, ask(command, facts));
  }

  /** Waits for the answer to {@code command}. */
  JsonNode await(String command, CompletableFuture<JsonNode> answer) {
    try {
      return answer.get(Child.DEADLINE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Refused refused) {
        throw new Refused(String.valueOf(refused.getMessage()));
      }
      throw new AssertionError(e);
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError(failure("no answer to " + command), e);
    }
  }

  /** All events so far, in the order in which the client reported them. */
  List<JsonNode> events() {
    synchronized (events) {
      return List.copyOf(events);
    }
  }

  /**
   * Waits until the events so far satisfy {@code enough}; {@code what} is for the report of a
   * failure.
   */
  void await(String what, Predicate<List<JsonNode>> enough) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(Child.DEADLINE_SECONDS);
    synchronized (events) {
      while (!enough.test(events)) {
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (left <= 0) {
          throw new AssertionError(failure("never saw " + what + " among " + events));
        }
        try {
          events.wait(left);
        } catch (InterruptedException e) {
          throw new AssertionError(e);
        }
      }
    }
  }

  String complaints() {
    return process.complaints();
  }

  @Override
  public void close() {
    process.close();
  }

  private void onLine(String text) {
    JsonNode line;
    try {
      line = Server.JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new AssertionError(program + " wrote " + text, e);
    }
    if (line.has("event")) {
      synchronized (events) {
        events.add(line);
        events.notifyAll();
      }
      return;
    }
    CompletableFuture<JsonNode> answer = asked.remove(line.get("id").asInt());
    if (answer == null) {
      throw new AssertionError(program + " answered what nobody asked: " + text);
    }
    if (line.has("error")) {
      answer.completeExceptionally(new Refused(line.get("error").asText()));
    } else {
      answer.complete(line.get("ok"));
    }
  }

  private String failure(String what) {
    return program + ": " + what + "; it complained:\n" + process.complaints();
  }
}

package dev.starling.app;

import dev.starling.messenger.Answer;
import dev.starling.messenger.Caller;
import dev.starling.messenger.Methods;
import dev.starling.tl.TlMethod;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts calls by method, and refusals by error: names of the schema, never of a person. */
final class MeasuredMethods implements Methods {
  private final Methods methods;
  private final Map<String, LongAdder> calls = new ConcurrentHashMap<>();
  private final Map<String, LongAdder> refusals = new ConcurrentHashMap<>();

  MeasuredMethods(Methods methods) {
    this.methods = methods;
  }

  @Override
  public Answer<?> call(Caller caller, TlMethod<?> method) {
    calls.computeIfAbsent(method.methodName(), _ -> new LongAdder()).increment();
    Answer<?> answer = methods.call(caller, method);
    if (answer instanceof Answer.Refusal<?>(int code, String message)) {
      // FLOOD_WAIT_17 and FLOOD_WAIT_18 are one error: without the number the names are few.
      String error = code + " " + message.replaceFirst("_?\\d+$", "");
      refusals.computeIfAbsent(error, _ -> new LongAdder()).increment();
    }
    return answer;
  }

  void write(Exposition page) {
    new TreeMap<>(calls)
        .forEach(
            (method, count) ->
                page.counter(
                    "starling_calls_total", "API calls by method.", count.sum(), "method", method));
    new TreeMap<>(refusals)
        .forEach(
            (error, count) ->
                page.counter(
                    "starling_call_refusals_total",
                    "API calls answered by an error of the caller's.",
                    count.sum(),
                    "error",
                    error));
  }
}

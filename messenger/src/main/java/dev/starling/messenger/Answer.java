package dev.starling.messenger;

import java.util.Objects;

/**
 * What a method says: the result, or the error that the client is shown as {@code rpc_error}. A
 * refusal is the ordinary answer to a wrong question; a defect of ours is an exception.
 *
 * @param <R> the method's result type
 */
public sealed interface Answer<R> {
  /** The method did what it was asked. */
  record Result<R>(R value) implements Answer<R> {
    public Result {
      Objects.requireNonNull(value);
    }
  }

  /**
   * The method refuses.
   *
   * @param code 303, 400, 401, 403, 404, 406 or 420, as core.telegram.org/api/errors gives them
   *     their sense; never 500, on which clients repeat the call
   * @param message the documented name, such as {@code PHONE_CODE_INVALID}: clients compare it
   *     literally
   */
  record Refusal<R>(int code, String message) implements Answer<R> {
    public Refusal {
      Objects.requireNonNull(message);
    }
  }

  /** Shorthand for {@link Result}. */
  static <R> Answer<R> result(R value) {
    return new Result<>(value);
  }

  /** Shorthand for {@link Refusal}. */
  static <R> Answer<R> refusal(int code, String message) {
    return new Refusal<>(code, message);
  }
}

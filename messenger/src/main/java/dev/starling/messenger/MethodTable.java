package dev.starling.messenger;

import dev.starling.tl.TlMethod;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongPredicate;

/**
 * Which handler answers which method; the rest gets its empty answer from the catalogue or is
 * refused.
 */
final class MethodTable implements Methods {
  /** A signed-in method: who calls is known. */
  interface SignedIn<R, M extends TlMethod<R>> {
    Answer<R> call(long me, Caller caller, M method);
  }

  /** A method that anybody may call. */
  interface Open<R, M extends TlMethod<R>> {
    Answer<R> call(Caller caller, M method);
  }

  private interface Handler {
    Answer<?> call(Caller caller, TlMethod<?> method);
  }

  private final Map<Class<?>, Handler> handlers = new HashMap<>();
  private final LongPredicate exists;
  private final Consumer<Caller> active;

  /**
   * @param exists whether there is an account of this id: one that was deleted a moment ago may
   *     have calls under way
   * @param active hears of who calls
   */
  MethodTable(LongPredicate exists, Consumer<Caller> active) {
    this.exists = exists;
    this.active = active;
  }

  <R, M extends TlMethod<R>> void open(Class<M> type, Open<R, M> handler) {
    add(type, (caller, method) -> handler.call(caller, type.cast(method)));
  }

  <R, M extends TlMethod<R>> void on(Class<M> type, SignedIn<R, M> handler) {
    add(
        type,
        (caller, method) -> {
          if (caller.accountId() == 0) {
            return UNAUTHORIZED;
          }
          if (!exists.test(caller.accountId())) {
            return DEACTIVATED;
          }
          active.accept(caller);
          return handler.call(caller.accountId(), caller, type.cast(method));
        });
  }

  /** "The current account was deleted by the user." */
  private static final Answer<?> DEACTIVATED = new Answer.Refusal<>(401, "USER_DEACTIVATED");

  private static final Answer<?> UNAUTHORIZED = new Answer.Refusal<>(401, "AUTH_KEY_UNREGISTERED");

  private void add(Class<?> type, Handler handler) {
    if (handlers.put(type, handler) != null) {
      throw new IllegalStateException("two handlers for " + type.getSimpleName());
    }
  }

  @Override
  public Answer<?> call(Caller caller, TlMethod<?> method) {
    Handler handler = handlers.get(method.getClass());
    if (handler != null) {
      return handler.call(caller, method);
    }
    if (!EmptyAnswers.has(method.methodName())) {
      // A method with an effect that is not there is never pretended. Not 501: mtcute tries what is
      // no 4xx again every second for ever, GramJS five times.
      return new Answer.Refusal<>(400, "METHOD_NOT_SUPPORTED");
    }
    return caller.accountId() == 0 && !EmptyAnswers.isOpen(method.methodName())
        ? UNAUTHORIZED
        : new Answer.Result<>(method.emptyResult());
  }
}

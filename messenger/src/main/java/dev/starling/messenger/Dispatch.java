package dev.starling.messenger;

import dev.starling.messenger.AuthKeys.Known;
import dev.starling.tl.Layer;
import dev.starling.tl.Tl;
import dev.starling.tl.TlMethod;
import dev.starling.tl.mt.RpcError;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** From a call as it came to the bytes of its answer: wrappers, layer, caller, errors. */
final class Dispatch {
  /**
   * @param failed whether the body is an {@code rpc_error}
   */
  @SuppressWarnings("ArrayRecordComponent") // a carrier
  record Reply(byte[] body, boolean failed) {}

  private final AuthKeys keys;
  private final Methods methods;
  private final SessionRegistry registry;
  private final Executor threads;
  private final GatewayCounters counters;
  private final Defects defects;

  /**
   * @param threads one for each task, virtual ones in production
   */
  Dispatch(
      AuthKeys keys,
      Methods methods,
      SessionRegistry registry,
      Executor threads,
      GatewayCounters counters,
      Defects defects) {
    this.keys = keys;
    this.methods = methods;
    this.registry = registry;
    this.threads = threads;
    this.counters = counters;
    this.defects = defects;
  }

  /**
   * Runs a task that may wait; false when the gateway is closing, so that clients must ask
   * elsewhere.
   */
  boolean execute(Runnable task) {
    try {
      threads.execute(task);
      return true;
    } catch (RejectedExecutionException _) {
      return false;
    }
  }

  /** Answers a call whose turn has come; null when it must wait for one that has not come yet. */
  @Nullable Reply answer(LiveSession session, Lane.Call call) {
    if (call.request() == null) {
      return error(400, "INPUT_METHOD_INVALID");
    }
    Wrapped wrapped = Wrapped.peel(call.request());
    if (wrapped == null) {
      return error(400, "INPUT_REQUEST_INVALID");
    }
    for (long predecessor : wrapped.after()) {
      switch (session.outcome(predecessor)) {
        case DONE -> {}
        case FAILED -> {
          return error(400, "MSG_WAIT_FAILED");
        }
        case UNSEEN -> {
          return call.postponed() ? error(400, "MSG_WAIT_TIMEOUT") : null;
        }
      }
    }
    try {
      return call(session, wrapped);
    } catch (Throwable e) { // errors too: the lane must go on
      defect(wrapped.method().methodName(), e);
      return error(500, "INTERNAL");
    }
  }

  /** Counts and logs a failure that is none of the client's doing. */
  void defect(String place, Throwable e) {
    counters.defects.increment();
    defects.log(place, e);
  }

  private Reply call(LiveSession session, Wrapped wrapped) {
    if (wrapped.client() != null) {
      session.introduce(wrapped.client());
    }
    Known known = keys.find(session.authKeyId);
    if (known == null) {
      return error(401, "AUTH_KEY_UNREGISTERED");
    }
    if (wrapped.layer() > 0 && wrapped.layer() != known.row().layer()) {
      keys.layer(session.authKeyId, wrapped.layer());
    }
    Layer layer = wrapped.layer() > 0 ? Layer.of(wrapped.layer()) : known.layer();
    Caller caller =
        new Caller(
            session.authKeyId,
            session.id,
            layer,
            known.row().dc(),
            known.accountId(),
            session.client(),
            wrapped.withoutUpdates());
    if (caller.signedIn() && startsUpdates(wrapped)) {
      // Before the state is read: what happens in between is then pushed rather than lost.
      registry.subscribe(session, caller.accountId());
    }
    return reply(caller, wrapped.method(), layer);
  }

  /**
   * Not {@code updates.getState} alone: GramJS, back after a restart of the server, asks only who
   * it is. Sessions for files ask these others, unwrapped by most clients, and would drop what is
   * pushed.
   */
  private static boolean startsUpdates(Wrapped wrapped) {
    String name = wrapped.method().methodName();
    return !wrapped.withoutUpdates()
        && !name.startsWith("upload.")
        && !name.startsWith("help.")
        && !name.startsWith("auth.");
  }

  private <R> Reply reply(Caller caller, TlMethod<R> method, Layer layer) {
    return switch (methods.call(caller, method)) {
      case Answer.Result<?>(Object value) -> {
        counters.calls.increment();
        @SuppressWarnings("unchecked") // Methods promises a result of the method's own type
        R result = (R) value;
        yield new Reply(Tl.encodeResult(method, result, layer), false);
      }
      case Answer.Refusal<?>(int code, String message) -> error(code, message);
    };
  }

  private Reply error(int code, String message) {
    counters.calls.increment();
    counters.refusals.increment();
    return new Reply(Tl.encode(new RpcError(code, message), Layer.NEWEST), true);
  }
}

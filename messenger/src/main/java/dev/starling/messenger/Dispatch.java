package dev.starling.messenger;

import dev.starling.messenger.AuthKeys.Known;
import dev.starling.tl.Layer;
import dev.starling.tl.Tl;
import dev.starling.tl.TlMethod;
import dev.starling.tl.TlObject;
import dev.starling.tl.api.AuthBindTempAuthKey;
import dev.starling.tl.api.HelpGetConfig;
import dev.starling.tl.api.UpdatesGetDifference;
import dev.starling.tl.mt.DestroyAuthKey;
import dev.starling.tl.mt.RpcError;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** From a call as it came to the bytes of its answer: wrappers, layer, caller, errors. */
final class Dispatch {
  /**
   * @param failed whether the body is an {@code rpc_error}
   * @param bare whether it is sent as it is, not as the {@code rpc_result} of its call
   */
  @SuppressWarnings("ArrayRecordComponent") // a carrier
  record Reply(byte[] body, boolean failed, boolean bare) {}

  private final AuthKeys keys;
  private final KeyBinder binder;
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
      KeyBinder binder,
      Methods methods,
      SessionRegistry registry,
      Executor threads,
      GatewayCounters counters,
      Defects defects) {
    this.keys = keys;
    this.binder = binder;
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
    try {
      return call.request() == null ? unknown(session, call) : known(session, call, call.request());
    } catch (Throwable e) { // errors too: the lane must go on
      defect(call.request() == null ? "unknown method" : place(call.request()), e);
      return error(500, "INTERNAL");
    }
  }

  private static String place(TlObject request) {
    Wrapped wrapped = Wrapped.peel(request);
    return wrapped == null ? "wrappers" : wrapped.method().methodName();
  }

  private Reply unknown(LiveSession session, Lane.Call call) {
    Known known = keys.find(session.authKeyId);
    if (known != null) {
      learn(known, call.layer());
    }
    return error(400, "INPUT_METHOD_INVALID");
  }

  private @Nullable Reply known(LiveSession session, Lane.Call call, TlObject request) {
    Wrapped wrapped = Wrapped.peel(request);
    if (wrapped == null) {
      return error(400, "INPUT_REQUEST_INVALID");
    }
    if (wrapped.refusal() != null) {
      return error(wrapped.refusal().code(), wrapped.refusal().message());
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
    return call(session, call.msgId(), wrapped);
  }

  /** Counts and logs a failure that is none of the client's doing. */
  void defect(String place, Throwable e) {
    counters.defects.increment();
    defects.log(place, e);
  }

  private Reply call(LiveSession session, long msgId, Wrapped wrapped) {
    if (wrapped.client() != null) {
      session.introduce(wrapped.client());
    }
    Known known = keys.find(session.authKeyId);
    if (known == null) {
      return error(401, "AUTH_KEY_UNREGISTERED");
    }
    if (wrapped.method() instanceof AuthBindTempAuthKey m) {
      Reply reply = answered(m, binder.bind(known, session.id, msgId, m), Layer.NEWEST);
      Known bound = keys.find(session.authKeyId);
      if (bound != null) {
        learn(bound, wrapped.layer());
      }
      return reply;
    }
    if (known.unbound() && !KeyBinder.isOpen(wrapped.method())) {
      return error(401, "AUTH_KEY_PERM_EMPTY");
    }
    learn(known, wrapped.layer());
    Layer layer = wrapped.layer() > 0 ? Layer.of(wrapped.layer()) : known.layer();
    Caller caller =
        new Caller(
            known.permanentId(),
            session.id,
            layer,
            known.dc(),
            known.accountId(),
            session.client(),
            wrapped.withoutUpdates());
    if (caller.signedIn() && startsUpdates(wrapped)) {
      // Before the state is read: what happens in between is then pushed rather than lost.
      if (registry.subscribe(session, caller.accountId(), caller.authKeyId())
          && !(wrapped.method() instanceof UpdatesGetDifference)) {
        session.subscribed();
      }
    }
    return answered(wrapped.method(), methods.call(caller, wrapped.method()), layer);
  }

  /** The layer belongs to the permanent key: most calls come without. */
  private void learn(Known known, int layer) {
    if (layer > 0 && layer != known.row().layer() && !known.unbound()) {
      keys.layer(known.permanentId(), layer);
    }
  }

  /**
   * Not {@code updates.getState} alone: GramJS, back after a restart of the server, asks only who
   * it is, and gotd and Pyrogram only introduce themselves. Sessions for files ask these others,
   * unwrapped by most clients, and would drop what is pushed.
   */
  private static boolean startsUpdates(Wrapped wrapped) {
    String name = wrapped.method().methodName();
    boolean asks =
        !name.startsWith("upload.") && !name.startsWith("help.") && !name.startsWith("auth.");
    return !wrapped.withoutUpdates() && (asks || isIntroduction(wrapped));
  }

  /** With this clients begin on a new connection, and some say no more. */
  private static boolean isIntroduction(Wrapped wrapped) {
    return wrapped.client() != null && wrapped.method() instanceof HelpGetConfig;
  }

  private <R> Reply answered(TlMethod<R> method, Answer<?> answer, Layer layer) {
    return switch (answer) {
      case Answer.Result<?>(Object value) -> {
        counters.calls.increment();
        @SuppressWarnings("unchecked") // Methods promises a result of the method's own type
        R result = (R) value;
        // A method of MTProto itself, which clients await by its answer's type.
        boolean bare = method instanceof DestroyAuthKey;
        yield new Reply(Tl.encodeResult(method, result, layer), false, bare);
      }
      case Answer.Refusal<?>(int code, String message) -> error(code, message);
    };
  }

  private Reply error(int code, String message) {
    counters.calls.increment();
    counters.refusals.increment();
    return new Reply(Tl.encode(new RpcError(code, message), Layer.NEWEST), true, false);
  }
}

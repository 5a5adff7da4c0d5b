package dev.starling.messenger;

import dev.starling.tl.TlMethod;
import dev.starling.tl.TlObject;
import dev.starling.tl.api.InitConnection;
import dev.starling.tl.api.InvokeAfterMsg;
import dev.starling.tl.api.InvokeAfterMsgs;
import dev.starling.tl.api.InvokeWithApnsSecret;
import dev.starling.tl.api.InvokeWithBusinessConnection;
import dev.starling.tl.api.InvokeWithGooglePlayIntegrity;
import dev.starling.tl.api.InvokeWithLayer;
import dev.starling.tl.api.InvokeWithMessagesRange;
import dev.starling.tl.api.InvokeWithReCaptcha;
import dev.starling.tl.api.InvokeWithTakeout;
import dev.starling.tl.api.InvokeWithoutUpdates;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A call and what its wrappers said of it (core.telegram.org/api/invoking).
 *
 * @param layer the layer named by {@code invokeWithLayer}; 0 when there was none
 * @param client who calls, by {@code initConnection}; null when there was none
 * @param after msg_ids of calls that must be done before, by {@code invokeAfterMsg(s)}
 * @param refusal what the call is answered instead, as a wrapper names something that there is not
 */
record Wrapped(
    TlMethod<?> method,
    int layer,
    @Nullable ClientInfo client,
    boolean withoutUpdates,
    List<Long> after,
    Answer.@Nullable Refusal<?> refusal) {
  /** Each wrapper makes sense once. */
  private static final int DEPTH_MAX = 6;

  /** Takes the wrappers off; null when there is no method inside, or none within reason. */
  static @Nullable Wrapped peel(TlObject request) {
    int layer = 0;
    ClientInfo client = null;
    boolean withoutUpdates = false;
    List<Long> after = List.of();
    Answer.Refusal<?> refusal = null;
    TlObject inner = request;
    for (int depth = 0; depth < DEPTH_MAX; depth++) {
      switch (inner) {
        case InvokeWithLayer<?> w -> {
          layer = w.layer();
          inner = w.query();
        }
        case InitConnection<?> w -> {
          client = new ClientInfo(w.apiId(), w.deviceModel(), w.systemVersion(), w.appVersion());
          inner = w.query();
        }
        case InvokeWithoutUpdates<?> w -> {
          withoutUpdates = true;
          inner = w.query();
        }
        case InvokeAfterMsg<?> w -> {
          after = List.of(w.msgId());
          inner = w.query();
        }
        case InvokeAfterMsgs<?> w -> {
          after = w.msgIds();
          inner = w.query();
        }
        case InvokeWithTakeout<?> w -> {
          refusal = new Answer.Refusal<>(400, "TAKEOUT_INVALID");
          inner = w.query();
        }
        case InvokeWithMessagesRange<?> w -> {
          refusal = new Answer.Refusal<>(403, "TAKEOUT_REQUIRED");
          inner = w.query();
        }
        case InvokeWithBusinessConnection<?> w -> {
          refusal = new Answer.Refusal<>(400, "BUSINESS_CONNECTION_INVALID");
          inner = w.query();
        }
        // What these prove is not asked here.
        case InvokeWithGooglePlayIntegrity<?> w -> inner = w.query();
        case InvokeWithApnsSecret<?> w -> inner = w.query();
        case InvokeWithReCaptcha<?> w -> inner = w.query();
        case TlMethod<?> m -> {
          return new Wrapped(m, layer, client, withoutUpdates, after, refusal);
        }
        default -> {
          return null;
        }
      }
    }
    return null;
  }
}

package dev.starling.client;

import dev.starling.tl.TlMethod;
import dev.starling.tl.api.AnyMessage;
import dev.starling.tl.api.AnyUpdates;
import dev.starling.tl.api.AnyUpdatesDifference;
import dev.starling.tl.api.Message;
import dev.starling.tl.api.MessagesAffectedMessages;
import dev.starling.tl.api.MessagesReadHistory;
import dev.starling.tl.api.MessagesSendMessage;
import dev.starling.tl.api.PeerUser;
import dev.starling.tl.api.UpdateMessageID;
import dev.starling.tl.api.UpdateNewMessage;
import dev.starling.tl.api.Updates;
import dev.starling.tl.api.UpdatesDifference;
import dev.starling.tl.api.UpdatesDifferenceEmpty;
import dev.starling.tl.api.UpdatesDifferenceSlice;
import dev.starling.tl.api.UpdatesGetDifference;
import dev.starling.tl.api.UpdatesGetState;
import dev.starling.tl.api.UpdatesState;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;

/** A server's side of one account's box: message n is event n. */
final class Box implements Calls {
  static final int DATE = 1_000;

  /** Refusals that the next calls meet. */
  final Queue<RpcException> refusals = new ArrayDeque<>();

  final List<TlMethod<?>> asked = new ArrayList<>();
  private final List<Message> messages = new ArrayList<>();
  private final Map<Long, Integer> sent = new HashMap<>();
  int sliceMax = 3;

  /** The push that tells of a new message. */
  AnyUpdates arrive() {
    return push(add(Message.of(0, new PeerUser(5), DATE, "in")));
  }

  private int add(Message message) {
    messages.add(message.withId(messages.size() + 1));
    return messages.size();
  }

  AnyUpdates push(int pts) {
    return new Updates(
        List.of(new UpdateNewMessage(messages.get(pts - 1), pts, 1)),
        List.of(),
        List.of(),
        DATE,
        0);
  }

  int pts() {
    return messages.size();
  }

  @Override
  public <R> CompletableFuture<R> send(TlMethod<R> method) {
    asked.add(method);
    RpcException refusal = refusals.poll();
    if (refusal != null) {
      return CompletableFuture.failedFuture(refusal);
    }
    Object answer =
        switch (method) {
          case UpdatesGetState _ -> state(pts());
          case UpdatesGetDifference m -> difference(m.pts());
          case MessagesSendMessage m -> sent(m);
          case MessagesReadHistory _ -> {
            int pts = add(Message.of(0, new PeerUser(5), DATE, "an event, in truth"));
            yield new MessagesAffectedMessages(pts, 1);
          }
          default -> throw new AssertionError(method.methodName());
        };
    @SuppressWarnings("unchecked") // each of them answers its own kind
    R result = (R) answer;
    return CompletableFuture.completedFuture(result);
  }

  private static UpdatesState state(int pts) {
    return new UpdatesState(pts, 1, DATE, 1, 0);
  }

  private AnyUpdatesDifference difference(int pts) {
    if (pts == pts()) {
      return new UpdatesDifferenceEmpty(DATE, 1);
    }
    int end = Math.min(pts() - pts, sliceMax) + pts;
    List<AnyMessage> page = List.copyOf(messages.subList(pts, end));
    return end == pts()
        ? new UpdatesDifference(page, List.of(), List.of(), List.of(), List.of(), state(end))
        : new UpdatesDifferenceSlice(page, List.of(), List.of(), List.of(), List.of(), state(end));
  }

  private AnyUpdates sent(MessagesSendMessage m) {
    int id =
        sent.computeIfAbsent(
            m.randomId(),
            _ -> add(Message.of(0, new PeerUser(5), DATE, m.message()).withOut(true)));
    return new Updates(
        List.of(
            new UpdateMessageID(id, m.randomId()),
            new UpdateNewMessage(messages.get(id - 1), id, 1)),
        List.of(),
        List.of(),
        DATE,
        0);
  }
}

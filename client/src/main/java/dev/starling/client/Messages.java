package dev.starling.client;

import dev.starling.mtproto.Env;
import dev.starling.tl.TlMethod;
import dev.starling.tl.api.AnyInputPeer;
import dev.starling.tl.api.AnyUpdate;
import dev.starling.tl.api.AnyUpdates;
import dev.starling.tl.api.InputReplyToMessage;
import dev.starling.tl.api.Message;
import dev.starling.tl.api.MessagesAffectedMessages;
import dev.starling.tl.api.MessagesDeleteMessages;
import dev.starling.tl.api.MessagesEditMessage;
import dev.starling.tl.api.MessagesReadHistory;
import dev.starling.tl.api.MessagesSendMessage;
import dev.starling.tl.api.UpdateMessageID;
import dev.starling.tl.api.UpdateNewMessage;
import dev.starling.tl.api.Updates;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * An account's messages: each told once and in the order of the account's box, whether it came as a
 * push, in the answer to a call of ours, or in a difference; and sending that may be repeated.
 *
 * <p>Thread-safe. The listener is called on one thread at a time and may make calls.
 */
public final class Messages {
  /** Hears what happens in the box, in its order. */
  public interface Listener {
    /** A new message, received or (from this or another session) sent. */
    void message(Message message);

    /** {@code user} has read what we sent, up to that id. */
    void readByUser(long user, int maxId);

    /** A message says something else now. */
    default void edited(Message message) {}

    /** Messages are gone, on this side at least; ids are unique among all private chats. */
    default void deleted(List<Integer> ids) {}

    /** All before this has been told. */
    default void reached(Position upTo) {}

    /** The client's connection is lost, restored, or has ended. */
    default void connection(Event event) {}

    /** The server tells no more, for instance because the account was signed out elsewhere. */
    default void refused(RpcException why) {}
  }

  /** A message that the server took; the same random_id sent again answers the same. */
  public record Sent(int id, int date) {}

  /** What waits to be told; more is left to a difference. */
  private static final int WAITING_MAX = 256;

  private static final Duration RETRY_PAUSE = Duration.ofSeconds(1);

  /** A server that restarts is back within that many pauses, or fails for another reason. */
  private static final int ATTEMPTS_MAX = 5;

  private final Calls calls;
  private final Env env;
  private final Listener listener;
  private final Lane lane;
  private final Follower follower;
  private volatile boolean started;
  private volatile @Nullable Event connection;
  private @Nullable Event connectionTold;

  public Messages(Calls calls, People people, Listener listener, Env env) {
    this(
        calls,
        people,
        listener,
        env,
        task -> Thread.ofVirtual().name("client-messages").start(task));
  }

  Messages(Calls calls, People people, Listener listener, Env env, Executor executor) {
    this.calls = calls;
    this.env = env;
    this.listener = listener;
    this.lane = new Lane(WAITING_MAX, executor, this::makeUp);
    this.follower =
        new Follower(
            calls,
            people,
            listener,
            (delay, task) -> env.scheduler().after(delay, () -> lane.add(task)));
  }

  /** Instead of everything that had no room to wait. */
  private void makeUp() {
    tellConnection();
    follower.catchUp();
  }

  /**
   * Begins to tell. The account must be signed in; {@link #hear} is to be given to {@link
   * StarlingClient#listen} before.
   *
   * @param from where a former run ended: what has happened since is told; null for now
   */
  public void start(@Nullable Position from) {
    CompletableFuture<Void> begun = new CompletableFuture<>();
    started = true;
    lane.add(
        () -> {
          try {
            follower.begin(from);
            begun.complete(null);
          } catch (RuntimeException e) {
            begun.completeExceptionally(e);
          }
        });
    Calls.await(begun);
  }

  /** How far it has told; null before {@link #start}. */
  public @Nullable Position position() {
    return follower.position();
  }

  /** Takes what the client hears; never blocks. */
  public void hear(Event event) {
    switch (event) {
      case Event.Pushed(AnyUpdates updates) when started -> lane.add(() -> follower.take(updates));
      case Event.Missed() when started -> lane.add(follower::catchUp);
      case Event.Pushed _, Event.Missed _ -> {} // the start will tell
      case Event.Lost _, Event.Restored _, Event.Ended _ -> {
        connection = event;
        lane.add(this::tellConnection);
      }
    }
  }

  private void tellConnection() {
    Event now = connection;
    if (now != null && !now.equals(connectionTold)) {
      connectionTold = now;
      listener.connection(now);
    }
    if (now instanceof Event.Restored) {
      // Pushes go to sessions that asked for the state or a difference; a server that was restarted
      // knows of none.
      follower.catchUp();
    }
  }

  /** Sends a text under a fresh random_id. */
  public Sent send(AnyInputPeer to, String text) {
    return send(to, env.random().nextLong(), text);
  }

  /**
   * Sends a text. It may be repeated with the same {@code randomId} until it succeeds: the message
   * is sent once.
   *
   * @throws RpcException if the server refuses
   */
  public Sent send(AnyInputPeer to, long randomId, String text) {
    AnyUpdates updates = persist(MessagesSendMessage.of(to, text, randomId));
    lane.add(() -> follower.take(updates));
    return sent(updates, randomId);
  }

  /**
   * Answers a message of the same chat, as {@link #send(AnyInputPeer, long, String)} otherwise.
   *
   * @throws RpcException {@code REPLY_MESSAGE_ID_INVALID} and its like
   */
  public Sent reply(AnyInputPeer to, int messageId, long randomId, String text) {
    AnyUpdates updates =
        persist(
            MessagesSendMessage.of(to, text, randomId)
                .withReplyTo(InputReplyToMessage.of(messageId)));
    lane.add(() -> follower.take(updates));
    return sent(updates, randomId);
  }

  /**
   * Changes what a message of ours says.
   *
   * @throws RpcException {@code MESSAGE_ID_INVALID}, {@code MESSAGE_NOT_MODIFIED} and their like
   */
  public void edit(AnyInputPeer with, int messageId, String text) {
    AnyUpdates updates = persist(MessagesEditMessage.of(with, messageId).withMessage(text));
    lane.add(() -> follower.take(updates));
  }

  /** Deletes messages on both sides; what is gone already is no fault. */
  public void delete(List<Integer> ids) {
    MessagesAffectedMessages affected = persist(new MessagesDeleteMessages(true, ids));
    lane.add(
        () -> {
          follower.take(affected);
          listener.deleted(ids);
        });
  }

  /** Tells the server, and so the sender, that what {@code from} wrote is read up to that id. */
  public void markRead(AnyInputPeer from, int maxId) {
    MessagesAffectedMessages affected = persist(new MessagesReadHistory(from, maxId));
    lane.add(() -> follower.take(affected));
  }

  /** All of these may be repeated: the second time changes nothing. */
  private <R> R persist(TlMethod<R> method) {
    for (int attempt = 1; ; attempt++) {
      try {
        return calls.call(method);
      } catch (RpcException e) {
        if (!e.isPassing() || attempt == ATTEMPTS_MAX) {
          throw e;
        }
      }
      CompletableFuture<Void> pause = new CompletableFuture<>();
      env.scheduler().after(RETRY_PAUSE, () -> pause.complete(null));
      pause.join();
    }
  }

  private static Sent sent(AnyUpdates answer, long randomId) {
    if (!(answer instanceof Updates updates)) {
      throw new ClientException(ClientException.Reason.FAILED, "an answer of another kind");
    }
    int id = 0;
    int date = updates.date();
    for (AnyUpdate update : updates.updates()) {
      if (update instanceof UpdateMessageID named && named.randomId() == randomId) {
        id = named.id();
      } else if (update instanceof UpdateNewMessage(Message message, _, _) && message.id() == id) {
        date = message.date();
      }
    }
    return new Sent(id, date);
  }
}

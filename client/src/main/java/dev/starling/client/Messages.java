package dev.starling.client;

import dev.starling.mtproto.Env;
import dev.starling.tl.TlMethod;
import dev.starling.tl.api.AnyInputPeer;
import dev.starling.tl.api.AnyMessage;
import dev.starling.tl.api.AnyUpdate;
import dev.starling.tl.api.AnyUpdates;
import dev.starling.tl.api.AnyUpdatesDifference;
import dev.starling.tl.api.AnyUser;
import dev.starling.tl.api.Message;
import dev.starling.tl.api.MessagesAffectedMessages;
import dev.starling.tl.api.MessagesReadHistory;
import dev.starling.tl.api.MessagesSendMessage;
import dev.starling.tl.api.PeerUser;
import dev.starling.tl.api.UpdateDeleteMessages;
import dev.starling.tl.api.UpdateEditMessage;
import dev.starling.tl.api.UpdateFolderPeers;
import dev.starling.tl.api.UpdateMessageID;
import dev.starling.tl.api.UpdateNewMessage;
import dev.starling.tl.api.UpdatePinnedMessages;
import dev.starling.tl.api.UpdateReadHistoryInbox;
import dev.starling.tl.api.UpdateReadHistoryOutbox;
import dev.starling.tl.api.UpdateReadMessagesContents;
import dev.starling.tl.api.UpdateShort;
import dev.starling.tl.api.UpdateWebPage;
import dev.starling.tl.api.Updates;
import dev.starling.tl.api.UpdatesCombined;
import dev.starling.tl.api.UpdatesDifference;
import dev.starling.tl.api.UpdatesDifferenceEmpty;
import dev.starling.tl.api.UpdatesDifferenceSlice;
import dev.starling.tl.api.UpdatesDifferenceTooLong;
import dev.starling.tl.api.UpdatesGetDifference;
import dev.starling.tl.api.UpdatesGetState;
import dev.starling.tl.api.UpdatesState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
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

  /** "Wait up to 0.5 seconds for the missing updates." */
  private static final Duration GAP_PATIENCE = Duration.ofMillis(500);

  private static final Duration RETRY_PAUSE = Duration.ofSeconds(1);

  /** A server that restarts is back within that many pauses, or fails for another reason. */
  private static final int ATTEMPTS_MAX = 5;

  private final Calls calls;
  private final Env env;
  private final Listener listener;
  private final People people;
  private final Lane lane;

  // Touched only within the lane, but for the volatile one.
  private final PtsOrder<Optional<AnyUpdate>> order =
      new PtsOrder<>(0, update -> update.ifPresent(this::apply));

  private int qts;
  private int date;
  private boolean checking;
  private boolean behind;
  private volatile @Nullable Position position;

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
    this.people = people;
    this.listener = listener;
    this.env = env;
    this.lane = new Lane(WAITING_MAX, executor, this::catchUp);
  }

  /**
   * Begins to tell. The account must be signed in; {@link #hear} is to be given to {@link
   * StarlingClient#listen} before.
   *
   * @param from where a former run ended: what has happened since is told; null for now
   */
  public void start(@Nullable Position from) {
    CompletableFuture<Void> begun = new CompletableFuture<>();
    lane.add(
        () -> {
          try {
            open(from);
            begun.complete(null);
          } catch (RuntimeException e) {
            begun.completeExceptionally(e);
          }
        });
    Calls.await(begun);
  }

  private void open(@Nullable Position from) {
    if (from == null) {
      UpdatesState state = calls.call(new UpdatesGetState());
      begin(new Position(state.pts(), state.qts(), state.date()));
      settle();
    } else {
      begin(from);
      catchUp();
    }
  }

  private void begin(Position at) {
    order.reach(at.pts());
    qts = at.qts();
    date = at.date();
    position = at;
  }

  /** How far it has told; null before {@link #start}. */
  public @Nullable Position position() {
    return position;
  }

  /** Takes what the client hears; never blocks. */
  public void hear(Event event) {
    switch (event) {
      case Event.Pushed(AnyUpdates updates) -> lane.add(() -> take(updates));
      case Event.Missed() -> lane.add(this::catchUp);
      case Event.Restored() -> {
        lane.add(() -> listener.connection(event));
        // Pushes go to sessions that asked for the state or a difference; a server that was
        // restarted knows of none.
        lane.add(this::catchUp);
      }
      case Event.Lost _, Event.Ended _ -> lane.add(() -> listener.connection(event));
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
    lane.add(() -> take(updates));
    return sent(updates, randomId);
  }

  /** Tells the server, and so the sender, that what {@code from} wrote is read up to that id. */
  public void markRead(AnyInputPeer from, int maxId) {
    MessagesAffectedMessages affected = persist(new MessagesReadHistory(from, maxId));
    lane.add(() -> offer(affected.pts(), affected.ptsCount(), null));
  }

  /** Both calls may be repeated: the second time changes nothing. */
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

  // From here on everything happens within the lane.

  private void take(AnyUpdates updates) {
    switch (updates) {
      case Updates all -> take(all.updates(), all.users(), all.date());
      case UpdatesCombined all -> take(all.updates(), all.users(), all.date());
      case UpdateShort(AnyUpdate one, int at) -> take(List.of(one), List.of(), at);
      // The rest tells less than a difference: some of it only that there is something.
      default -> catchUp();
    }
  }

  private void take(List<AnyUpdate> updates, List<AnyUser> users, int at) {
    people.add(users);
    date = Math.max(date, at);
    updates.forEach(this::take);
    settle();
  }

  private void take(AnyUpdate update) {
    switch (update) {
      case UpdateNewMessage u -> offer(u.pts(), u.ptsCount(), u);
      case UpdateReadHistoryInbox u -> offer(u.pts(), u.ptsCount(), u);
      case UpdateReadHistoryOutbox u -> offer(u.pts(), u.ptsCount(), u);
      case UpdateEditMessage u -> offer(u.pts(), u.ptsCount(), u);
      case UpdateDeleteMessages u -> offer(u.pts(), u.ptsCount(), u);
      case UpdateReadMessagesContents u -> offer(u.pts(), u.ptsCount(), u);
      case UpdatePinnedMessages u -> offer(u.pts(), u.ptsCount(), u);
      case UpdateFolderPeers u -> offer(u.pts(), u.ptsCount(), u);
      case UpdateWebPage u -> offer(u.pts(), u.ptsCount(), u);
      default -> apply(update); // it has no place in the order
    }
  }

  /** Null is an event of our own that needs no telling. */
  private void offer(int pts, int count, @Nullable AnyUpdate update) {
    order.offer(pts, count, Optional.ofNullable(update));
  }

  private void apply(AnyUpdate update) {
    switch (update) {
      case UpdateNewMessage(Message message, _, _) -> listener.message(message);
      case UpdateReadHistoryOutbox(PeerUser(long user), int maxId, _, _) ->
          listener.readByUser(user, maxId);
      default -> {} // of no interest here
    }
  }

  /** What has been told is noted; what is missing may still arrive by itself. */
  private void settle() {
    Position now = new Position(order.pts(), qts, date);
    if (!now.equals(position)) {
      position = now;
      listener.reached(now);
    }
    if (order.hasGap() && !checking) {
      checkAfter(GAP_PATIENCE);
    }
  }

  private void checkAfter(Duration delay) {
    checking = true;
    env.scheduler().after(delay, () -> lane.add(this::check));
  }

  private void check() {
    checking = false;
    if (behind || order.hasGap()) {
      catchUp();
    }
  }

  /** Asks for whatever happened since the position, in as many slices as the server makes of it. */
  private void catchUp() {
    if (position == null) {
      return; // not begun
    }
    try {
      behind = true;
      while (behind) {
        behind = !take(calls.call(UpdatesGetDifference.of(order.pts(), date, qts)));
      }
      settle();
    } catch (RpcException e) {
      if (e.isPassing() || e.floodWait().isPresent()) {
        checkAfter(e.floodWait().orElse(RETRY_PAUSE));
      } else {
        listener.refused(e);
      }
    } catch (ClientException e) {
      if (e.reason() == ClientException.Reason.OVERLOADED) {
        checkAfter(RETRY_PAUSE);
      }
      // Else the client has ended, which is told as an event of its own, or the difference cannot
      // be read, which the next attempt will not change.
    }
  }

  /** Tells a difference; true if it is the last. */
  private boolean take(AnyUpdatesDifference difference) {
    return switch (difference) {
      case UpdatesDifferenceEmpty(int at, _) -> {
        date = Math.max(date, at);
        order.reach(order.pts());
        yield true;
      }
      case UpdatesDifference d -> {
        tell(d.newMessages(), d.otherUpdates(), d.users(), d.state());
        yield true;
      }
      case UpdatesDifferenceSlice d -> {
        boolean moves = d.intermediateState().pts() != order.pts();
        tell(d.newMessages(), d.otherUpdates(), d.users(), d.intermediateState());
        yield !moves; // a server that stands still would be asked for ever
      }
      // "The difference is too long, and the specified state must be used to refetch updates."
      case UpdatesDifferenceTooLong(int pts) -> {
        order.reach(pts);
        yield false;
      }
    };
  }

  private void tell(
      List<AnyMessage> messages, List<AnyUpdate> others, List<AnyUser> users, UpdatesState state) {
    people.add(users);
    for (AnyMessage any : messages) {
      if (any instanceof Message message) {
        listener.message(message);
      }
    }
    others.forEach(this::apply);
    qts = state.qts();
    date = Math.max(date, state.date());
    order.reach(state.pts());
  }
}

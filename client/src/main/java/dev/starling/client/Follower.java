package dev.starling.client;

import dev.starling.tl.api.AnyMessage;
import dev.starling.tl.api.AnyUpdate;
import dev.starling.tl.api.AnyUpdates;
import dev.starling.tl.api.AnyUpdatesDifference;
import dev.starling.tl.api.AnyUser;
import dev.starling.tl.api.Message;
import dev.starling.tl.api.MessagesAffectedMessages;
import dev.starling.tl.api.PeerUser;
import dev.starling.tl.api.UpdateDeleteMessages;
import dev.starling.tl.api.UpdateEditMessage;
import dev.starling.tl.api.UpdateFolderPeers;
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
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Follows an account's box and tells what happens in it, each thing once and in order: pushes and
 * the answers to our own calls as far as they follow on each other, a difference for whatever is
 * missing.
 *
 * <p>Not thread-safe: everything happens within the lane of its {@link Messages}.
 */
final class Follower {
  /** "Wait up to 0.5 seconds for the missing updates." */
  private static final Duration GAP_PATIENCE = Duration.ofMillis(500);

  private static final Duration RETRY_PAUSE = Duration.ofSeconds(1);

  private final Calls calls;
  private final People people;
  private final Messages.Listener listener;
  private final BiConsumer<Duration, Runnable> later;
  private final PtsOrder<Optional<AnyUpdate>> order =
      new PtsOrder<>(0, update -> update.ifPresent(this::apply));
  private int qts;
  private int date;
  private boolean checking;
  private boolean behind;
  private volatile @Nullable Position position;

  /**
   * Follows nothing before {@link #begin}.
   *
   * @param later runs a task within the lane after a while
   */
  Follower(
      Calls calls,
      People people,
      Messages.Listener listener,
      BiConsumer<Duration, Runnable> later) {
    this.calls = calls;
    this.people = people;
    this.listener = listener;
    this.later = later;
  }

  /** How far it has told; null before {@link #begin}. Any thread may ask. */
  @Nullable Position position() {
    return position;
  }

  /** Begins at a former position, or where the box is now. */
  void begin(@Nullable Position from) {
    if (from != null) {
      beginAt(from);
      catchUp();
    } else {
      UpdatesState state = calls.call(new UpdatesGetState());
      Position now = new Position(state.pts(), state.qts(), state.date());
      beginAt(now);
      listener.reached(now);
    }
  }

  private void beginAt(Position at) {
    order.reach(at.pts());
    qts = at.qts();
    date = at.date();
    position = at;
  }

  /** Takes a push, or the answer to a call that is told in the form of one. */
  void take(AnyUpdates updates) {
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

  /** Takes an event of our own doing, which needs no telling. */
  void take(MessagesAffectedMessages affected) {
    offer(affected.pts(), affected.ptsCount(), null);
    settle();
  }

  private void offer(int pts, int count, @Nullable AnyUpdate update) {
    order.offer(pts, count, Optional.ofNullable(update));
  }

  private void apply(AnyUpdate update) {
    switch (update) {
      case UpdateNewMessage(Message message, _, _) -> listener.message(message);
      case UpdateEditMessage(Message message, _, _) -> listener.edited(message);
      case UpdateDeleteMessages(List<Integer> ids, _, _) when !ids.isEmpty() ->
          listener.deleted(ids);
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
    later.accept(delay, this::check);
  }

  private void check() {
    checking = false;
    if (behind || order.hasGap()) {
      catchUp();
    }
  }

  /** Asks for whatever happened since the position, in as many slices as the server makes of it. */
  void catchUp() {
    if (position == null) {
      return; // not begun
    }
    checking = false;
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

package dev.starling.messenger;

import dev.starling.messenger.Mailbox.EventEntry;
import dev.starling.tl.api.AnyMessage;
import dev.starling.tl.api.AnyUpdate;
import dev.starling.tl.api.AnyUpdatesDifference;
import dev.starling.tl.api.PeerUser;
import dev.starling.tl.api.UpdateReadHistoryOutbox;
import dev.starling.tl.api.UpdatesDifference;
import dev.starling.tl.api.UpdatesDifferenceEmpty;
import dev.starling.tl.api.UpdatesDifferenceSlice;
import dev.starling.tl.api.UpdatesState;
import dev.starling.tl.row.EventNewMessage;
import dev.starling.tl.row.EventReadInbox;
import dev.starling.tl.row.EventReadOutbox;
import java.util.ArrayList;
import java.util.List;

/** What happened in a box since a client's pts, as {@code updates.getDifference} tells it. */
record Differences(Mailbox box, Users users, int now) {
  /** Events in one answer; more come in slices. */
  private static final int SLICE_MAX = 500;

  /** "getState.qts starts at 1 or more": clients take 0 for unknown. */
  private static final int QTS = 1;

  /** No update carries a seq; the state names one that never changes. */
  private static final int SEQ = 1;

  static UpdatesState state(Mailbox box, int now) {
    return state(box, box.box().pts(), now);
  }

  private static UpdatesState state(Mailbox box, int pts, int now) {
    return new UpdatesState(pts, QTS, Math.max(now, box.box().date()), SEQ, box.unread());
  }

  /**
   * The difference after {@code pts}. Never {@code differenceTooLong}: Telegram Desktop stops
   * updating after it.
   *
   * @param limit events that the client wants at once; 0 or less for as many as the server gives
   */
  AnyUpdatesDifference after(int pts, int limit) {
    if (pts == box.box().pts()) {
      return new UpdatesDifferenceEmpty(Math.max(now, box.box().date()), SEQ);
    }
    int most = limit <= 0 ? SLICE_MAX : Math.min(limit, SLICE_MAX);
    // A client ahead of the box (it knew a state that was restored from an older copy) is told all
    // there is.
    List<EventEntry> events = box.eventsAfter(pts > box.box().pts() ? 0 : pts, most);
    List<AnyMessage> messages = new ArrayList<>();
    List<AnyUpdate> others = new ArrayList<>();
    List<Long> people = new ArrayList<>(List.of(box.id));
    for (EventEntry entry : events) {
      people.add(tell(entry, messages, others));
    }
    var seen = users.views(box, people);
    int reached = events.isEmpty() ? box.box().pts() : events.getLast().pts();
    UpdatesState state = state(box, reached, now);
    return reached == box.box().pts()
        ? new UpdatesDifference(messages, List.of(), others, List.of(), seen, state)
        : new UpdatesDifferenceSlice(messages, List.of(), others, List.of(), seen, state);
  }

  /** Adds one event to the answer; answers whom it is about. */
  private long tell(EventEntry entry, List<AnyMessage> messages, List<AnyUpdate> others) {
    return switch (entry.event()) {
      case EventNewMessage(_, long peer, int id) -> {
        AnyMessage message = Chats.messageIfPresent(box.message(peer, id));
        if (message != null) {
          messages.add(message);
        }
        yield peer;
      }
      case EventReadInbox(_, long peer, int maxId, int stillUnread) -> {
        others.add(Chats.readInbox(peer, maxId, stillUnread, entry.pts()));
        yield peer;
      }
      case EventReadOutbox(_, long peer, int maxId) -> {
        others.add(new UpdateReadHistoryOutbox(new PeerUser(peer), maxId, entry.pts(), 1));
        yield peer;
      }
    };
  }
}

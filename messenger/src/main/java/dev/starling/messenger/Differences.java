package dev.starling.messenger;

import dev.starling.messenger.Mailbox.EventEntry;
import dev.starling.tl.api.AnyDialogPeer;
import dev.starling.tl.api.AnyMessage;
import dev.starling.tl.api.AnyUpdate;
import dev.starling.tl.api.AnyUpdatesDifference;
import dev.starling.tl.api.DialogPeer;
import dev.starling.tl.api.FolderPeer;
import dev.starling.tl.api.PeerUser;
import dev.starling.tl.api.UpdateDeleteMessages;
import dev.starling.tl.api.UpdateEditMessage;
import dev.starling.tl.api.UpdateFolderPeers;
import dev.starling.tl.api.UpdatePinnedDialogs;
import dev.starling.tl.api.UpdatePinnedMessages;
import dev.starling.tl.api.UpdatesDifference;
import dev.starling.tl.api.UpdatesDifferenceEmpty;
import dev.starling.tl.api.UpdatesDifferenceSlice;
import dev.starling.tl.api.UpdatesDifferenceTooLong;
import dev.starling.tl.api.UpdatesGetDifference;
import dev.starling.tl.api.UpdatesState;
import dev.starling.tl.row.EventAside;
import dev.starling.tl.row.EventDeleteMessages;
import dev.starling.tl.row.EventEditMessage;
import dev.starling.tl.row.EventFolderPeers;
import dev.starling.tl.row.EventNewMessage;
import dev.starling.tl.row.EventPinnedMessages;
import dev.starling.tl.row.EventReadInbox;
import dev.starling.tl.row.EventReadOutbox;
import dev.starling.tl.row.EventSentMessage;
import dev.starling.tl.row.MessageRow;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What happened in a box since a client's pts, as {@code updates.getDifference} tells it. */
final class Differences {
  /** Events in one answer; more come in slices. */
  private static final int SLICE_MAX = 500;

  /** Bytes of messages in one answer: one that a slow line carries before clients ask again. */
  private static final int SLICE_BYTES_MAX = 512 << 10;

  /** "getState.qts starts at 1 or more": clients take 0 for unknown. */
  private static final int QTS = 1;

  /** No update carries a seq; the state names one that never changes. */
  private static final int SEQ = 1;

  private final Mailbox box;
  private final Users users;
  private final int now;
  private final List<AnyMessage> messages = new ArrayList<>();
  private final List<AnyUpdate> others = new ArrayList<>();
  private final Set<Long> people = new LinkedHashSet<>();
  private int bytes;

  private Differences(Mailbox box, Users users, int now) {
    this.box = box;
    this.users = users;
    this.now = now;
    people.add(box.id);
  }

  static UpdatesState state(Mailbox box, int now) {
    return state(box, box.box().pts(), now);
  }

  private static UpdatesState state(Mailbox box, int pts, int now) {
    return new UpdatesState(pts, QTS, Math.max(now, box.box().date()), SEQ, box.unread());
  }

  /** The difference that {@code m} asks for. */
  static AnyUpdatesDifference of(Mailbox box, Users users, int now, UpdatesGetDifference m) {
    int pts = box.box().pts();
    if (m.pts() == pts) {
      return new UpdatesDifferenceEmpty(Math.max(now, box.box().date()), SEQ);
    }
    // Only to who asked for it: Telegram Desktop, which does not, stops updating after it.
    if (m.ptsTotalLimit() != null && m.ptsTotalLimit() > 0 && pts - m.pts() > m.ptsTotalLimit()) {
      return new UpdatesDifferenceTooLong(pts);
    }
    int limit = m.ptsLimit() == null || m.ptsLimit() <= 0 ? SLICE_MAX : m.ptsLimit();
    return new Differences(box, users, now).after(m.pts(), Math.min(limit, SLICE_MAX));
  }

  private AnyUpdatesDifference after(int pts, int limit) {
    // A client ahead of the box (it knew a state that was restored from an older copy) is told all
    // there is.
    List<EventEntry> events = box.eventsAfter(pts > box.box().pts() ? 0 : pts, limit);
    int reached = events.size() < limit ? box.box().pts() : events.getLast().pts();
    for (EventEntry entry : events) {
      tell(entry);
      if (bytes > SLICE_BYTES_MAX) {
        reached = entry.pts();
        break;
      }
    }
    var seen = users.views(box, people);
    UpdatesState state = state(box, reached, now);
    return reached == box.box().pts()
        ? new UpdatesDifference(messages, List.of(), others, List.of(), seen, state)
        : new UpdatesDifferenceSlice(messages, List.of(), others, List.of(), seen, state);
  }

  private void tell(EventEntry entry) {
    int pts = entry.pts();
    switch (entry.event()) {
      case EventNewMessage(_, long peer, int id) -> message(peer, id);
      case EventSentMessage(_, long peer, int id, _) -> message(peer, id);
      case EventEditMessage(_, long peer, int id) -> edited(peer, id, pts);
      case EventDeleteMessages(_, long peer, List<Integer> ids) ->
          add(peer, new UpdateDeleteMessages(ids, pts, ids.size()));
      case EventReadInbox(_, long peer, int maxId, int stillUnread) ->
          add(peer, Reads.inboxUpdate(peer, maxId, stillUnread, pts));
      case EventReadOutbox(_, long peer, int maxId) ->
          add(peer, Reads.outboxUpdate(peer, maxId, pts));
      case EventPinnedMessages(boolean pinned, _, long peer, List<Integer> ids) ->
          add(peer, new UpdatePinnedMessages(pinned, new PeerUser(peer), ids, pts, ids.size()));
      case EventFolderPeers(_, int folder, List<Long> peers) -> {
        List<FolderPeer> moved =
            peers.stream().map(peer -> new FolderPeer(new PeerUser(peer), folder)).toList();
        others.add(new UpdateFolderPeers(moved, pts, 1));
        people.addAll(peers);
      }
      case EventAside(_, long peer, _, byte[] body) -> {
        AnyUpdate update = Rows.decodeApi(AnyUpdate.class, body);
        add(peer, update);
        if (update instanceof UpdatePinnedDialogs pinned && pinned.order() != null) {
          for (AnyDialogPeer dialog : pinned.order()) {
            if (dialog instanceof DialogPeer(PeerUser(long id))) {
              people.add(id);
            }
          }
        }
      }
    }
  }

  private void add(long peer, AnyUpdate update) {
    others.add(update);
    people.add(peer);
  }

  /** A new message as it is now; one that is gone meanwhile is told by its deletion alone. */
  private void message(long peer, int id) {
    MessageRow row = box.message(peer, id);
    people.add(peer);
    if (row != null) {
      bytes += row.message().length;
      AnyMessage message = MessageRows.decode(row);
      messages.add(message);
      people.addAll(MessageRows.people(message));
    }
  }

  private void edited(long peer, int id, int pts) {
    MessageRow row = box.message(peer, id);
    people.add(peer);
    if (row != null) {
      bytes += row.message().length;
      AnyMessage message = MessageRows.decode(row);
      others.add(new UpdateEditMessage(message, pts, 1));
      people.addAll(MessageRows.people(message));
    }
  }
}

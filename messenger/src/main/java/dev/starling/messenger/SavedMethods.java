package dev.starling.messenger;

import dev.starling.messenger.Mailbox.MessageEntry;
import dev.starling.messenger.Search.Query;
import dev.starling.store.Order;
import dev.starling.tl.api.AnyMessage;
import dev.starling.tl.api.AnyMessagesMessages;
import dev.starling.tl.api.AnyMessagesSavedDialogs;
import dev.starling.tl.api.AnyPeer;
import dev.starling.tl.api.AnySavedDialog;
import dev.starling.tl.api.InputMessagesFilterEmpty;
import dev.starling.tl.api.Message;
import dev.starling.tl.api.MessagesGetSavedDialogs;
import dev.starling.tl.api.MessagesGetSavedHistory;
import dev.starling.tl.api.MessagesSavedDialogs;
import dev.starling.tl.api.MessagesSavedDialogsSlice;
import dev.starling.tl.api.PeerUser;
import dev.starling.tl.api.SavedDialog;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Saved Messages by where they were saved from. */
final class SavedMethods {
  /** Notes looked at for the list; a dialog whose newest is older is not in it. */
  private static final int SCAN_MAX = 10_000;

  private static final int PAGE_MAX = 100;

  private final Delivery delivery;

  SavedMethods(Delivery delivery) {
    this.delivery = delivery;
  }

  void register(MethodTable table) {
    table.on(
        MessagesGetSavedDialogs.class,
        (me, _, m) ->
            m.parentPeer() != null
                ? Answer.refusal(400, "PEER_ID_INVALID")
                : Answer.result(delivery.with(me, box -> dialogs(box, m))));
    table.on(
        MessagesGetSavedHistory.class,
        (me, _, m) ->
            m.parentPeer() != null
                ? Answer.refusal(400, "PEER_ID_INVALID")
                : delivery.at(me, m.peer(), peer -> history(me, peer, m)));
  }

  private AnyMessagesSavedDialogs dialogs(Mailbox box, MessagesGetSavedDialogs m) {
    Map<AnyPeer, Message> newest = new LinkedHashMap<>();
    for (MessageEntry entry :
        box.messages(box.id, 0, Integer.MAX_VALUE, Order.DESCENDING, SCAN_MAX)) {
      if (MessageRows.decode(entry.row()) instanceof Message note) {
        AnyPeer from = note.savedPeerId() == null ? new PeerUser(box.id) : note.savedPeerId();
        newest.putIfAbsent(from, note);
      }
    }
    List<AnySavedDialog> dialogs = new ArrayList<>();
    List<AnyMessage> messages = new ArrayList<>();
    newest.forEach(
        (peer, note) -> {
          boolean behind =
              m.offsetId() > 0
                  ? note.id() < m.offsetId()
                  : m.offsetDate() <= 0 || note.date() < m.offsetDate();
          if (behind && dialogs.size() < Math.clamp(m.limit(), 1, PAGE_MAX)) {
            dialogs.add(new SavedDialog(false, peer, note.id()));
            messages.add(note);
          }
        });
    Pages pages = new Pages(box, delivery.users());
    var people = delivery.users().views(box, pages.people(messages));
    return dialogs.size() == newest.size()
        ? new MessagesSavedDialogs(dialogs, messages, List.of(), people)
        : new MessagesSavedDialogsSlice(newest.size(), dialogs, messages, List.of(), people);
  }

  private Answer<AnyMessagesMessages> history(long me, long peer, MessagesGetSavedHistory m) {
    Mailbox box = delivery.with(me, own -> own);
    int maxDate = m.offsetId() > 0 ? 0 : m.offsetDate();
    Query query = new Query(List.of(), null, 0, maxDate, peer);
    List<Integer> ids =
        new Search(box, query, new InputMessagesFilterEmpty(), 0, Integer.MAX_VALUE).in(me);
    History page = new History(m.offsetId(), 0, m.addOffset(), m.limit(), m.maxId(), m.minId());
    return Answer.result(
        delivery.with(
            me,
            own -> {
              List<AnyMessage> messages = new ArrayList<>();
              for (int id : page.page(ids)) {
                AnyMessage message = MessageRows.decodeIfPresent(own.message(me, id));
                if (message != null) {
                  messages.add(message);
                }
              }
              return new Pages(own, delivery.users()).of(messages, ids.size(), m.hash());
            }));
  }
}

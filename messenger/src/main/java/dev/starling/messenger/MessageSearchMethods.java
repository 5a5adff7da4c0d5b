package dev.starling.messenger;

import dev.starling.messenger.Search.Query;
import dev.starling.tl.api.AnyInputPeer;
import dev.starling.tl.api.AnyMessage;
import dev.starling.tl.api.AnyMessagesFilter;
import dev.starling.tl.api.AnyMessagesMessages;
import dev.starling.tl.api.InputMessagesFilterEmpty;
import dev.starling.tl.api.MessagesGetSearchCounters;
import dev.starling.tl.api.MessagesMessages;
import dev.starling.tl.api.MessagesMessagesSlice;
import dev.starling.tl.api.MessagesSearch;
import dev.starling.tl.api.MessagesSearchCounter;
import dev.starling.tl.api.MessagesSearchGlobal;
import dev.starling.tl.row.DialogRow2;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Searching in a chat and over all. */
final class MessageSearchMethods {
  /** Longest query read; a message has no longer words. */
  private static final int QUERY_LENGTH_MAX = 256;

  private static final int FILTERS_MAX = 32;

  private record Found(int id, long peer) {}

  private final Delivery delivery;

  MessageSearchMethods(Delivery delivery) {
    this.delivery = delivery;
  }

  void register(MethodTable table) {
    table.on(
        MessagesSearch.class, (me, _, m) -> delivery.at(me, m.peer(), peer -> search(me, peer, m)));
    table.on(MessagesSearchGlobal.class, (me, _, m) -> everywhere(me, m));
    table.on(
        MessagesGetSearchCounters.class,
        (me, _, m) -> delivery.at(me, m.peer(), peer -> counters(me, peer, m.filters())));
  }

  private static List<String> words(String text) {
    return Query.words(text.substring(0, Math.min(text.length(), QUERY_LENGTH_MAX)));
  }

  private Answer<AnyMessagesMessages> search(long me, long peer, MessagesSearch m) {
    OptionalLong from = resolved(me, m.fromId());
    OptionalLong saved = resolved(me, m.savedPeerId());
    if ((m.fromId() != null && from.isEmpty()) || (m.savedPeerId() != null && saved.isEmpty())) {
      return Answer.refusal(400, "PEER_ID_INVALID");
    }
    Query query =
        new Query(
            words(m.q()),
            from.isPresent() ? from.getAsLong() : null,
            m.minDate(),
            m.maxDate(),
            saved.isPresent() ? saved.getAsLong() : null);
    History page = new History(m.offsetId(), 0, m.addOffset(), m.limit(), m.maxId(), m.minId());
    Mailbox box = delivery.with(me, own -> own);
    if (query.isAny() && m.filter() instanceof InputMessagesFilterEmpty) {
      return Answer.result(
          delivery.with(
              me,
              own -> {
                List<AnyMessage> messages = new ArrayList<>();
                page.page(own, peer).forEach(e -> messages.add(MessageRows.decode(e.row())));
                return pages(own).of(messages, own.dialog(peer).messageCount(), m.hash());
              }));
    }
    // Rows are read without the box's lock: whoever writes to it meanwhile does not wait.
    boolean whole = box.dialog(peer).messageCount() <= Search.SCAN_MAX || m.addOffset() < 0;
    Search search = new Search(box, query, m.filter(), 0, before(whole, m.offsetId()));
    List<Integer> ids = search.in(peer);
    return Answer.result(
        delivery.with(
            me,
            own -> {
              List<AnyMessage> messages = messages(own, peer, page.page(ids));
              return search.isBounded()
                  ? inexact(own, messages, ids.size(), m.hash())
                  : pages(own).of(messages, ids.size(), m.hash());
            }));
  }

  /**
   * Where to begin to read. What can be read in one call is read whole each time, as clients show
   * how many there are; of more, each call reads on from where the last page ended.
   */
  private static int before(boolean whole, int offsetId) {
    return whole || offsetId <= 0 ? Integer.MAX_VALUE : offsetId;
  }

  /** "inexact": there may be more, however many were found. */
  private AnyMessagesMessages inexact(Mailbox box, List<AnyMessage> page, int found, long hash) {
    AnyMessagesMessages answer = pages(box).of(page, Math.max(found, page.size() + 1), hash);
    return answer instanceof MessagesMessagesSlice slice ? slice.withInexact(true) : answer;
  }

  private Pages pages(Mailbox box) {
    return new Pages(box, delivery.users());
  }

  private OptionalLong resolved(long me, @Nullable AnyInputPeer peer) {
    return peer == null ? OptionalLong.empty() : delivery.users().resolve(me, peer);
  }

  private static List<AnyMessage> messages(Mailbox box, long peer, List<Integer> ids) {
    List<AnyMessage> messages = new ArrayList<>();
    for (int id : ids) {
      AnyMessage message = MessageRows.decodeIfPresent(box.message(peer, id));
      if (message != null) {
        messages.add(message);
      }
    }
    return messages;
  }

  /** Ids of a box grow over all its dialogs, so that the id alone says where a page begins. */
  private Answer<AnyMessagesMessages> everywhere(long me, MessagesSearchGlobal m) {
    if (m.q().isBlank() && m.filter() instanceof InputMessagesFilterEmpty) {
      return Answer.refusal(400, "SEARCH_QUERY_EMPTY");
    }
    if (m.groupsOnly() || m.broadcastsOnly()) {
      return Answer.result(new MessagesMessages(List.of(), List.of(), List.of(), List.of()));
    }
    List<DialogRow2> dialogs =
        delivery.with(
            me,
            box ->
                box.dialogs().stream()
                    .filter(d -> d.topMessage() > 0)
                    .filter(d -> m.folderId() == null || m.folderId() == DialogList.folder(d))
                    .sorted(Comparator.comparingInt(DialogRow2::topMessage).reversed())
                    .toList());
    Query query = new Query(words(m.q()), null, m.minDate(), m.maxDate(), null);
    Mailbox own = delivery.with(me, box -> box);
    // Ids of a box are of no two messages, so that so many ids are no more messages than that.
    int top = dialogs.isEmpty() ? 0 : dialogs.getFirst().topMessage();
    int before = Math.min(before(top <= Search.SCAN_MAX, m.offsetId()), top + 1);
    Search search =
        new Search(own, query, m.filter(), Math.max(0, before - Search.SCAN_MAX), before);
    List<Found> found = new ArrayList<>();
    for (DialogRow2 dialog : dialogs) {
      search.in(dialog.peerId()).forEach(id -> found.add(new Found(id, dialog.peerId())));
    }
    found.sort(Collections.reverseOrder(Comparator.comparingInt(Found::id)));
    return Answer.result(delivery.with(me, box -> page(box, m, found, search.isBounded())));
  }

  private AnyMessagesMessages page(
      Mailbox box, MessagesSearchGlobal m, List<Found> found, boolean bounded) {
    List<AnyMessage> messages = new ArrayList<>();
    int limit = Math.clamp(m.limit(), 1, History.PAGE_MAX);
    boolean more = false;
    for (Found one : found) {
      AnyMessage message =
          m.offsetId() > 0 && one.id >= m.offsetId()
              ? null
              : MessageRows.decodeIfPresent(box.message(one.peer, one.id));
      boolean behind =
          message != null
              && (m.offsetId() > 0
                  || m.offsetRate() <= 0
                  || MessageRows.date(message) < m.offsetRate());
      if (message != null && behind) {
        if (messages.size() == limit) {
          more = true;
          break;
        }
        messages.add(message);
      }
    }
    AnyMessagesMessages answer =
        bounded
            ? inexact(box, messages, found.size(), 0)
            : pages(box).of(messages, found.size(), 0);
    return answer instanceof MessagesMessagesSlice slice && !messages.isEmpty() && (more || bounded)
        ? slice.withNextRate(MessageRows.date(messages.getLast()))
        : answer;
  }

  private Answer<List<MessagesSearchCounter>> counters(
      long me, long peer, List<AnyMessagesFilter> filters) {
    if (filters.size() > FILTERS_MAX) {
      return Answer.refusal(400, "LIMIT_INVALID");
    }
    Mailbox box = delivery.with(me, own -> own);
    Query any = new Query(List.of(), null, 0, 0, null);
    List<MessagesSearchCounter> counters = new ArrayList<>();
    for (AnyMessagesFilter filter : filters) {
      int count =
          filter instanceof InputMessagesFilterEmpty
              ? delivery.with(me, own -> own.dialog(peer).messageCount())
              : new Search(box, any, filter, 0, Integer.MAX_VALUE).in(peer).size();
      counters.add(new MessagesSearchCounter(count >= Search.SCAN_MAX, filter, count));
    }
    return Answer.result(counters);
  }
}

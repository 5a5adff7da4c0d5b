package dev.starling.messenger;

import dev.starling.messenger.Mailbox.MessageEntry;
import dev.starling.store.Order;
import java.util.ArrayList;
import java.util.List;

/**
 * Which messages of a dialog a page holds (core.telegram.org/api/offsets): of those between {@code
 * min_id} and {@code max_id}, newest first, {@code limit} of them, beginning {@code add_offset}
 * places behind the newest one older than {@code offset_id}; a negative {@code add_offset} begins
 * among the newer ones.
 *
 * @param offsetId 0 for the newest; it need not be there any more
 * @param offsetDate only messages before it, when {@code offsetId} is 0; 0 for any
 * @param maxId only ids below it; 0 for any
 * @param minId only ids above it; 0 for any
 */
record History(int offsetId, int offsetDate, int addOffset, int limit, int maxId, int minId) {
  /** Messages in one answer, as Telegram's own server gives. */
  static final int PAGE_MAX = 100;

  /** How far an add_offset may reach; clients stay within a few screens. */
  private static final int ADD_OFFSET_MAX = 10_000;

  History {
    limit = Math.clamp(limit, 0, PAGE_MAX);
    addOffset = Math.clamp(addOffset, -PAGE_MAX, ADD_OFFSET_MAX);
    minId = Math.max(minId, 0);
    maxId = maxId <= 0 ? Integer.MAX_VALUE : maxId;
  }

  List<MessageEntry> page(Mailbox box, long peer) {
    int anchor = anchor(box, peer);
    List<MessageEntry> page = new ArrayList<>();
    if (addOffset < 0) {
      page.addAll(newer(box, peer, anchor));
    }
    int skip = Math.max(addOffset, 0);
    int wanted = limit + Math.min(addOffset, 0);
    if (wanted > 0) {
      List<MessageEntry> older =
          box.messages(peer, minId + 1, Math.min(anchor, maxId), Order.DESCENDING, skip + wanted);
      page.addAll(older.subList(Math.min(skip, older.size()), older.size()));
    }
    return page;
  }

  /**
   * Places {@code addOffset} (nearest is -1) up to {@code addOffset + limit} on the newer side,
   * newest first.
   */
  private List<MessageEntry> newer(Mailbox box, long peer, int anchor) {
    List<MessageEntry> newer =
        box.messages(peer, Math.max(anchor, minId + 1), maxId, Order.ASCENDING, -addOffset);
    int nearest = Math.max(0, -addOffset - limit);
    return newer.subList(Math.min(nearest, newer.size()), newer.size()).reversed();
  }

  /** The same page of a list of ids, newest first. */
  List<Integer> page(List<Integer> newestFirst) {
    List<Integer> ids = newestFirst.stream().filter(id -> id > minId && id < maxId).toList();
    int anchor = offsetId > 0 ? offsetId : Integer.MAX_VALUE;
    int begin = 0;
    while (begin < ids.size() && ids.get(begin) >= anchor) {
      begin++;
    }
    int from = begin + addOffset;
    return ids.subList(
        Math.clamp(from, 0, ids.size()), Math.clamp((long) from + limit, 0, ids.size()));
  }

  private int anchor(Mailbox box, long peer) {
    if (offsetId > 0 || offsetDate <= 0) {
      return offsetId > 0 ? offsetId : Integer.MAX_VALUE;
    }
    return firstSince(box, peer, offsetDate);
  }

  /**
   * The first id from which on messages are not older than {@code date}. Within a box dates grow
   * with ids, so that halving finds it in about thirty looks, however long the dialog is.
   */
  static int firstSince(Mailbox box, long peer, int date) {
    int low = 0; // every message below is older
    int high = box.dialog(peer).topMessage() + 1; // none at or above is older
    while (low < high) {
      int middle = (low + high) >>> 1;
      List<MessageEntry> found = box.messages(peer, middle, high, Order.ASCENDING, 1);
      if (found.isEmpty()) {
        high = middle;
      } else if (MessageRows.date(MessageRows.decode(found.getFirst().row())) < date) {
        low = found.getFirst().id() + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}

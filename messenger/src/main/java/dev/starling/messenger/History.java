package dev.starling.messenger;

import dev.starling.messenger.Mailbox.MessageEntry;
import dev.starling.store.Order;
import java.util.ArrayList;
import java.util.List;

/**
 * Which messages of a dialog a page holds (core.telegram.org/api/offsets): newest first, {@code
 * limit} of them, beginning {@code add_offset} places behind the newest one older than {@code
 * offset_id}; a negative {@code add_offset} begins among the newer ones.
 *
 * @param offsetId 0 for the newest
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
      List<MessageEntry> older = box.messages(peer, 0, anchor, Order.DESCENDING, skip + wanted);
      page.addAll(older.subList(Math.min(skip, older.size()), older.size()));
    }
    page.removeIf(
        entry -> (maxId > 0 && entry.id() >= maxId) || (minId > 0 && entry.id() <= minId));
    return page;
  }

  /**
   * Places {@code addOffset} (nearest is -1) up to {@code addOffset + limit} on the newer side,
   * newest first.
   */
  private List<MessageEntry> newer(Mailbox box, long peer, int anchor) {
    List<MessageEntry> newer =
        box.messages(peer, anchor, Integer.MAX_VALUE, Order.ASCENDING, -addOffset);
    int nearest = Math.max(0, -addOffset - limit);
    return newer.subList(Math.min(nearest, newer.size()), newer.size()).reversed();
  }

  private int anchor(Mailbox box, long peer) {
    if (offsetId > 0 || offsetDate <= 0) {
      return offsetId > 0 ? offsetId : Integer.MAX_VALUE;
    }
    int anchor = Integer.MAX_VALUE;
    while (true) {
      List<MessageEntry> page = box.messages(peer, 0, anchor, Order.DESCENDING, PAGE_MAX);
      for (MessageEntry entry : page) {
        if (Chats.message(entry.row()).date() < offsetDate) {
          return entry.id() + 1;
        }
      }
      if (page.size() < PAGE_MAX) {
        return 0;
      }
      anchor = page.getLast().id();
    }
  }
}

package dev.starling.messenger;

import dev.starling.messenger.Mailbox.MessageEntry;
import dev.starling.store.Order;
import dev.starling.tl.api.AnyMessagesFilter;
import dev.starling.tl.api.InputMessagesFilterEmpty;
import dev.starling.tl.api.InputMessagesFilterPinned;
import dev.starling.tl.api.InputMessagesFilterUrl;
import dev.starling.tl.api.Message;
import dev.starling.tl.api.PeerUser;
import dev.starling.tl.row.MessageRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Messages of a box that answer a query, by reading them: rows are sealed, so there is no index of
 * words that a thief of the disk could read. About 2 us of CPU a message, outside the box's lock;
 * pinned messages and those with links have an index.
 */
final class Search {
  /**
   * Messages read for one call: half a second's work. What is older is found by calls that begin
   * there, at an offset_id.
   */
  static final int SCAN_MAX = 200_000;

  private static final int PAGE_ROWS = 500;

  private static final Pattern SPACE = Pattern.compile("\\s+");

  /**
   * What is sought.
   *
   * @param words beginnings of words that a text must all have, in lower case
   * @param from who wrote it; null for anybody
   * @param minDate only messages after it; 0 for any
   * @param maxDate only messages before it; 0 for any
   * @param saved from which dialog a saved message was; null for any
   */
  record Query(
      List<String> words, @Nullable Long from, int minDate, int maxDate, @Nullable Long saved) {
    static List<String> words(String text) {
      return SPACE
          .splitAsStream(text.strip().toLowerCase(Locale.ROOT))
          .map(Query::bare)
          .filter(word -> !word.isEmpty())
          .toList();
    }

    /** Punctuation that ends a word says nothing. */
    private static String bare(String word) {
      int end = word.length();
      while (end > 0 && !Character.isLetterOrDigit(word.codePointBefore(end))) {
        end = word.offsetByCodePoints(end, -1);
      }
      return end == 0 ? word : word.substring(0, end);
    }

    boolean isAny() {
      return words.isEmpty() && from == null && minDate <= 0 && maxDate <= 0 && saved == null;
    }

    boolean matches(Message m) {
      if ((from != null && !(m.fromId() instanceof PeerUser(long id) && id == from))
          || (saved != null && !(m.savedPeerId() instanceof PeerUser(long was) && was == saved))
          || (minDate > 0 && m.date() <= minDate)
          || (maxDate > 0 && m.date() >= maxDate)) {
        return false;
      }
      String text = words.isEmpty() ? "" : m.message().toLowerCase(Locale.ROOT);
      return words.stream().allMatch(word -> begins(text, word));
    }

    private static boolean begins(String text, String word) {
      for (int at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
        if (at == 0
            || !Character.isLetterOrDigit(text.codePointBefore(at))
            || !Character.isLetterOrDigit(word.codePointAt(0))) {
          return true;
        }
      }
      return false;
    }
  }

  private final Mailbox box;
  private final Query query;
  private final AnyMessagesFilter filter;
  private final int from;
  private final int before;
  private int left = SCAN_MAX;

  /**
   * @param from only ids from it on
   * @param before only ids below it
   */
  Search(Mailbox box, Query query, AnyMessagesFilter filter, int from, int before) {
    this.box = box;
    this.query = query;
    this.filter = filter;
    this.from = from;
    this.before = before;
  }

  /** Whether there may be more among messages too old to be looked at. */
  boolean isBounded() {
    return left <= 0 || from > 0;
  }

  /** Ids of the matches in a dialog, newest first. */
  List<Integer> in(long peer) {
    return switch (filter) {
      case InputMessagesFilterEmpty _ -> scanned(peer);
      case InputMessagesFilterPinned _ -> indexed(peer, MessageRows.PINNED);
      case InputMessagesFilterUrl _ -> indexed(peer, MessageRows.LINKS);
      default -> List.of(); // there is no media yet
    };
  }

  private List<Integer> indexed(long peer, byte kind) {
    List<Integer> found = new ArrayList<>();
    for (int end = before; left > 0; ) {
      List<Integer> page = box.indexed(peer, kind, end, Math.min(PAGE_ROWS, left));
      left -= page.size();
      for (int id : page) {
        if (id < from) {
          return found;
        }
        MessageRow row = query.isAny() ? null : box.message(peer, id);
        if (query.isAny() || (row != null && matches(row))) {
          found.add(id);
        }
      }
      if (page.size() < PAGE_ROWS) {
        break;
      }
      end = page.getLast();
    }
    return found;
  }

  private List<Integer> scanned(long peer) {
    List<Integer> found = new ArrayList<>();
    int begin =
        query.minDate <= 0
            ? from
            : Math.max(from, History.firstSince(box, peer, query.minDate + 1));
    int end =
        query.maxDate <= 0
            ? before
            : Math.min(before, History.firstSince(box, peer, query.maxDate));
    while (left > 0) {
      List<MessageEntry> page =
          box.messages(peer, begin, end, Order.DESCENDING, Math.min(PAGE_ROWS, left));
      left -= page.size();
      for (MessageEntry entry : page) {
        if (matches(entry.row())) {
          found.add(entry.id());
        }
      }
      if (page.size() < PAGE_ROWS) {
        break;
      }
      end = page.getLast().id();
    }
    return found;
  }

  private boolean matches(MessageRow row) {
    return MessageRows.decode(row) instanceof Message message && query.matches(message);
  }
}

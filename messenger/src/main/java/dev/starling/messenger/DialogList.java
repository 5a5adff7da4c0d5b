package dev.starling.messenger;

import dev.starling.tl.api.AnyDialog;
import dev.starling.tl.api.AnyMessage;
import dev.starling.tl.api.AnyMessagesDialogs;
import dev.starling.tl.api.AnyUser;
import dev.starling.tl.api.Dialog;
import dev.starling.tl.api.DialogFolder;
import dev.starling.tl.api.Folder;
import dev.starling.tl.api.MessagesDialogs;
import dev.starling.tl.api.MessagesDialogsNotModified;
import dev.starling.tl.api.MessagesDialogsSlice;
import dev.starling.tl.api.MessagesGetDialogs;
import dev.starling.tl.api.MessagesPeerDialogs;
import dev.starling.tl.api.PeerUser;
import dev.starling.tl.api.UpdatesState;
import dev.starling.tl.row.DialogRow2;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The dialogs of a box as clients list them: pinned ones first, then by top message. */
record DialogList(Mailbox box, Users users) {
  static final int ARCHIVE = 1;

  /** Dialogs in one answer, as Telegram's own server gives. */
  private static final int PAGE_MAX = 100;

  /** Ids of one box grow with time, so the top message alone orders dialogs as their dates do. */
  private static final Comparator<DialogRow2> NEWEST_FIRST =
      Comparator.comparingInt(DialogRow2::topMessage).reversed();

  private static final Comparator<DialogRow2> PIN_ORDER =
      Comparator.comparingInt(DialogList::pin).reversed();

  static int pin(DialogRow2 dialog) {
    return dialog.pin() == null ? 0 : dialog.pin();
  }

  static int folder(DialogRow2 dialog) {
    return dialog.folderId() == null ? 0 : dialog.folderId();
  }

  /** The pinned dialogs of a folder in their order. */
  static List<DialogRow2> pinned(Mailbox box, int folder) {
    return box.dialogs().stream()
        .filter(d -> pin(d) > 0 && folder(d) == folder)
        .sorted(PIN_ORDER)
        .toList();
  }

  /**
   * A page of a folder's dialogs, or without a folder of all. Pinned dialogs lead the first page
   * and are on no other. The archive itself is told by {@link #pinned} alone: Telethon fails at a
   * list with it. A dialog with nothing but a draft is told by messages.getAllDrafts: TDLib takes
   * one without a top message for a fault, and goes on asking when a page has no other.
   */
  AnyMessagesDialogs page(MessagesGetDialogs m) {
    List<DialogRow2> all =
        box.dialogs().stream()
            .filter(d -> d.topMessage() > 0)
            .filter(d -> m.folderId() == null || m.folderId() == folder(d))
            .filter(d -> !m.excludePinned() || pin(d) == 0)
            .toList();
    boolean first = m.offsetId() <= 0 && m.offsetDate() <= 0;
    int limit = Math.clamp(m.limit(), 1, PAGE_MAX);
    List<DialogRow2> page =
        Stream.concat(
                all.stream().filter(d -> first && pin(d) > 0).sorted(PIN_ORDER),
                all.stream().filter(d -> pin(d) == 0 && isBehind(d, m)).sorted(NEWEST_FIRST))
            .limit(limit)
            .toList();
    if (m.hash() != 0 && m.hash() == hash(page)) {
      return new MessagesDialogsNotModified(all.size());
    }
    List<AnyDialog> dialogs = new ArrayList<>();
    page.forEach(row -> dialogs.add(dialog(row)));
    List<AnyMessage> tops = tops(page);
    return page.size() == all.size()
        ? new MessagesDialogs(dialogs, tops, List.of(), people(page, tops))
        : new MessagesDialogsSlice(all.size(), dialogs, tops, List.of(), people(page, tops));
  }

  /** Given dialogs, whether anything was said there or not. */
  MessagesPeerDialogs peerDialogs(List<DialogRow2> rows, UpdatesState state) {
    return peerDialogs(new ArrayList<>(), rows, state);
  }

  /** The pinned dialogs of a folder; the archive itself is pinned above those of the main list. */
  MessagesPeerDialogs pinned(int folder, UpdatesState state) {
    List<AnyDialog> dialogs = new ArrayList<>();
    List<DialogRow2> told = new ArrayList<>();
    if (folder == 0) {
      archive(dialogs, told);
    }
    List<DialogRow2> rows = pinned(box, folder).stream().filter(d -> d.topMessage() > 0).toList();
    told.addAll(rows);
    rows.forEach(row -> dialogs.add(dialog(row)));
    List<AnyMessage> tops = tops(told);
    return new MessagesPeerDialogs(dialogs, tops, List.of(), people(told, tops), state);
  }

  private MessagesPeerDialogs peerDialogs(
      List<AnyDialog> dialogs, List<DialogRow2> rows, UpdatesState state) {
    rows.forEach(row -> dialogs.add(dialog(row)));
    List<AnyMessage> tops = tops(rows);
    return new MessagesPeerDialogs(dialogs, tops, List.of(), people(rows, tops), state);
  }

  private static boolean isBehind(DialogRow2 dialog, MessagesGetDialogs m) {
    if (m.offsetId() > 0) {
      return dialog.topMessage() < m.offsetId();
    }
    return m.offsetDate() <= 0 || dialog.topDate() < m.offsetDate();
  }

  /** The archive as an entry of the main list; nothing when it is empty. */
  private void archive(List<AnyDialog> dialogs, List<DialogRow2> told) {
    List<DialogRow2> archived =
        box.dialogs().stream()
            .filter(d -> folder(d) == ARCHIVE && d.topMessage() > 0)
            .sorted(NEWEST_FIRST)
            .toList();
    if (!archived.isEmpty()) {
      DialogRow2 top = archived.getFirst();
      int unreadPeers =
          (int) archived.stream().filter(d -> d.unreadCount() > 0 || d.unreadMark()).count();
      int unread = archived.stream().mapToInt(DialogRow2::unreadCount).sum();
      Folder folder = Folder.of(ARCHIVE, "Archived Chats");
      PeerUser peer = new PeerUser(top.peerId());
      dialogs.add(
          new DialogFolder(true, folder, peer, top.topMessage(), 0, unreadPeers, 0, unread));
      told.add(top);
    }
  }

  private Dialog dialog(DialogRow2 row) {
    return Dialog.of(
            new PeerUser(row.peerId()),
            row.topMessage(),
            row.readInboxMaxId(),
            row.readOutboxMaxId(),
            row.unreadCount(),
            0, // unread mentions
            0, // unread reactions
            0, // unread poll votes
            users.notifySettings(box.id, row.peerId()))
        .withPinned(pin(row) > 0)
        .withUnreadMark(row.unreadMark())
        .withFolderId(row.folderId())
        .withDraft(Drafts.of(box, row.peerId()));
  }

  /**
   * The hash of core.telegram.org/api/offsets over what a list shows of each dialog, so that only a
   * list that looks the same is "not modified".
   */
  private static long hash(List<DialogRow2> page) {
    long hash = 0;
    for (DialogRow2 row : page) {
      hash = Pages.mix(hash, row.peerId());
      hash = Pages.mix(hash, row.topMessage());
      hash = Pages.mix(hash, row.unreadCount());
      hash = Pages.mix(hash, pin(row));
    }
    return hash;
  }

  private List<AnyMessage> tops(List<DialogRow2> rows) {
    List<AnyMessage> messages = new ArrayList<>();
    for (DialogRow2 row : rows) {
      AnyMessage top =
          row.topMessage() == 0
              ? null
              : MessageRows.decodeIfPresent(box.message(row.peerId(), row.topMessage()));
      if (top != null) {
        messages.add(top);
      }
    }
    return messages;
  }

  private List<AnyUser> people(List<DialogRow2> rows, List<AnyMessage> tops) {
    Set<Long> ids = new LinkedHashSet<>(new Pages(box, users).people(tops));
    rows.forEach(row -> ids.add(row.peerId()));
    return users.views(box, ids);
  }
}

package dev.starling.messenger;

import dev.starling.tl.api.AnyDialog;
import dev.starling.tl.api.AnyMessage;
import dev.starling.tl.api.AnyMessagesDialogs;
import dev.starling.tl.api.AnyUser;
import dev.starling.tl.api.Dialog;
import dev.starling.tl.api.MessagesDialogs;
import dev.starling.tl.api.MessagesDialogsSlice;
import dev.starling.tl.api.MessagesGetDialogs;
import dev.starling.tl.api.MessagesPeerDialogs;
import dev.starling.tl.api.PeerNotifySettings;
import dev.starling.tl.api.PeerUser;
import dev.starling.tl.api.UpdatesState;
import dev.starling.tl.row.DialogRow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The dialogs of a box as clients list them: by top message, newest first. */
record DialogList(Mailbox box, Users users) {
  /** Dialogs in one answer, as Telegram's own server gives. */
  private static final int PAGE_MAX = 100;

  /** Ids of one box grow with time, so the top message alone orders dialogs as their dates do. */
  private static final Comparator<DialogRow> NEWEST_FIRST =
      Comparator.comparingInt(DialogRow::topMessage).reversed();

  AnyMessagesDialogs page(MessagesGetDialogs m) {
    List<DialogRow> all =
        m.folderId() != null && m.folderId() != 0
            ? List.of()
            : box.dialogs().stream().filter(d -> d.topMessage() > 0).sorted(NEWEST_FIRST).toList();
    int limit = Math.clamp(m.limit(), 1, PAGE_MAX);
    List<DialogRow> page = all.stream().filter(d -> isBehind(d, m)).limit(limit).toList();
    return page.size() == all.size()
        ? new MessagesDialogs(dialogs(page), tops(page), List.of(), people(page))
        : new MessagesDialogsSlice(all.size(), dialogs(page), tops(page), List.of(), people(page));
  }

  MessagesPeerDialogs peerDialogs(List<DialogRow> rows, UpdatesState state) {
    return new MessagesPeerDialogs(dialogs(rows), tops(rows), List.of(), people(rows), state);
  }

  private static boolean isBehind(DialogRow dialog, MessagesGetDialogs m) {
    if (m.offsetId() > 0) {
      return dialog.topMessage() < m.offsetId();
    }
    return m.offsetDate() <= 0 || dialog.topDate() < m.offsetDate();
  }

  private static List<AnyDialog> dialogs(List<DialogRow> rows) {
    List<AnyDialog> dialogs = new ArrayList<>();
    for (DialogRow row : rows) {
      dialogs.add(
          Dialog.of(
              new PeerUser(row.peerId()),
              row.topMessage(),
              row.readInboxMaxId(),
              row.readOutboxMaxId(),
              row.unreadCount(),
              0, // unread mentions
              0, // unread reactions
              0, // unread poll votes
              PeerNotifySettings.of()));
    }
    return dialogs;
  }

  private List<AnyMessage> tops(List<DialogRow> rows) {
    List<AnyMessage> messages = new ArrayList<>();
    for (DialogRow row : rows) {
      AnyMessage top = Chats.messageIfPresent(box.message(row.peerId(), row.topMessage()));
      if (top != null) {
        messages.add(top);
      }
    }
    return messages;
  }

  private List<AnyUser> people(List<DialogRow> rows) {
    List<Long> ids = new ArrayList<>(List.of(box.id));
    rows.forEach(row -> ids.add(row.peerId()));
    return users.views(box, ids);
  }
}

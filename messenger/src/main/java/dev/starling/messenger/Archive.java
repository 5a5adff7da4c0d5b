package dev.starling.messenger;

import dev.starling.tl.api.AnyInputPeer;
import dev.starling.tl.api.DialogFilter;
import dev.starling.tl.api.FolderPeer;
import dev.starling.tl.api.GlobalPrivacySettings;
import dev.starling.tl.api.InputPeerUser;
import dev.starling.tl.api.PeerNotifySettings;
import dev.starling.tl.api.PeerUser;
import dev.starling.tl.api.UpdateFolderPeers;
import dev.starling.tl.row.EventFolderPeers;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The archive, and what comes back from it by itself (core.telegram.org/api/folders). */
final class Archive {
  private final Settings settings;
  private final Privacy privacy;

  Archive(Settings settings, Privacy privacy) {
    this.settings = settings;
    this.privacy = privacy;
  }

  /**
   * "Unmuted dialogs are moved out of the archive when they get a new message", unless the account
   * said that they stay. To be called when a message from {@code peer} has been added.
   */
  void wake(Draft in, long peer) {
    if (in.dialog(peer).folderId() != null && comesBack(in, peer)) {
      move(in, List.of(peer), 0);
    }
  }

  /** Moves dialogs to a folder and tells it; a pin stays behind. */
  static void move(Draft draft, List<Long> peers, int folder) {
    for (long peer : peers) {
      draft.dialog(draft.dialog(peer).withFolderId(folder == 0 ? null : folder).withPin(null));
    }
    int pts = draft.append(new EventFolderPeers(draft.date(), folder, peers));
    List<FolderPeer> moved =
        peers.stream().map(peer -> new FolderPeer(new PeerUser(peer), folder)).toList();
    draft.tell(new UpdateFolderPeers(moved, pts, 1), draft.mailbox().id);
    draft.names(Set.copyOf(peers));
  }

  private boolean comesBack(Draft in, long peer) {
    Mailbox box = in.mailbox();
    GlobalPrivacySettings global = privacy.global(box.id);
    return !global.keepArchivedUnmuted()
        && !(global.keepArchivedFolders() && isInFolder(box, peer))
        && !isMuted(box.id, peer, in.date());
  }

  /** What is set for the chat; where it says nothing, what is set for all private chats. */
  private boolean isMuted(long account, long peer, int now) {
    Integer until = muteUntil(account, NotifyMethods.ofPeer(peer));
    if (until == null) {
      until = muteUntil(account, NotifyMethods.USERS);
    }
    return until != null && until > now;
  }

  private @Nullable Integer muteUntil(long account, String scope) {
    PeerNotifySettings set = settings.get(account, scope, PeerNotifySettings.class);
    return set == null ? null : set.muteUntil();
  }

  private static boolean isInFolder(Mailbox box, long peer) {
    return FilterMethods.filters(box).values().stream()
        .filter(DialogFilter.class::isInstance)
        .map(DialogFilter.class::cast)
        .flatMap(f -> Stream.concat(f.pinnedPeers().stream(), f.includePeers().stream()))
        .anyMatch((AnyInputPeer p) -> p instanceof InputPeerUser u && u.userId() == peer);
  }
}

package dev.starling.messenger;

import dev.starling.store.KeyRing;
import dev.starling.tl.api.AnyInputPeer;
import dev.starling.tl.api.AnyInputUser;
import dev.starling.tl.api.AnyUser;
import dev.starling.tl.api.AnyUserStatus;
import dev.starling.tl.api.InputPeerSelf;
import dev.starling.tl.api.InputPeerUser;
import dev.starling.tl.api.InputUser;
import dev.starling.tl.api.InputUserSelf;
import dev.starling.tl.api.PeerNotifySettings;
import dev.starling.tl.api.PeerSettings;
import dev.starling.tl.api.User;
import dev.starling.tl.api.UserStatusEmpty;
import dev.starling.tl.row.AccountRow;
import dev.starling.tl.row.ContactRow;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Users as others see them. An access_hash is derived from who looks and who is looked at: it needs
 * no row, and one that an account learned opens nothing to another account.
 */
final class Users {
  private final Accounts accounts;
  private final KeyRing ring;
  private final Settings settings;
  private final Privacy privacy;
  private final Statuses statuses;

  Users(Accounts accounts, KeyRing ring, Settings settings, Privacy privacy, Statuses statuses) {
    this.accounts = accounts;
    this.ring = ring;
    this.settings = settings;
    this.privacy = privacy;
    this.statuses = statuses;
  }

  /**
   * The user {@code id} as the owner of {@code viewer} sees it. Who has no account any more is a
   * deleted user, of whom only the id is left.
   */
  User view(Mailbox viewer, long id) {
    User bare = User.of(id).withAccessHash(accessHash(viewer.id, id));
    AccountRow account = accounts.byId(id);
    if (account == null) {
      return bare.withDeleted(true);
    }
    return id == ServiceAccount.ID ? service(bare) : view(bare, viewer, account);
  }

  List<AnyUser> views(Mailbox viewer, Collection<Long> ids) {
    List<AnyUser> views = new ArrayList<>(ids.size());
    for (long id : new LinkedHashSet<>(ids)) {
      views.add(view(viewer, id));
    }
    return views;
  }

  private User service(User bare) {
    return bare.withVerified(true)
        .withSupport(true)
        .withFirstName(accounts.service().firstName())
        .withPhone(accounts.service().phone());
  }

  private User view(User bare, Mailbox viewer, AccountRow account) {
    boolean self = viewer.id == account.id();
    @Nullable ContactRow contact = self ? null : viewer.contact(account.id());
    String first = contact == null ? account.firstName() : contact.firstName();
    String last = contact == null ? account.lastName() : contact.lastName();
    AnyUserStatus status = statuses.of(account.id(), viewer);
    return bare.withSelf(self)
        .withContact(contact != null)
        .withMutualContact(contact != null && contact.mutual())
        .withFirstName(first)
        .withLastName(last.isEmpty() ? null : last)
        .withUsername(account.username())
        .withStatus(status instanceof UserStatusEmpty ? null : status)
        .withPhone(seesNumber(viewer, account.id(), contact) ? account.phone() : null);
  }

  /** Who knows a number already goes on seeing it; others see it if its owner lets them. */
  private boolean seesNumber(Mailbox viewer, long id, @Nullable ContactRow contact) {
    return (contact != null && contact.knowsNumber())
        || (privacy.allows(id, Privacy.Topic.PHONE_NUMBER, viewer.id)
            && !privacy.isBlocked(id, viewer.id));
  }

  /** When a client makes a sound for {@code id}; nothing set means as for all of its kind. */
  PeerNotifySettings notifySettings(long viewer, long id) {
    PeerNotifySettings set =
        settings.get(viewer, NotifyMethods.ofPeer(id), PeerNotifySettings.class);
    return set == null ? PeerNotifySettings.of() : set;
  }

  /** What a client offers to do about somebody it looks at. */
  PeerSettings settings(Mailbox viewer, long id) {
    boolean stranger =
        id != viewer.id
            && id != ServiceAccount.ID
            && viewer.contact(id) == null
            && accounts.byId(id) != null;
    // All three or none: TDLib takes a bar with the one and without the other for a fault of ours.
    return PeerSettings.of()
        .withReportSpam(stranger)
        .withAddContact(stranger)
        .withBlockContact(stranger);
  }

  /**
   * The account that {@code peer} names for {@code viewer}; empty when it names none or with a
   * wrong hash.
   */
  OptionalLong resolve(long viewer, AnyInputPeer peer) {
    return switch (peer) {
      case InputPeerSelf _ -> OptionalLong.of(viewer);
      case InputPeerUser user -> known(viewer, user.userId(), user.accessHash());
      default -> OptionalLong.empty();
    };
  }

  /**
   * The account that {@code user} names for {@code viewer}; empty when it names none or with a
   * wrong hash.
   */
  OptionalLong resolve(long viewer, AnyInputUser user) {
    return switch (user) {
      case InputUserSelf _ -> OptionalLong.of(viewer);
      case InputUser input -> known(viewer, input.userId(), input.accessHash());
      default -> OptionalLong.empty();
    };
  }

  private OptionalLong known(long viewer, long id, long hash) {
    // Only who was shown a user has its hash, so an id with the right one is somebody, or was.
    return id == viewer || hash == accessHash(viewer, id)
        ? OptionalLong.of(id)
        : OptionalLong.empty();
  }

  private long accessHash(long viewer, long id) {
    byte[] pair = ByteBuffer.allocate(16).putLong(viewer).putLong(id).array();
    return ByteBuffer.wrap(ring.index("access_hash", pair)).getLong();
  }
}

package dev.starling.messenger;

import dev.starling.store.KeyRing;
import dev.starling.tl.api.AnyInputPeer;
import dev.starling.tl.api.AnyInputUser;
import dev.starling.tl.api.AnyUser;
import dev.starling.tl.api.InputPeerSelf;
import dev.starling.tl.api.InputPeerUser;
import dev.starling.tl.api.InputUser;
import dev.starling.tl.api.InputUserSelf;
import dev.starling.tl.api.User;
import dev.starling.tl.api.UserEmpty;
import dev.starling.tl.row.AccountRow;
import dev.starling.tl.row.ContactRow;
import java.nio.ByteBuffer;
import java.util.Collection;
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

  Users(Accounts accounts, KeyRing ring) {
    this.accounts = accounts;
    this.ring = ring;
  }

  /** The user {@code id} as the owner of {@code viewer} sees it. */
  AnyUser view(Mailbox viewer, long id) {
    AccountRow account = accounts.byId(id);
    return account == null ? new UserEmpty(id) : view(viewer, account);
  }

  List<AnyUser> views(Mailbox viewer, Collection<Long> ids) {
    return ids.stream().distinct().map(id -> view(viewer, id)).toList();
  }

  private User view(Mailbox viewer, AccountRow account) {
    if (account.id() == ServiceAccount.ID) {
      return User.of(account.id())
          .withVerified(true)
          .withSupport(true)
          .withAccessHash(accessHash(viewer.id, account.id()))
          .withFirstName(account.firstName())
          .withPhone(account.phone());
    }
    boolean self = viewer.id == account.id();
    @Nullable ContactRow contact = self ? null : viewer.contact(account.id());
    String first = contact == null ? account.firstName() : contact.firstName();
    String last = contact == null ? account.lastName() : contact.lastName();
    boolean knowsNumber = self || (contact != null && contact.knowsNumber());
    return User.of(account.id())
        .withSelf(self)
        .withContact(contact != null)
        .withMutualContact(contact != null && contact.mutual())
        .withAccessHash(accessHash(viewer.id, account.id()))
        .withFirstName(first)
        .withLastName(last.isEmpty() ? null : last)
        .withUsername(account.username())
        .withPhone(knowsNumber ? account.phone() : null);
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
    boolean reachable =
        id == viewer || (hash == accessHash(viewer, id) && accounts.byId(id) != null);
    return reachable ? OptionalLong.of(id) : OptionalLong.empty();
  }

  private long accessHash(long viewer, long id) {
    byte[] pair = ByteBuffer.allocate(16).putLong(viewer).putLong(id).array();
    return ByteBuffer.wrap(ring.index("access_hash", pair)).getLong();
  }
}

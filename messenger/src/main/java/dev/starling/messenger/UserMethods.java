package dev.starling.messenger;

import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import dev.starling.tl.api.AccountCheckUsername;
import dev.starling.tl.api.AccountUpdateProfile;
import dev.starling.tl.api.AccountUpdateUsername;
import dev.starling.tl.api.AnyInputUser;
import dev.starling.tl.api.AnyUser;
import dev.starling.tl.api.PeerNotifySettings;
import dev.starling.tl.api.PeerSettings;
import dev.starling.tl.api.UserFull;
import dev.starling.tl.api.UsersGetFullUser;
import dev.starling.tl.api.UsersGetUsers;
import dev.starling.tl.api.UsersUserFull;
import dev.starling.tl.row.AccountRow;
import java.util.List;
import java.util.OptionalLong;

/** Profiles: one's own and those of others. */
final class UserMethods {
  /** Users asked for in one call. */
  private static final int USERS_MAX = 100;

  private final Accounts accounts;
  private final Users users;
  private final Mailboxes mailboxes;

  UserMethods(Accounts accounts, Users users, Mailboxes mailboxes) {
    this.accounts = accounts;
    this.users = users;
    this.mailboxes = mailboxes;
  }

  void register(MethodTable table) {
    table.on(UsersGetUsers.class, (me, _, m) -> users(me, m.id()));
    table.on(UsersGetFullUser.class, (me, _, m) -> fullUser(me, m.id()));
    table.on(AccountCheckUsername.class, (me, _, m) -> checkUsername(me, m.username()));
    table.on(AccountUpdateUsername.class, (me, _, m) -> updateUsername(me, m.username()));
    table.on(AccountUpdateProfile.class, (me, _, m) -> updateProfile(me, m));
  }

  private Answer<List<AnyUser>> users(long me, List<AnyInputUser> wanted) {
    if (wanted.size() > USERS_MAX) {
      return Answer.refusal(400, "LIMIT_INVALID");
    }
    // "users that are not known are left out of the answer": a wrong hash is no error here.
    List<Long> ids =
        wanted.stream()
            .map(input -> users.resolve(me, input))
            .filter(OptionalLong::isPresent)
            .map(OptionalLong::getAsLong)
            .toList();
    return Answer.result(mailboxes.with(me, box -> users.views(box, ids)));
  }

  private Answer<UsersUserFull> fullUser(long me, AnyInputUser input) {
    OptionalLong id = users.resolve(me, input);
    if (id.isEmpty()) {
      return Answer.refusal(400, "USER_ID_INVALID");
    }
    UserFull full = UserFull.of(id.getAsLong(), PeerSettings.of(), PeerNotifySettings.of(), 0);
    var view = mailboxes.with(me, box -> users.views(box, List.of(id.getAsLong())));
    return Answer.result(new UsersUserFull(full, List.of(), view));
  }

  private Answer<Boolean> checkUsername(long me, String username) {
    return switch (accounts.check(me, username)) {
      case INVALID -> Answer.refusal(400, "USERNAME_INVALID");
      case OCCUPIED -> Answer.result(false);
      case TAKEN_OVER, UNCHANGED -> Answer.result(true);
    };
  }

  private Answer<AnyUser> updateUsername(long me, String username) {
    return switch (accounts.claim(me, username)) {
      case INVALID -> Answer.refusal(400, "USERNAME_INVALID");
      case OCCUPIED -> Answer.refusal(400, "USERNAME_OCCUPIED");
      case UNCHANGED -> Answer.refusal(400, "USERNAME_NOT_MODIFIED");
      case TAKEN_OVER -> Answer.result(self(me));
    };
  }

  private Answer<AnyUser> updateProfile(long me, AccountUpdateProfile m) {
    AccountRow account = requireNonNull(accounts.byId(me));
    String first = requireNonNullElse(m.firstName(), account.firstName()).strip();
    String last = requireNonNullElse(m.lastName(), account.lastName()).strip();
    if (first.isEmpty() || first.length() > LoginMethods.NAME_LENGTH_MAX) {
      return Answer.refusal(400, "FIRSTNAME_INVALID");
    }
    if (last.length() > LoginMethods.NAME_LENGTH_MAX) {
      return Answer.refusal(400, "LASTNAME_INVALID");
    }
    if (m.about() != null && !m.about().isEmpty()) {
      return Answer.refusal(501, "METHOD_NOT_SUPPORTED"); // a text about oneself is not kept yet
    }
    accounts.change(me, row -> row.withFirstName(first).withLastName(last));
    return Answer.result(self(me));
  }

  private AnyUser self(long me) {
    return mailboxes.with(me, box -> users.view(box, me));
  }
}

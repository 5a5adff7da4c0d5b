package dev.starling.messenger;

import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import dev.starling.messenger.Privacy.Topic;
import dev.starling.mtproto.Env;
import dev.starling.tl.api.AccountCheckUsername;
import dev.starling.tl.api.AccountUpdateBirthday;
import dev.starling.tl.api.AccountUpdateEmojiStatus;
import dev.starling.tl.api.AccountUpdateProfile;
import dev.starling.tl.api.AccountUpdateUsername;
import dev.starling.tl.api.AnyInputPeer;
import dev.starling.tl.api.AnyInputUser;
import dev.starling.tl.api.AnyUser;
import dev.starling.tl.api.Birthday;
import dev.starling.tl.api.EmojiStatusEmpty;
import dev.starling.tl.api.MessagesGetPeerSettings;
import dev.starling.tl.api.MessagesPeerSettings;
import dev.starling.tl.api.TextWithEntities;
import dev.starling.tl.api.UpdateUser;
import dev.starling.tl.api.Updates;
import dev.starling.tl.api.UsersGetFullUser;
import dev.starling.tl.api.UsersGetUsers;
import dev.starling.tl.api.UsersUserFull;
import dev.starling.tl.row.AccountRow;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Profiles: one's own and those of others. */
final class UserMethods {
  /** Users asked for in one call. */
  private static final int USERS_MAX = 100;

  /** "about_length_limit_default": UTF-16 units of what one says about oneself. */
  private static final int ABOUT_LENGTH_MAX = 70;

  /** A year that every 29 February is one of. */
  private static final int LEAP_YEAR = 2000;

  private final Accounts accounts;
  private final Usernames usernames;
  private final Users users;
  private final Profiles profiles;
  private final Settings settings;
  private final Mailboxes mailboxes;
  private final Limits limits;
  private final Circle circle;
  private final Sessions sessions;
  private final Env env;

  UserMethods(
      Accounts accounts,
      Usernames usernames,
      Users users,
      Profiles profiles,
      Settings settings,
      Mailboxes mailboxes,
      Limits limits,
      Circle circle,
      Sessions sessions,
      Env env) {
    this.accounts = accounts;
    this.usernames = usernames;
    this.users = users;
    this.profiles = profiles;
    this.settings = settings;
    this.mailboxes = mailboxes;
    this.limits = limits;
    this.circle = circle;
    this.sessions = sessions;
    this.env = env;
  }

  void register(MethodTable table) {
    table.on(UsersGetUsers.class, (me, _, m) -> users(me, m.id()));
    table.on(UsersGetFullUser.class, (me, _, m) -> fullUser(me, m.id()));
    table.on(MessagesGetPeerSettings.class, (me, _, m) -> settings(me, m.peer()));
    table.on(AccountCheckUsername.class, (me, _, m) -> checkUsername(me, m.username()));
    table.on(
        AccountUpdateUsername.class, (me, caller, m) -> updateUsername(me, caller, m.username()));
    table.on(AccountUpdateProfile.class, this::updateProfile);
    table.on(AccountUpdateBirthday.class, this::updateBirthday);
    // "PREMIUM_ACCOUNT_REQUIRED: a premium account is required" and nobody is one here.
    table.on(
        AccountUpdateEmojiStatus.class,
        (_, _, m) ->
            m.emojiStatus() instanceof EmojiStatusEmpty
                ? Answer.result(true)
                : Answer.refusal(403, "PREMIUM_ACCOUNT_REQUIRED"));
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
    return Answer.result(
        mailboxes.with(
            me,
            box ->
                new UsersUserFull(
                    profiles.full(box, id.getAsLong()),
                    List.of(),
                    users.views(box, List.of(id.getAsLong())))));
  }

  private Answer<MessagesPeerSettings> settings(long me, AnyInputPeer input) {
    OptionalLong id = users.resolve(me, input);
    if (id.isEmpty()) {
      return Answer.refusal(400, "PEER_ID_INVALID");
    }
    return Answer.result(
        mailboxes.with(
            me,
            box ->
                new MessagesPeerSettings(
                    users.settings(box, id.getAsLong()),
                    List.of(),
                    users.views(box, List.of(id.getAsLong())))));
  }

  private Answer<Boolean> checkUsername(long me, String username) {
    return switch (usernames.check(me, username)) {
      case INVALID -> Answer.refusal(400, "USERNAME_INVALID");
      case OCCUPIED -> Answer.result(false);
      case DONE, UNCHANGED -> Answer.result(true);
    };
  }

  private Answer<AnyUser> updateUsername(long me, Caller caller, String username) {
    int wait = limits.spend(Limit.PROFILE_BY_ACCOUNT, me);
    if (wait > 0) {
      return Limits.floodWait(wait);
    }
    return switch (usernames.claim(me, username)) {
      case INVALID -> Answer.refusal(400, "USERNAME_INVALID");
      case OCCUPIED -> Answer.refusal(400, "USERNAME_OCCUPIED");
      case UNCHANGED -> Answer.refusal(400, "USERNAME_NOT_MODIFIED");
      case DONE -> renamed(me, caller);
    };
  }

  private Answer<AnyUser> updateProfile(long me, Caller caller, AccountUpdateProfile m) {
    AccountRow account = requireNonNull(accounts.byId(me));
    String first = requireNonNullElse(m.firstName(), account.firstName()).strip();
    String last = requireNonNullElse(m.lastName(), account.lastName()).strip();
    if (first.isEmpty() || first.length() > LoginMethods.NAME_LENGTH_MAX) {
      return Answer.refusal(400, "FIRSTNAME_INVALID");
    }
    if (last.length() > LoginMethods.NAME_LENGTH_MAX) {
      return Answer.refusal(400, "LASTNAME_INVALID");
    }
    String about = m.about() == null ? null : m.about().strip();
    if (about != null && about.length() > ABOUT_LENGTH_MAX) {
      return Answer.refusal(400, "ABOUT_TOO_LONG");
    }
    int wait = limits.spend(Limit.PROFILE_BY_ACCOUNT, me);
    if (wait > 0) {
      return Limits.floodWait(wait);
    }
    if (about != null) {
      change(me, Profiles.ABOUT, about.isEmpty() ? null : new TextWithEntities(about, List.of()));
      told(me, caller, Topic.ABOUT);
    }
    if (first.equals(account.firstName()) && last.equals(account.lastName())) {
      return Answer.result(self(me));
    }
    accounts.change(me, row -> row.withFirstName(first).withLastName(last));
    return renamed(me, caller);
  }

  private Answer<Boolean> updateBirthday(long me, Caller caller, AccountUpdateBirthday m) {
    if (m.birthday() != null && !isDate(m.birthday())) {
      return Answer.refusal(400, "BIRTHDAY_INVALID");
    }
    change(me, Profiles.BIRTHDAY, m.birthday());
    told(me, caller, Topic.BIRTHDAY);
    return Answer.result(true);
  }

  private boolean isDate(Birthday birthday) {
    try {
      int year = requireNonNullElse(birthday.year(), LEAP_YEAR);
      LocalDate date = LocalDate.of(year, birthday.month(), birthday.day());
      LocalDate today = LocalDate.ofInstant(env.clock().instant(), ZoneOffset.UTC);
      return birthday.year() == null || (date.isBefore(today) && year > today.getYear() - 150);
    } catch (DateTimeException _) {
      return false;
    }
  }

  private void change(long me, String setting, dev.starling.tl.@Nullable TlObject value) {
    mailboxes.with(
        me,
        box -> {
          if (value == null) {
            settings.remove(box, List.of(setting));
          } else {
            settings.put(box, setting, value);
          }
          return true;
        });
  }

  /** The other devices and those who know this person learn the new name. */
  private Answer<AnyUser> renamed(long me, Caller caller) {
    mailboxes.with(
        me,
        box -> {
          var update = profiles.renamed(box, me);
          var seen = users.views(box, List.of(me));
          sessions.push(
              me,
              new Updates(List.of(update), seen, List.of(), env.unixSeconds(), 0),
              caller.sessionId());
          return true;
        });
    circle.tell(me, viewer -> profiles.renamed(viewer, me));
    return Answer.result(self(me));
  }

  /** The other devices, and those who may see it, look at the whole profile anew. */
  private void told(long me, Caller caller, Topic topic) {
    mailboxes.with(
        me,
        box -> {
          sessions.push(
              me,
              new Updates(
                  List.of(new UpdateUser(me)),
                  users.views(box, List.of(me)),
                  List.of(),
                  env.unixSeconds(),
                  0),
              caller.sessionId());
          return true;
        });
    circle.tell(me, viewer -> profiles.shows(me, topic, viewer) ? new UpdateUser(me) : null);
  }

  private AnyUser self(long me) {
    return mailboxes.with(me, box -> users.view(box, me));
  }
}

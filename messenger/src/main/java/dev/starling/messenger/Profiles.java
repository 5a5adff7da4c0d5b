package dev.starling.messenger;

import dev.starling.messenger.Privacy.Topic;
import dev.starling.tl.api.AnyUpdate;
import dev.starling.tl.api.Birthday;
import dev.starling.tl.api.TextWithEntities;
import dev.starling.tl.api.UpdateUserName;
import dev.starling.tl.api.User;
import dev.starling.tl.api.UserFull;
import dev.starling.tl.api.Username;
import dev.starling.tl.row.AccountRow;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All that there is to see of a person, in another's eyes. */
final class Profiles {
  static final String ABOUT = "about";
  static final String BIRTHDAY = "birthday";

  private final Accounts accounts;
  private final Users users;
  private final Settings settings;
  private final Privacy privacy;

  Profiles(Accounts accounts, Users users, Settings settings, Privacy privacy) {
    this.accounts = accounts;
    this.users = users;
    this.settings = settings;
    this.privacy = privacy;
  }

  UserFull full(Mailbox viewer, long id) {
    UserFull full =
        UserFull.of(id, users.settings(viewer, id), users.notifySettings(viewer.id, id), 0)
            .withBlocked(privacy.isBlocked(viewer.id, id))
            .withPinnedMsgId(Pins.newest(viewer, id))
            .withFolderId(viewer.dialog(id).folderId())
            .withCanPinMessage(true);
    AccountRow account = accounts.byId(id);
    if (account == null || id == ServiceAccount.ID || privacy.isBlocked(id, viewer.id)) {
      return full; // "blocked people see nothing"
    }
    TextWithEntities about = settings.get(id, ABOUT, TextWithEntities.class);
    Birthday birthday = settings.get(id, BIRTHDAY, Birthday.class);
    boolean calls = id != viewer.id && privacy.allows(id, Topic.PHONE_CALL, viewer.id);
    return full.withAbout(
            about != null && privacy.allows(id, Topic.ABOUT, viewer.id) ? about.text() : null)
        .withBirthday(privacy.allows(id, Topic.BIRTHDAY, viewer.id) ? birthday : null)
        .withReadDatesPrivate(id != viewer.id && privacy.hidesReadDates(id, viewer.id))
        .withPhoneCallsPrivate(id != viewer.id && !calls)
        .withVoiceMessagesForbidden(!privacy.allows(id, Topic.VOICE_MESSAGES, viewer.id))
        .withPrivateForwardName(forwardName(id, viewer.id));
  }

  /** Whether {@code viewer} may see this of somebody: "blocked people see nothing". */
  boolean shows(long id, Topic topic, Mailbox viewer) {
    return privacy.allows(id, topic, viewer.id) && !privacy.isBlocked(id, viewer.id);
  }

  /** What stands in a forwarded message instead of a link to who forbids it; null if allowed. */
  @Nullable String forwardName(long author, long forwarder) {
    AccountRow account = accounts.byId(author);
    return account == null || privacy.allows(author, Topic.FORWARDS, forwarder)
        ? null
        : (account.firstName() + " " + account.lastName()).strip();
  }

  /** That somebody is called otherwise now, for somebody who knows them. */
  AnyUpdate renamed(Mailbox viewer, long id) {
    User seen = users.view(viewer, id);
    String username = seen.username();
    return new UpdateUserName(
        id,
        seen.firstName() == null ? "" : seen.firstName(),
        seen.lastName() == null ? "" : seen.lastName(),
        username == null ? List.of() : List.of(new Username(true, true, username)));
  }
}

package dev.starling.messenger;

import static java.util.Objects.requireNonNullElse;

import dev.starling.tl.TlObject;
import dev.starling.tl.api.AccountContentSettings;
import dev.starling.tl.api.AccountDaysTTL;
import dev.starling.tl.api.AccountDeleteAccount;
import dev.starling.tl.api.AccountGetAccountTTL;
import dev.starling.tl.api.AccountGetContactSignUpNotification;
import dev.starling.tl.api.AccountGetContentSettings;
import dev.starling.tl.api.AccountGetGlobalPrivacySettings;
import dev.starling.tl.api.AccountSetAccountTTL;
import dev.starling.tl.api.AccountSetContactSignUpNotification;
import dev.starling.tl.api.AccountSetContentSettings;
import dev.starling.tl.api.AccountSetGlobalPrivacySettings;
import dev.starling.tl.api.AccountUpdateStatus;
import dev.starling.tl.api.GlobalPrivacySettings;
import dev.starling.tl.api.UpdateUserStatus;
import dev.starling.tl.api.UserStatusOffline;
import dev.starling.tl.api.UserStatusOnline;

/** What an account chooses for itself, whether it is online, and its end. */
final class AccountMethods {
  private static final String CONTENT = "content";
  private static final String SIGN_UP_NOTICE = "contact_sign_up";

  /** "30 to 730 days", as clients offer it. */
  private static final int TTL_DAYS_MIN = 30;

  private static final int TTL_DAYS_MAX = 730;

  private final Settings settings;
  private final Privacy privacy;
  private final Presence presence;
  private final Statuses statuses;
  private final Circle circle;
  private final Deletion deletion;
  private final Mailboxes mailboxes;

  AccountMethods(
      Settings settings,
      Privacy privacy,
      Presence presence,
      Statuses statuses,
      Circle circle,
      Deletion deletion,
      Mailboxes mailboxes) {
    this.settings = settings;
    this.privacy = privacy;
    this.presence = presence;
    this.statuses = statuses;
    this.circle = circle;
    this.deletion = deletion;
    this.mailboxes = mailboxes;
  }

  void register(MethodTable table) {
    table.on(AccountUpdateStatus.class, (me, caller, m) -> status(me, caller, m.offline()));
    table.on(
        AccountDeleteAccount.class,
        (me, caller, _) -> Answer.result(deletion.delete(me, caller.authKeyId())));
    table.on(
        AccountGetAccountTTL.class,
        (me, _, _) ->
            Answer.result(
                requireNonNullElse(
                    settings.get(me, Neglect.ACCOUNT_TTL, AccountDaysTTL.class),
                    new AccountDaysTTL(Neglect.ACCOUNT_TTL_DAYS))));
    table.on(
        AccountSetAccountTTL.class,
        (me, _, m) ->
            m.ttl().days() < TTL_DAYS_MIN || m.ttl().days() > TTL_DAYS_MAX
                ? Answer.refusal(400, "TTL_DAYS_INVALID")
                : Answer.result(put(me, Neglect.ACCOUNT_TTL, m.ttl())));
    table.on(
        AccountGetGlobalPrivacySettings.class, (me, _, _) -> Answer.result(privacy.global(me)));
    table.on(AccountSetGlobalPrivacySettings.class, (me, _, m) -> globalPrivacy(me, m.settings()));
    table.on(AccountGetContentSettings.class, (me, _, _) -> Answer.result(content(me)));
    table.on(AccountSetContentSettings.class, (me, _, m) -> Answer.result(put(me, CONTENT, m)));
    registerSignUpNotice(table);
  }

  /**
   * Nobody is told that one of their contacts has come here: it would tell whoever has a number
   * that its owner uses this service. The choice is kept all the same.
   */
  private void registerSignUpNotice(MethodTable table) {
    table.on(
        AccountGetContactSignUpNotification.class,
        (me, _, _) -> {
          var chosen = settings.get(me, SIGN_UP_NOTICE, AccountSetContactSignUpNotification.class);
          return Answer.result(chosen != null && chosen.silent());
        });
    table.on(
        AccountSetContactSignUpNotification.class,
        (me, _, m) -> Answer.result(put(me, SIGN_UP_NOTICE, m)));
  }

  private Answer<GlobalPrivacySettings> globalPrivacy(long me, GlobalPrivacySettings chosen) {
    if (chosen.archiveAndMuteNewNoncontactPeers()) {
      return Answer.refusal(400, "AUTOARCHIVE_NOT_AVAILABLE");
    }
    // "A premium account is required" for these, and nobody is one here.
    if (chosen.newNoncontactPeersRequirePremium() || chosen.noncontactPeersPaidStars() != null) {
      return Answer.refusal(403, "PREMIUM_ACCOUNT_REQUIRED");
    }
    put(me, Privacy.GLOBAL, chosen);
    return Answer.result(chosen);
  }

  private AccountContentSettings content(long me) {
    var chosen = settings.get(me, CONTENT, AccountSetContentSettings.class);
    return new AccountContentSettings(chosen != null && chosen.sensitiveEnabled(), true);
  }

  private boolean put(long me, String name, TlObject value) {
    return mailboxes.with(me, box -> settings.put(box, name, value));
  }

  private Answer<Boolean> status(long me, Caller caller, boolean offline) {
    if (presence.update(caller, offline)) {
      circle.tell(
          me,
          viewer ->
              switch (statuses.of(me, viewer)) {
                case UserStatusOnline online -> new UpdateUserStatus(me, online);
                case UserStatusOffline left -> new UpdateUserStatus(me, left);
                default -> null; // in outline it has not changed
              });
    }
    return Answer.result(true);
  }
}

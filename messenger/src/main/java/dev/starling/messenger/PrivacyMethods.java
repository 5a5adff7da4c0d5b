package dev.starling.messenger;

import dev.starling.messenger.Privacy.Topic;
import dev.starling.mtproto.Env;
import dev.starling.tl.api.AccountGetPrivacy;
import dev.starling.tl.api.AccountPrivacyRules;
import dev.starling.tl.api.AccountSetPrivacy;
import dev.starling.tl.api.AnyInputPrivacyKey;
import dev.starling.tl.api.AnyInputPrivacyRule;
import dev.starling.tl.api.AnyInputUser;
import dev.starling.tl.api.AnyPrivacyKey;
import dev.starling.tl.api.AnyPrivacyRule;
import dev.starling.tl.api.AnyUpdate;
import dev.starling.tl.api.InputPrivacyKeyAbout;
import dev.starling.tl.api.InputPrivacyKeyAddedByPhone;
import dev.starling.tl.api.InputPrivacyKeyBirthday;
import dev.starling.tl.api.InputPrivacyKeyChatInvite;
import dev.starling.tl.api.InputPrivacyKeyForwards;
import dev.starling.tl.api.InputPrivacyKeyNoPaidMessages;
import dev.starling.tl.api.InputPrivacyKeyPhoneCall;
import dev.starling.tl.api.InputPrivacyKeyPhoneNumber;
import dev.starling.tl.api.InputPrivacyKeyPhoneP2P;
import dev.starling.tl.api.InputPrivacyKeyProfilePhoto;
import dev.starling.tl.api.InputPrivacyKeySavedMusic;
import dev.starling.tl.api.InputPrivacyKeyStarGiftsAutoSave;
import dev.starling.tl.api.InputPrivacyKeyStatusTimestamp;
import dev.starling.tl.api.InputPrivacyKeyVoiceMessages;
import dev.starling.tl.api.InputPrivacyValueAllowAll;
import dev.starling.tl.api.InputPrivacyValueAllowBots;
import dev.starling.tl.api.InputPrivacyValueAllowChatParticipants;
import dev.starling.tl.api.InputPrivacyValueAllowCloseFriends;
import dev.starling.tl.api.InputPrivacyValueAllowContacts;
import dev.starling.tl.api.InputPrivacyValueAllowPremium;
import dev.starling.tl.api.InputPrivacyValueAllowUsers;
import dev.starling.tl.api.InputPrivacyValueDisallowAll;
import dev.starling.tl.api.InputPrivacyValueDisallowBots;
import dev.starling.tl.api.InputPrivacyValueDisallowChatParticipants;
import dev.starling.tl.api.InputPrivacyValueDisallowContacts;
import dev.starling.tl.api.InputPrivacyValueDisallowUsers;
import dev.starling.tl.api.PrivacyKeyAbout;
import dev.starling.tl.api.PrivacyKeyAddedByPhone;
import dev.starling.tl.api.PrivacyKeyBirthday;
import dev.starling.tl.api.PrivacyKeyChatInvite;
import dev.starling.tl.api.PrivacyKeyForwards;
import dev.starling.tl.api.PrivacyKeyNoPaidMessages;
import dev.starling.tl.api.PrivacyKeyPhoneCall;
import dev.starling.tl.api.PrivacyKeyPhoneNumber;
import dev.starling.tl.api.PrivacyKeyPhoneP2P;
import dev.starling.tl.api.PrivacyKeyProfilePhoto;
import dev.starling.tl.api.PrivacyKeySavedMusic;
import dev.starling.tl.api.PrivacyKeyStarGiftsAutoSave;
import dev.starling.tl.api.PrivacyKeyStatusTimestamp;
import dev.starling.tl.api.PrivacyKeyVoiceMessages;
import dev.starling.tl.api.PrivacyValueAllowAll;
import dev.starling.tl.api.PrivacyValueAllowBots;
import dev.starling.tl.api.PrivacyValueAllowChatParticipants;
import dev.starling.tl.api.PrivacyValueAllowCloseFriends;
import dev.starling.tl.api.PrivacyValueAllowContacts;
import dev.starling.tl.api.PrivacyValueAllowPremium;
import dev.starling.tl.api.PrivacyValueAllowUsers;
import dev.starling.tl.api.PrivacyValueDisallowAll;
import dev.starling.tl.api.PrivacyValueDisallowBots;
import dev.starling.tl.api.PrivacyValueDisallowChatParticipants;
import dev.starling.tl.api.PrivacyValueDisallowContacts;
import dev.starling.tl.api.PrivacyValueDisallowUsers;
import dev.starling.tl.api.UpdatePrivacy;
import dev.starling.tl.api.UpdateUserStatus;
import dev.starling.tl.api.Updates;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Privacy rules read and set. */
final class PrivacyMethods {
  /** Rules of one topic: an exception of each kind and a rule for the rest make seven. */
  static final int RULES_MAX = 16;

  /** People named in the rules of one topic; each look at a profile goes through them. */
  private static final int USERS_MAX = 1_000;

  private final Privacy privacy;
  private final Users users;
  private final Statuses statuses;
  private final Circle circle;
  private final Mailboxes mailboxes;
  private final Sessions sessions;
  private final Env env;

  PrivacyMethods(
      Privacy privacy,
      Users users,
      Statuses statuses,
      Circle circle,
      Mailboxes mailboxes,
      Sessions sessions,
      Env env) {
    this.privacy = privacy;
    this.users = users;
    this.statuses = statuses;
    this.circle = circle;
    this.mailboxes = mailboxes;
    this.sessions = sessions;
    this.env = env;
  }

  void register(MethodTable table) {
    table.on(
        AccountGetPrivacy.class,
        (me, _, m) ->
            Answer.result(
                mailboxes.with(me, box -> answer(box, privacy.rules(me, topic(m.key()))))));
    table.on(AccountSetPrivacy.class, this::set);
  }

  private Answer<AccountPrivacyRules> set(long me, Caller caller, AccountSetPrivacy m) {
    List<AnyPrivacyRule> rules = new ArrayList<>();
    for (AnyInputPrivacyRule input : m.rules()) {
      AnyPrivacyRule rule = rule(me, input);
      if (rule == null) {
        return Answer.refusal(400, "PRIVACY_VALUE_INVALID");
      }
      rules.add(rule);
    }
    if (rules.isEmpty()) {
      rules.add(
          new PrivacyValueDisallowAll()); // so TDLib says "nobody": it drops a last rule of that
      // kind
    }
    if (rules.size() > RULES_MAX || named(rules).size() > USERS_MAX) {
      return Answer.refusal(400, "PRIVACY_TOO_LONG");
    }
    Answer<AccountPrivacyRules> answer = keep(me, caller, m.key(), rules);
    if (topic(m.key()) == Topic.STATUS) {
      circle.tell(me, viewer -> new UpdateUserStatus(me, statuses.of(me, viewer)));
    }
    return answer;
  }

  private Answer<AccountPrivacyRules> keep(
      long me, Caller caller, AnyInputPrivacyKey key, List<AnyPrivacyRule> rules) {
    AnyUpdate update = new UpdatePrivacy(key(key), rules);
    return mailboxes.with(
        me,
        box -> {
          if (!privacy.set(box, topic(key), rules)) {
            return Answer.refusal(400, "PRIVACY_TOO_LONG");
          }
          AccountPrivacyRules answer = answer(box, rules);
          sessions.push(
              me,
              new Updates(List.of(update), answer.users(), List.of(), env.unixSeconds(), 0),
              caller.sessionId());
          return Answer.result(answer);
        });
  }

  private AccountPrivacyRules answer(Mailbox box, List<AnyPrivacyRule> rules) {
    return new AccountPrivacyRules(rules, List.of(), users.views(box, named(rules)));
  }

  private static List<Long> named(List<AnyPrivacyRule> rules) {
    List<Long> named = new ArrayList<>();
    for (AnyPrivacyRule rule : rules) {
      switch (rule) {
        case PrivacyValueAllowUsers(List<Long> ids) -> named.addAll(ids);
        case PrivacyValueDisallowUsers(List<Long> ids) -> named.addAll(ids);
        default -> {}
      }
    }
    return named;
  }

  /** The rule as it is kept; null when it names somebody whom this account does not know. */
  private @Nullable AnyPrivacyRule rule(long me, AnyInputPrivacyRule input) {
    return switch (input) {
      case InputPrivacyValueAllowUsers(List<AnyInputUser> inputs) -> {
        List<Long> ids = ids(me, inputs);
        yield ids == null ? null : new PrivacyValueAllowUsers(ids);
      }
      case InputPrivacyValueDisallowUsers(List<AnyInputUser> inputs) -> {
        List<Long> ids = ids(me, inputs);
        yield ids == null ? null : new PrivacyValueDisallowUsers(ids);
      }
      case InputPrivacyValueAllowContacts _ -> new PrivacyValueAllowContacts();
      case InputPrivacyValueDisallowContacts _ -> new PrivacyValueDisallowContacts();
      case InputPrivacyValueAllowAll _ -> new PrivacyValueAllowAll();
      case InputPrivacyValueDisallowAll _ -> new PrivacyValueDisallowAll();
      case InputPrivacyValueAllowCloseFriends _ -> new PrivacyValueAllowCloseFriends();
      case InputPrivacyValueAllowPremium _ -> new PrivacyValueAllowPremium();
      case InputPrivacyValueAllowBots _ -> new PrivacyValueAllowBots();
      case InputPrivacyValueDisallowBots _ -> new PrivacyValueDisallowBots();
      // There are no groups whose members could be meant.
      case InputPrivacyValueAllowChatParticipants(List<Long> chats) ->
          chats.isEmpty() ? new PrivacyValueAllowChatParticipants(List.of()) : null;
      case InputPrivacyValueDisallowChatParticipants(List<Long> chats) ->
          chats.isEmpty() ? new PrivacyValueDisallowChatParticipants(List.of()) : null;
    };
  }

  private @Nullable List<Long> ids(long me, List<AnyInputUser> inputs) {
    List<Long> ids = new ArrayList<>();
    for (AnyInputUser input : inputs) {
      OptionalLong id = users.resolve(me, input);
      if (id.isEmpty()) {
        return null;
      }
      ids.add(id.getAsLong());
    }
    return ids;
  }

  private static Topic topic(AnyInputPrivacyKey key) {
    return switch (key) {
      case InputPrivacyKeyStatusTimestamp _ -> Topic.STATUS;
      case InputPrivacyKeyChatInvite _ -> Topic.CHAT_INVITE;
      case InputPrivacyKeyPhoneCall _ -> Topic.PHONE_CALL;
      case InputPrivacyKeyPhoneP2P _ -> Topic.PHONE_P2P;
      case InputPrivacyKeyForwards _ -> Topic.FORWARDS;
      case InputPrivacyKeyProfilePhoto _ -> Topic.PROFILE_PHOTO;
      case InputPrivacyKeyPhoneNumber _ -> Topic.PHONE_NUMBER;
      case InputPrivacyKeyAddedByPhone _ -> Topic.ADDED_BY_PHONE;
      case InputPrivacyKeyVoiceMessages _ -> Topic.VOICE_MESSAGES;
      case InputPrivacyKeyAbout _ -> Topic.ABOUT;
      case InputPrivacyKeyBirthday _ -> Topic.BIRTHDAY;
      case InputPrivacyKeyStarGiftsAutoSave _ -> Topic.STAR_GIFTS;
      case InputPrivacyKeyNoPaidMessages _ -> Topic.NO_PAID_MESSAGES;
      case InputPrivacyKeySavedMusic _ -> Topic.SAVED_MUSIC;
    };
  }

  private static AnyPrivacyKey key(AnyInputPrivacyKey key) {
    return switch (key) {
      case InputPrivacyKeyStatusTimestamp _ -> new PrivacyKeyStatusTimestamp();
      case InputPrivacyKeyChatInvite _ -> new PrivacyKeyChatInvite();
      case InputPrivacyKeyPhoneCall _ -> new PrivacyKeyPhoneCall();
      case InputPrivacyKeyPhoneP2P _ -> new PrivacyKeyPhoneP2P();
      case InputPrivacyKeyForwards _ -> new PrivacyKeyForwards();
      case InputPrivacyKeyProfilePhoto _ -> new PrivacyKeyProfilePhoto();
      case InputPrivacyKeyPhoneNumber _ -> new PrivacyKeyPhoneNumber();
      case InputPrivacyKeyAddedByPhone _ -> new PrivacyKeyAddedByPhone();
      case InputPrivacyKeyVoiceMessages _ -> new PrivacyKeyVoiceMessages();
      case InputPrivacyKeyAbout _ -> new PrivacyKeyAbout();
      case InputPrivacyKeyBirthday _ -> new PrivacyKeyBirthday();
      case InputPrivacyKeyStarGiftsAutoSave _ -> new PrivacyKeyStarGiftsAutoSave();
      case InputPrivacyKeyNoPaidMessages _ -> new PrivacyKeyNoPaidMessages();
      case InputPrivacyKeySavedMusic _ -> new PrivacyKeySavedMusic();
    };
  }
}

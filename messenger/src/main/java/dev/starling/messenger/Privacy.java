package dev.starling.messenger;

import dev.starling.store.Store;
import dev.starling.tl.api.AccountPrivacyRules;
import dev.starling.tl.api.AnyPrivacyRule;
import dev.starling.tl.api.GlobalPrivacySettings;
import dev.starling.tl.api.PrivacyValueAllowAll;
import dev.starling.tl.api.PrivacyValueAllowContacts;
import dev.starling.tl.api.PrivacyValueAllowUsers;
import dev.starling.tl.api.PrivacyValueDisallowAll;
import dev.starling.tl.api.PrivacyValueDisallowContacts;
import dev.starling.tl.api.PrivacyValueDisallowUsers;
import java.util.ArrayList;
import java.util.List;

/**
 * Who may see what of whom (core.telegram.org/api/privacy). Asked while others' boxes are held, so
 * it takes no box itself.
 */
final class Privacy {
  /** What a rule is about, and what holds for who has set none. */
  enum Topic {
    STATUS(new PrivacyValueAllowAll()),
    CHAT_INVITE(new PrivacyValueAllowAll()),
    PHONE_CALL(new PrivacyValueAllowAll()),
    /** A direct call shows one's address to the other side, so it is nobody's by default. */
    PHONE_P2P(new PrivacyValueDisallowAll()),
    FORWARDS(new PrivacyValueAllowAll()),
    PROFILE_PHOTO(new PrivacyValueAllowAll()),
    PHONE_NUMBER(new PrivacyValueAllowContacts()),
    ADDED_BY_PHONE(new PrivacyValueAllowAll()),
    VOICE_MESSAGES(new PrivacyValueAllowAll()),
    ABOUT(new PrivacyValueAllowAll()),
    BIRTHDAY(new PrivacyValueAllowContacts()),
    STAR_GIFTS(new PrivacyValueAllowAll()),
    NO_PAID_MESSAGES(new PrivacyValueAllowAll()),
    SAVED_MUSIC(new PrivacyValueAllowAll());

    @SuppressWarnings("ImmutableEnumChecker") // a list of one that nobody can change
    private final List<AnyPrivacyRule> ruleUnlessSet;

    Topic(AnyPrivacyRule ruleUnlessSet) {
      this.ruleUnlessSet = List.of(ruleUnlessSet);
    }

    String setting() {
      return "privacy." + name();
    }
  }

  /** The setting that holds what is about all people alike. */
  static final String GLOBAL = "global_privacy";

  private final Settings settings;
  private final Mailboxes mailboxes;
  private final Store store;

  Privacy(Settings settings, Mailboxes mailboxes, Store store) {
    this.settings = settings;
    this.mailboxes = mailboxes;
    this.store = store;
  }

  /** The rules that {@code owner} has set, or those that hold for who has set none. */
  List<AnyPrivacyRule> rules(long owner, Topic topic) {
    AccountPrivacyRules set = settings.get(owner, topic.setting(), AccountPrivacyRules.class);
    return set == null ? topic.ruleUnlessSet : set.rules();
  }

  /** What {@code owner} has set of privacy besides rules. */
  GlobalPrivacySettings global(long owner) {
    var set = settings.get(owner, GLOBAL, GlobalPrivacySettings.class);
    return set == null ? GlobalPrivacySettings.of() : set;
  }

  /**
   * Whether {@code owner} keeps from {@code viewer} when a message was read: "hide_read_marks" is
   * about those who may not see when one was online either.
   */
  boolean hidesReadDates(long owner, long viewer) {
    return global(owner).hideReadMarks() && !allows(owner, Topic.STATUS, viewer);
  }

  /** The box of the one who sets the rules is held. */
  boolean set(Mailbox box, Topic topic, List<AnyPrivacyRule> rules) {
    return settings.put(box, topic.setting(), new AccountPrivacyRules(rules, List.of(), List.of()));
  }

  /** From now on {@code user} may see this of the box's owner, whatever the rules said. */
  void allow(Mailbox box, Topic topic, long user) {
    if (!allows(box.id, topic, user)) {
      List<AnyPrivacyRule> rules = new ArrayList<>();
      rules.add(new PrivacyValueAllowUsers(List.of(user)));
      rules.addAll(rules(box.id, topic));
      if (rules.size() <= PrivacyMethods.RULES_MAX) {
        set(box, topic, rules);
      }
    }
  }

  /**
   * Whether {@code viewer} may see this of {@code owner}. "Rules are matched in the specified
   * order; the first matched rule defines the setting"; where none matches, it is not shown.
   */
  boolean allows(long owner, Topic topic, long viewer) {
    if (owner == viewer) {
      return true;
    }
    for (AnyPrivacyRule rule : rules(owner, topic)) {
      switch (rule) {
        case PrivacyValueAllowAll _ -> {
          return true;
        }
        case PrivacyValueDisallowAll _ -> {
          return false;
        }
        case PrivacyValueAllowUsers(List<Long> users) when users.contains(viewer) -> {
          return true;
        }
        case PrivacyValueDisallowUsers(List<Long> users) when users.contains(viewer) -> {
          return false;
        }
        case PrivacyValueAllowContacts _ when hasContact(owner, viewer) -> {
          return true;
        }
        case PrivacyValueDisallowContacts _ when hasContact(owner, viewer) -> {
          return false;
        }
        default -> {} // of groups, bots and subscribers, whom there are none of yet
      }
    }
    return false;
  }

  /** Whether {@code owner} has {@code other} among the contacts: a moment's view. */
  boolean hasContact(long owner, long other) {
    Mailbox open = mailboxes.peek(owner);
    return open != null
        ? open.contact(other) != null
        : store.get(Rows.account(owner), Rows.key(Rows.CONTACT, other)) != null;
  }

  /** Whether {@code owner} has blocked {@code other}: a moment's view. */
  boolean isBlocked(long owner, long other) {
    Mailbox open = mailboxes.peek(owner);
    return open != null
        ? open.blocked(other) != null
        : store.get(Rows.account(owner), Rows.key(Rows.BLOCKED, other)) != null;
  }
}

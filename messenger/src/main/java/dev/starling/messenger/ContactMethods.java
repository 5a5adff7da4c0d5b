package dev.starling.messenger;

import dev.starling.messenger.Privacy.Topic;
import dev.starling.mtproto.Env;
import dev.starling.tl.api.AnyContactsContacts;
import dev.starling.tl.api.AnyInputUser;
import dev.starling.tl.api.AnyUpdate;
import dev.starling.tl.api.AnyUpdates;
import dev.starling.tl.api.Contact;
import dev.starling.tl.api.ContactStatus;
import dev.starling.tl.api.ContactsAcceptContact;
import dev.starling.tl.api.ContactsAddContact;
import dev.starling.tl.api.ContactsContacts;
import dev.starling.tl.api.ContactsContactsNotModified;
import dev.starling.tl.api.ContactsDeleteByPhones;
import dev.starling.tl.api.ContactsDeleteContacts;
import dev.starling.tl.api.ContactsGetContacts;
import dev.starling.tl.api.ContactsGetStatuses;
import dev.starling.tl.api.ContactsGetTopPeers;
import dev.starling.tl.api.ContactsResetSaved;
import dev.starling.tl.api.ContactsTopPeers;
import dev.starling.tl.api.PeerUser;
import dev.starling.tl.api.UpdatePeerSettings;
import dev.starling.tl.api.Updates;
import dev.starling.tl.row.AccountRow;
import dev.starling.tl.row.ContactRow;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** An account's contacts: who they are and what they are called here. */
final class ContactMethods {
  private final Accounts accounts;
  private final Contacts contacts;
  private final Users users;
  private final Privacy privacy;
  private final Statuses statuses;
  private final Mailboxes mailboxes;
  private final Sessions sessions;
  private final Env env;

  ContactMethods(
      Accounts accounts,
      Contacts contacts,
      Users users,
      Privacy privacy,
      Statuses statuses,
      Mailboxes mailboxes,
      Sessions sessions,
      Env env) {
    this.accounts = accounts;
    this.contacts = contacts;
    this.users = users;
    this.privacy = privacy;
    this.statuses = statuses;
    this.mailboxes = mailboxes;
    this.sessions = sessions;
    this.env = env;
  }

  void register(MethodTable table) {
    table.on(ContactsAddContact.class, this::add);
    table.on(ContactsAcceptContact.class, this::accept);
    table.on(ContactsDeleteContacts.class, (me, caller, m) -> delete(me, caller, m.id()));
    table.on(ContactsDeleteByPhones.class, this::deleteByPhones);
    table.on(
        ContactsGetContacts.class,
        (me, _, m) -> Answer.result(mailboxes.with(me, box -> all(box, m.hash()))));
    table.on(
        ContactsGetStatuses.class, (me, _, _) -> Answer.result(mailboxes.with(me, this::statuses)));
    table.on(
        ContactsGetTopPeers.class,
        (_, _, _) -> Answer.result(new ContactsTopPeers(List.of(), List.of(), List.of())));
    // Numbers that have no account are never kept, so there are none to be forgotten.
    table.on(ContactsResetSaved.class, (_, _, _) -> Answer.result(true));
  }

  private Answer<AnyUpdates> add(long me, Caller caller, ContactsAddContact m) {
    AccountRow account = person(me, m.id());
    if (account == null) {
      return Answer.refusal(400, "CONTACT_ID_INVALID");
    }
    if (m.firstName().isBlank() && m.lastName().isBlank()) {
      return Answer.refusal(400, "CONTACT_NAME_EMPTY");
    }
    String first = m.firstName().strip();
    String last = m.lastName().strip();
    boolean knowsNumber = account.phone().equals(Accounts.digits(m.phone()));
    if (Math.max(first.length(), last.length()) > LoginMethods.NAME_LENGTH_MAX
        || !contacts.add(me, account.id(), first, last, knowsNumber)) {
      return Answer.refusal(400, "CONTACT_ADD_MISSING");
    }
    if (m.addPhonePrivacyException()) {
      showNumber(me, account.id());
    }
    return Answer.result(changed(me, caller, List.of(account.id())));
  }

  /** "Add this user as contact and let him see one's number": the button over a stranger's chat. */
  private Answer<AnyUpdates> accept(long me, Caller caller, ContactsAcceptContact m) {
    AccountRow account = person(me, m.id());
    if (account == null) {
      return Answer.refusal(400, "CONTACT_ID_INVALID");
    }
    if (!contacts.add(me, account.id(), account.firstName(), account.lastName(), false)) {
      return Answer.refusal(400, "CONTACT_ADD_MISSING");
    }
    showNumber(me, account.id());
    return Answer.result(changed(me, caller, List.of(account.id())));
  }

  private void showNumber(long me, long to) {
    mailboxes.with(
        me,
        box -> {
          privacy.allow(box, Topic.PHONE_NUMBER, to);
          return true;
        });
  }

  /** Somebody else who has an account; null when {@code input} names none. */
  private @Nullable AccountRow person(long me, AnyInputUser input) {
    OptionalLong id = users.resolve(me, input);
    return id.isEmpty() || id.getAsLong() == me || id.getAsLong() == ServiceAccount.ID
        ? null
        : accounts.byId(id.getAsLong());
  }

  private Answer<AnyUpdates> delete(long me, Caller caller, List<AnyInputUser> wanted) {
    List<Long> removed = new ArrayList<>();
    for (AnyInputUser input : wanted) {
      OptionalLong id = users.resolve(me, input);
      if (id.isPresent() && id.getAsLong() != me) {
        contacts.remove(me, id.getAsLong());
        removed.add(id.getAsLong());
      }
    }
    return Answer.result(changed(me, caller, removed));
  }

  /** Only whose number is known here is found by it, so that nothing is learned by deleting. */
  private Answer<Boolean> deleteByPhones(long me, Caller caller, ContactsDeleteByPhones m) {
    List<String> numbers = m.phones().stream().map(Accounts::digits).toList();
    List<Long> removed =
        mailboxes.with(
            me,
            box ->
                box.contacts().stream()
                    .filter(ContactRow::knowsNumber)
                    .map(ContactRow::userId)
                    .filter(id -> hasNumber(id, numbers))
                    .toList());
    removed.forEach(id -> contacts.remove(me, id));
    changed(me, caller, removed);
    return Answer.result(true);
  }

  private boolean hasNumber(long id, List<String> numbers) {
    AccountRow account = accounts.byId(id);
    return account != null && numbers.contains(account.phone());
  }

  /** What the official server answers to a change of contacts: the users as they are now called. */
  private AnyUpdates changed(long me, Caller caller, List<Long> ids) {
    return mailboxes.with(
        me,
        box -> {
          List<AnyUpdate> updates = new ArrayList<>();
          ids.forEach(
              id -> updates.add(new UpdatePeerSettings(new PeerUser(id), users.settings(box, id))));
          var people = users.views(box, ids);
          var answer = new Updates(updates, people, List.of(), env.unixSeconds(), 0);
          if (!ids.isEmpty()) {
            sessions.push(me, answer, caller.sessionId());
          }
          return answer;
        });
  }

  /** Who has no account any more is no contact; the row goes when it is next written. */
  private List<ContactRow> living(Mailbox box) {
    return box.contacts().stream().filter(c -> accounts.byId(c.userId()) != null).toList();
  }

  /**
   * Never "not modified" to a client that has none (hash 0): it stops TDLib.
   *
   * @param hash what core.telegram.org/api/offsets makes of the ids, in their order, behind the
   *     number of contacts
   */
  private AnyContactsContacts all(Mailbox box, long hash) {
    List<ContactRow> living = living(box);
    List<Long> ids = living.stream().map(ContactRow::userId).sorted().toList();
    if (hash != 0 && hash == hash(ids)) {
      return new ContactsContactsNotModified();
    }
    List<Contact> rows = living.stream().map(c -> new Contact(c.userId(), c.mutual())).toList();
    return new ContactsContacts(rows, rows.size(), users.views(box, ids));
  }

  static long hash(List<Long> ids) {
    long hash = mix(0, ids.size());
    for (long id : ids) {
      hash = mix(hash, id);
    }
    return hash;
  }

  private static long mix(long hash, long id) {
    long mixed = hash ^ (hash >>> 21);
    mixed ^= mixed << 35;
    mixed ^= mixed >>> 4;
    return mixed + id;
  }

  private List<ContactStatus> statuses(Mailbox box) {
    return living(box).stream()
        .map(c -> new ContactStatus(c.userId(), statuses.of(c.userId(), box)))
        .toList();
  }
}

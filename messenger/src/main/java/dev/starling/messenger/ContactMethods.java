package dev.starling.messenger;

import dev.starling.mtproto.Env;
import dev.starling.tl.api.AnyContactsContacts;
import dev.starling.tl.api.AnyInputUser;
import dev.starling.tl.api.AnyPeer;
import dev.starling.tl.api.AnyUpdate;
import dev.starling.tl.api.AnyUpdates;
import dev.starling.tl.api.Contact;
import dev.starling.tl.api.ContactsAddContact;
import dev.starling.tl.api.ContactsContacts;
import dev.starling.tl.api.ContactsDeleteContacts;
import dev.starling.tl.api.ContactsFound;
import dev.starling.tl.api.ContactsGetContacts;
import dev.starling.tl.api.ContactsImportContacts;
import dev.starling.tl.api.ContactsImportedContacts;
import dev.starling.tl.api.ContactsResolvePhone;
import dev.starling.tl.api.ContactsResolveUsername;
import dev.starling.tl.api.ContactsResolvedPeer;
import dev.starling.tl.api.ContactsSearch;
import dev.starling.tl.api.ImportedContact;
import dev.starling.tl.api.InputPhoneContact;
import dev.starling.tl.api.PeerSettings;
import dev.starling.tl.api.PeerUser;
import dev.starling.tl.api.UpdatePeerSettings;
import dev.starling.tl.api.Updates;
import dev.starling.tl.row.AccountRow;
import dev.starling.tl.row.ContactRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Finding people: by number, by username, among those one knows. */
final class ContactMethods {
  /** Numbers looked up in one call; the rest is named in retry_contacts and comes again. */
  private static final int IMPORT_MAX = 100;

  private final Accounts accounts;
  private final Contacts contacts;
  private final Users users;
  private final Mailboxes mailboxes;
  private final Env env;

  ContactMethods(Accounts accounts, Contacts contacts, Users users, Mailboxes mailboxes, Env env) {
    this.accounts = accounts;
    this.contacts = contacts;
    this.users = users;
    this.mailboxes = mailboxes;
    this.env = env;
  }

  void register(MethodTable table) {
    table.on(
        ContactsResolveUsername.class,
        (me, _, m) -> resolved(me, accounts.byUsername(m.username()), "USERNAME_NOT_OCCUPIED"));
    table.on(
        ContactsResolvePhone.class,
        (me, _, m) -> resolved(me, accounts.byNumber(m.phone()), "PHONE_NOT_OCCUPIED"));
    table.on(ContactsImportContacts.class, (me, _, m) -> imported(me, m.contacts()));
    table.on(ContactsAddContact.class, (me, _, m) -> add(me, m));
    table.on(ContactsDeleteContacts.class, (me, _, m) -> delete(me, m.id()));
    table.on(ContactsGetContacts.class, (me, _, _) -> Answer.result(mailboxes.with(me, this::all)));
    table.on(ContactsSearch.class, (me, _, m) -> Answer.result(search(me, m)));
  }

  private Answer<ContactsResolvedPeer> resolved(
      long me, @Nullable AccountRow account, String otherwise) {
    if (account == null) {
      return Answer.refusal(400, otherwise);
    }
    var view = mailboxes.with(me, box -> users.views(box, List.of(account.id())));
    return Answer.result(new ContactsResolvedPeer(new PeerUser(account.id()), List.of(), view));
  }

  private Answer<ContactsImportedContacts> imported(long me, List<InputPhoneContact> wanted) {
    List<ImportedContact> imported = new ArrayList<>();
    List<Long> found = new ArrayList<>();
    List<Long> retry = new ArrayList<>();
    for (int i = 0; i < wanted.size(); i++) {
      InputPhoneContact contact = wanted.get(i);
      if (i >= IMPORT_MAX) {
        retry.add(contact.clientId());
        continue;
      }
      AccountRow account = accounts.byNumber(contact.phone());
      if (account != null && (account.id() == me || add(me, account, contact))) {
        imported.add(new ImportedContact(account.id(), contact.clientId()));
        found.add(account.id());
      }
    }
    var people = mailboxes.with(me, box -> users.views(box, found));
    return Answer.result(new ContactsImportedContacts(imported, List.of(), retry, people));
  }

  private boolean add(long me, AccountRow account, InputPhoneContact contact) {
    boolean named = !contact.firstName().isBlank() || !contact.lastName().isBlank();
    return contacts.add(
        me,
        account.id(),
        named ? contact.firstName().strip() : account.firstName(),
        named ? contact.lastName().strip() : account.lastName(),
        true);
  }

  private Answer<AnyUpdates> add(long me, ContactsAddContact m) {
    OptionalLong id = users.resolve(me, m.id());
    AccountRow account =
        id.isEmpty() || id.getAsLong() == me ? null : accounts.byId(id.getAsLong());
    if (account == null) {
      return Answer.refusal(400, "CONTACT_ID_INVALID");
    }
    if (m.firstName().isBlank() && m.lastName().isBlank()) {
      return Answer.refusal(400, "CONTACT_NAME_EMPTY");
    }
    boolean knowsNumber = account.phone().equals(Accounts.digits(m.phone()));
    if (!contacts.add(me, account.id(), m.firstName().strip(), m.lastName().strip(), knowsNumber)) {
      return Answer.refusal(400, "CONTACT_ADD_MISSING");
    }
    return Answer.result(settingsOf(me, List.of(account.id())));
  }

  private Answer<AnyUpdates> delete(long me, List<AnyInputUser> wanted) {
    List<Long> removed = new ArrayList<>();
    for (AnyInputUser input : wanted) {
      OptionalLong id = users.resolve(me, input);
      if (id.isPresent() && id.getAsLong() != me) {
        contacts.remove(me, id.getAsLong());
        removed.add(id.getAsLong());
      }
    }
    return Answer.result(settingsOf(me, removed));
  }

  /** What the official server answers to a change of contacts: the users as they are now called. */
  private AnyUpdates settingsOf(long me, List<Long> ids) {
    List<AnyUpdate> changed = new ArrayList<>();
    ids.forEach(id -> changed.add(new UpdatePeerSettings(new PeerUser(id), PeerSettings.of())));
    var people = mailboxes.with(me, box -> users.views(box, ids));
    return new Updates(changed, people, List.of(), env.unixSeconds(), 0);
  }

  /** Always the whole list: an answer "not modified" to a client that has none stops TDLib. */
  private AnyContactsContacts all(Mailbox box) {
    List<Contact> rows = new ArrayList<>();
    List<Long> ids = new ArrayList<>();
    for (ContactRow contact : box.contacts()) {
      rows.add(new Contact(contact.userId(), contact.mutual()));
      ids.add(contact.userId());
    }
    return new ContactsContacts(rows, rows.size(), users.views(box, ids));
  }

  /** Contacts whose name holds the words, and the one account that has exactly this username. */
  private ContactsFound search(long me, ContactsSearch m) {
    String query = m.q().strip().toLowerCase(Locale.ROOT);
    AccountRow exact = accounts.byUsername(query);
    return mailboxes.with(
        me,
        box -> {
          List<Long> mine =
              box.contacts().stream()
                  .filter(
                      c ->
                          !query.isEmpty()
                              && (c.firstName() + " " + c.lastName())
                                  .toLowerCase(Locale.ROOT)
                                  .contains(query))
                  .map(ContactRow::userId)
                  .limit(Math.clamp(m.limit(), 1, 100))
                  .toList();
          List<Long> others =
              exact == null || mine.contains(exact.id()) ? List.of() : List.of(exact.id());
          List<Long> people = new ArrayList<>(mine);
          people.addAll(others);
          return new ContactsFound(peers(mine), peers(others), List.of(), users.views(box, people));
        });
  }

  private static List<AnyPeer> peers(List<Long> ids) {
    List<AnyPeer> peers = new ArrayList<>();
    ids.forEach(id -> peers.add(new PeerUser(id)));
    return peers;
  }
}

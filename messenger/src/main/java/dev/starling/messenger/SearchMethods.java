package dev.starling.messenger;

import dev.starling.messenger.Privacy.Topic;
import dev.starling.tl.api.AnyPeer;
import dev.starling.tl.api.ContactsFound;
import dev.starling.tl.api.ContactsImportContacts;
import dev.starling.tl.api.ContactsImportedContacts;
import dev.starling.tl.api.ContactsResolvePhone;
import dev.starling.tl.api.ContactsResolveUsername;
import dev.starling.tl.api.ContactsResolvedPeer;
import dev.starling.tl.api.ContactsSearch;
import dev.starling.tl.api.ImportedContact;
import dev.starling.tl.api.InputPhoneContact;
import dev.starling.tl.api.PeerUser;
import dev.starling.tl.row.AccountRow;
import dev.starling.tl.row.ContactRow;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finding people: by number, by username, among those one knows. */
final class SearchMethods {
  /** Numbers looked up in one call; the rest is named in retry_contacts and comes again. */
  private static final int IMPORT_MAX = 100;

  private static final int FOUND_MAX = 100;

  private final Accounts accounts;
  private final Usernames usernames;
  private final Contacts contacts;
  private final Users users;
  private final Privacy privacy;
  private final Mailboxes mailboxes;
  private final Limits limits;

  SearchMethods(
      Accounts accounts,
      Usernames usernames,
      Contacts contacts,
      Users users,
      Privacy privacy,
      Mailboxes mailboxes,
      Limits limits) {
    this.accounts = accounts;
    this.usernames = usernames;
    this.contacts = contacts;
    this.users = users;
    this.privacy = privacy;
    this.mailboxes = mailboxes;
    this.limits = limits;
  }

  void register(MethodTable table) {
    table.on(
        ContactsResolveUsername.class,
        (me, _, m) -> resolved(me, usernames.holder(m.username()), "USERNAME_NOT_OCCUPIED"));
    table.on(ContactsResolvePhone.class, (me, _, m) -> resolvePhone(me, m.phone()));
    table.on(ContactsImportContacts.class, (me, _, m) -> imported(me, m.contacts()));
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

  private Answer<ContactsResolvedPeer> resolvePhone(long me, String number) {
    int wait = Accounts.isNumber(number) ? spend(me, 1) : 0;
    return wait > 0
        ? Limits.floodWait(wait)
        : resolved(me, byNumber(me, number), "PHONE_NOT_OCCUPIED");
  }

  /** Who lets themselves be found by their number; others are as if they had no account. */
  private @Nullable AccountRow byNumber(long me, String number) {
    AccountRow account = Accounts.isNumber(number) ? accounts.byNumber(number) : null;
    return account != null
            && privacy.allows(account.id(), Topic.ADDED_BY_PHONE, me)
            && !privacy.isBlocked(account.id(), me)
        ? account
        : null;
  }

  private int spend(long me, int count) {
    return limits.spend(Limit.LOOKUP_BY_ACCOUNT, Long.toString(me), count);
  }

  /**
   * An address book is full of numbers of other worlds, which cost nothing; nobody is told how many
   * others have a number (popular_invites), which would be a look into their books.
   */
  private Answer<ContactsImportedContacts> imported(long me, List<InputPhoneContact> wanted) {
    int ours = (int) wanted.stream().filter(c -> Accounts.isNumber(c.phone())).count();
    int wait = ours == 0 ? 0 : spend(me, Math.min(ours, IMPORT_MAX));
    if (wait > 0) {
      return Limits.floodWait(wait);
    }
    List<ImportedContact> imported = new ArrayList<>();
    List<Long> found = new ArrayList<>();
    List<Long> retry = new ArrayList<>();
    int looked = 0;
    for (InputPhoneContact contact : wanted) {
      if (!Accounts.isNumber(contact.phone())) {
        continue;
      }
      if (looked++ >= IMPORT_MAX) {
        retry.add(contact.clientId());
        continue;
      }
      AccountRow account = byNumber(me, contact.phone());
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
        named ? cut(contact.firstName()) : account.firstName(),
        named ? cut(contact.lastName()) : account.lastName(),
        true);
  }

  private static String cut(String name) {
    String bare = name.strip();
    return bare.length() <= LoginMethods.NAME_LENGTH_MAX
        ? bare
        : bare.substring(0, LoginMethods.NAME_LENGTH_MAX);
  }

  /**
   * Those one knows whose name or username begins a word with the query, and the one account that
   * has exactly this username: usernames cannot be leafed through, as their index is of HMACs.
   */
  private ContactsFound search(long me, ContactsSearch m) {
    String query = m.q().strip().toLowerCase(Locale.ROOT);
    String bare = query.startsWith("@") ? query.substring(1) : query;
    int limit = Math.clamp(m.limit(), 1, FOUND_MAX);
    AccountRow exact = bare.isEmpty() ? null : usernames.holder(bare);
    return mailboxes.with(
        me,
        box -> {
          Set<Long> mine = new LinkedHashSet<>();
          for (ContactRow c : box.contacts()) {
            if (mine.size() < limit && matches(c.userId(), c.firstName(), c.lastName(), bare)) {
              mine.add(c.userId());
            }
          }
          for (var dialog : box.dialogs()) {
            AccountRow row = accounts.byId(dialog.peerId());
            if (mine.size() < limit
                && row != null
                && matches(row.id(), row.firstName(), row.lastName(), bare)) {
              mine.add(row.id());
            }
          }
          List<Long> others =
              exact == null || mine.contains(exact.id()) ? List.of() : List.of(exact.id());
          List<Long> people = new ArrayList<>(mine);
          people.addAll(others);
          return new ContactsFound(
              peers(List.copyOf(mine)), peers(others), List.of(), users.views(box, people));
        });
  }

  private boolean matches(long id, String first, String last, String query) {
    AccountRow row = accounts.byId(id);
    if (row == null || query.isEmpty()) {
      return false;
    }
    String names = " " + first + " " + last + " " + (row.username() == null ? "" : row.username());
    return names.toLowerCase(Locale.ROOT).contains(" " + query);
  }

  private static List<AnyPeer> peers(List<Long> ids) {
    List<AnyPeer> peers = new ArrayList<>();
    ids.forEach(id -> peers.add(new PeerUser(id)));
    return peers;
  }
}

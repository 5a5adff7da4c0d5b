package dev.starling.messenger;

import dev.starling.mtproto.Env;
import dev.starling.tl.row.ContactRow;
import org.jspecify.annotations.Nullable;

/** Whom an account knows and by what name. */
final class Contacts {
  private final Mailboxes mailboxes;
  private final Env env;

  Contacts(Mailboxes mailboxes, Env env) {
    this.mailboxes = mailboxes;
    this.env = env;
  }

  /** Adds or renames a contact; false when the book is full. */
  boolean add(long owner, long user, String firstName, String lastName, boolean knowsNumber) {
    return mailboxes.with(
        owner,
        user,
        (mine, theirs) -> {
          ContactRow known = mine.contact(user);
          if (known == null && mine.contacts().size() >= Mailbox.CONTACTS_MAX) {
            return false;
          }
          ContactRow back = theirs.contact(owner);
          boolean number = knowsNumber || (known != null && known.knowsNumber());
          ContactRow row = new ContactRow(number, back != null, user, firstName, lastName);
          Draft draft = new Draft(mine, env.unixSeconds());
          draft.contact(row);
          commit(draft, theirs, back, true);
          return true;
        });
  }

  /** Removes a contact; nothing happens when it is none. */
  void remove(long owner, long user) {
    mailboxes.with(
        owner,
        user,
        (mine, theirs) -> {
          if (mine.contact(user) != null) {
            Draft draft = new Draft(mine, env.unixSeconds());
            draft.removeContact(user);
            commit(draft, theirs, theirs.contact(owner), false);
          }
          return true;
        });
  }

  private void commit(Draft mine, Mailbox other, @Nullable ContactRow back, boolean mutual) {
    if (back == null || back.mutual() == mutual) {
      mailboxes.commit(mine);
    } else {
      Draft theirs = new Draft(other, env.unixSeconds());
      theirs.contact(back.withMutual(mutual));
      mailboxes.commit(mine, theirs);
    }
  }
}

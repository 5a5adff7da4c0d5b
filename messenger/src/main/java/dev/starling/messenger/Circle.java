package dev.starling.messenger;

import dev.starling.mtproto.Env;
import dev.starling.tl.api.AnyUpdate;
import dev.starling.tl.api.Updates;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Those who know a person and listen now: whom they talk with, and who has them as a contact. They
 * are told what changed; who is away learns it from the users that come with everything else.
 */
final class Circle {
  /** People told of one change: more would make one person's new name everybody's load. */
  static final int TOLD_MAX = 200;

  private final Mailboxes mailboxes;
  private final Users users;
  private final Sessions sessions;
  private final Env env;

  Circle(Mailboxes mailboxes, Users users, Sessions sessions, Env env) {
    this.mailboxes = mailboxes;
    this.users = users;
    this.sessions = sessions;
    this.env = env;
  }

  /** Who is to be told of a change; the box is held. */
  List<Long> of(Mailbox box) {
    Set<Long> found = new HashSet<>();
    for (var contact : box.contacts()) {
      if (contact.mutual()) {
        add(contact.userId(), box.id, found);
      }
    }
    for (var dialog : box.dialogs()) {
      add(dialog.peerId(), box.id, found);
    }
    return new ArrayList<>(found);
  }

  private void add(long id, long self, Set<Long> found) {
    if (found.size() < TOLD_MAX && id != self && sessions.listens(id, 0)) {
      found.add(id);
    }
  }

  /**
   * Tells each of {@code people} what {@code news} makes of it in their eyes, nothing where that is
   * null. No box is held.
   */
  void tell(long about, List<Long> people, Function<Mailbox, @Nullable AnyUpdate> news) {
    for (long person : people) {
      mailboxes.with(
          person,
          viewer -> {
            AnyUpdate update = viewer.ownerless ? null : news.apply(viewer);
            if (update != null) {
              var seen = users.views(viewer, List.of(about));
              sessions.push(
                  person, new Updates(List.of(update), seen, List.of(), env.unixSeconds(), 0), 0);
            }
            return true;
          });
    }
  }

  /** Tells everybody of the circle of {@code about}. */
  void tell(long about, Function<Mailbox, @Nullable AnyUpdate> news) {
    tell(about, mailboxes.with(about, this::of), news);
  }
}

package dev.starling.messenger;

import dev.starling.messenger.Presence.Seen;
import dev.starling.messenger.Privacy.Topic;
import dev.starling.mtproto.Env;
import dev.starling.tl.api.AnyUserStatus;
import dev.starling.tl.api.UserStatusEmpty;
import dev.starling.tl.api.UserStatusLastMonth;
import dev.starling.tl.api.UserStatusLastWeek;
import dev.starling.tl.api.UserStatusOffline;
import dev.starling.tl.api.UserStatusOnline;
import dev.starling.tl.api.UserStatusRecently;

/**
 * Whether somebody is online, in another's eyes. Who hides it sees others' in outline only, so that
 * nobody watches unseen.
 */
record Statuses(Presence presence, Privacy privacy, Env env) {
  private static final int DAY = 24 * 3600;

  AnyUserStatus of(long account, Mailbox viewer) {
    Seen seen = presence.seen(account);
    if (seen.until() == 0 && seen.last() == 0) {
      return new UserStatusEmpty(); // nobody knows, so there is nothing to hide
    }
    if (account != viewer.id) {
      if (privacy.isBlocked(account, viewer.id)) {
        return new UserStatusEmpty();
      }
      boolean shown = privacy.allows(account, Topic.STATUS, viewer.id);
      boolean shows = privacy.allows(viewer.id, Topic.STATUS, account);
      if (!shown || !shows) {
        return outline(seen, shown);
      }
    }
    return seen.until() > 0
        ? new UserStatusOnline(seen.until())
        : new UserStatusOffline(seen.last());
  }

  /** "by_me: the exact status is hidden because of your own privacy settings". */
  private AnyUserStatus outline(Seen seen, boolean byMe) {
    int ago = env.unixSeconds() - seen.last();
    if (ago > 30 * DAY) {
      return new UserStatusEmpty();
    }
    if (ago > 7 * DAY) {
      return new UserStatusLastMonth(byMe);
    }
    return ago > 3 * DAY ? new UserStatusLastWeek(byMe) : new UserStatusRecently(byMe);
  }
}

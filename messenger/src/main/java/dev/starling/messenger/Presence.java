package dev.starling.messenger;

import dev.starling.mtproto.Env;
import dev.starling.store.Batch;
import dev.starling.store.Store;
import dev.starling.tl.row.PresenceRow;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Who is online and who was when. It lives in memory; the disk knows it to {@link #GRAIN_SECONDS},
 * so that a seized one tells nobody's day by the minute.
 */
final class Presence {
  /** "online_cloud_timeout_ms": a client that says nothing for so long is away. */
  static final int ONLINE_SECONDS = 300;

  /** How coarsely, and how seldom, it is written down. */
  static final int GRAIN_SECONDS = 900;

  /** Others are told at most so often that somebody is still online. */
  private static final int TELL_EVERY_SECONDS = 60;

  /** People remembered; about 200 bytes each. */
  private static final int PEOPLE_MAX = 100_000;

  /** Sessions of one account that are told apart; further ones count as the last. */
  private static final int SESSIONS_MAX = 100;

  /**
   * @param until when it ends that somebody is online; 0 when they are not
   * @param last when they were online last; 0 when nobody knows
   */
  record Seen(int until, int last) {}

  private static final class Person {
    final Map<Long, Integer> until = new HashMap<>();
    int last;
    int told;
    int stored;
  }

  private final Store store;
  private final Mailboxes mailboxes;
  private final Env env;
  private final Map<Long, Person> people =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Person> eldest) {
          return size() > PEOPLE_MAX;
        }
      };

  Presence(Store store, Mailboxes mailboxes, Env env) {
    this.store = store;
    this.mailboxes = mailboxes;
    this.env = env;
  }

  /** When somebody was seen; asked while any box is held. */
  Seen seen(long account) {
    int now = env.unixSeconds();
    Person person = person(account);
    synchronized (person) {
      int until = until(person);
      return until > now ? new Seen(until, now) : new Seen(0, Math.max(person.last, until));
    }
  }

  /** A session says that its person looks at it, or no more; true when others are to be told. */
  boolean update(Caller caller, boolean offline) {
    int now = env.unixSeconds();
    Person person = person(caller.accountId());
    boolean tell;
    boolean write;
    synchronized (person) {
      boolean was = until(person) > now;
      person.until.values().removeIf(until -> until <= now);
      if (offline) {
        person.until.remove(caller.sessionId());
      } else if (person.until.size() < SESSIONS_MAX) {
        person.until.put(caller.sessionId(), now + ONLINE_SECONDS);
      }
      boolean is = until(person) > now;
      if (was || is) {
        person.last = now;
      }
      tell = was != is || (is && now - person.told >= TELL_EVERY_SECONDS);
      person.told = tell ? now : person.told;
      write = (was || is) && grain(now) > person.stored;
      person.stored = write ? grain(now) : person.stored;
    }
    if (write) {
      write(caller.accountId(), grain(now));
    }
    return tell;
  }

  /** Nothing is remembered of who is no more. */
  void forget(long account) {
    synchronized (people) {
      people.remove(account);
    }
  }

  private void write(long account, int time) {
    mailboxes.with(
        account,
        box -> {
          if (!box.ownerless) {
            byte[] row = Rows.encode(new PresenceRow(time));
            store.commit(new Batch().put(box.lease, Rows.key(Rows.PRESENCE), row));
          }
          return true;
        });
  }

  private static int grain(int time) {
    return time - time % GRAIN_SECONDS;
  }

  private static int until(Person person) {
    int latest = 0;
    for (int until : person.until.values()) {
      latest = Math.max(latest, until);
    }
    return latest;
  }

  private Person person(long account) {
    synchronized (people) {
      Person known = people.get(account);
      if (known != null) {
        return known;
      }
    }
    PresenceRow row =
        Rows.decodeIfPresent(
            PresenceRow.class, store.get(Rows.account(account), Rows.key(Rows.PRESENCE)));
    Person read = new Person();
    read.last = row == null ? 0 : row.wasOnline();
    read.stored = read.last;
    synchronized (people) {
      people.putIfAbsent(account, read);
      return people.getOrDefault(account, read);
    }
  }
}

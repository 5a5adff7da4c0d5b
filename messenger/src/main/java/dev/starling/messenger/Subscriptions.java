package dev.starling.messenger;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArraySet;

/**
 * Which sessions take part in whose updates. Changes are guarded by the registry's lock; anybody
 * may read.
 */
final class Subscriptions {
  private final Map<LiveSession, Long> accounts = new HashMap<>();
  private final Map<Long, Set<LiveSession>> sessions = new ConcurrentHashMap<>();

  /** The sessions of an account: a moment's view. */
  Set<LiveSession> of(long accountId) {
    return sessions.getOrDefault(accountId, Set.of());
  }

  /** A session takes part in the updates of one account, and of no other any more. */
  void add(LiveSession session, long accountId) {
    if (!Long.valueOf(accountId).equals(accounts.get(session))) {
      remove(session);
      accounts.put(session, accountId);
      sessions.computeIfAbsent(accountId, _ -> new CopyOnWriteArraySet<>()).add(session);
    }
  }

  void remove(LiveSession session) {
    Long account = accounts.remove(session);
    if (account != null) {
      sessions.computeIfPresent(
          account,
          (_, others) -> {
            others.remove(session);
            return others.isEmpty() ? null : others;
          });
    }
  }
}

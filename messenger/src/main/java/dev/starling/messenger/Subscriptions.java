package dev.starling.messenger;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArraySet;

/**
 * Which sessions take part in whose updates. Changes are guarded by the registry's lock; anybody
 * may read.
 */
final class Subscriptions {
  private final Map<LiveSession, Subscription> accounts = new HashMap<>();
  private final Map<Long, Set<LiveSession>> sessions = new ConcurrentHashMap<>();

  /**
   * @param permanentKeyId by which the session speaks for the account
   */
  private record Subscription(long account, long permanentKeyId) {}

  /** The sessions of an account: a moment's view. */
  Set<LiveSession> of(long accountId) {
    return sessions.getOrDefault(accountId, Set.of());
  }

  /** A session takes part in the updates of one account, and of no other any more. */
  void add(LiveSession session, long accountId, long permanentKeyId) {
    Subscription wanted = new Subscription(accountId, permanentKeyId);
    if (!wanted.equals(accounts.get(session))) {
      remove(session);
      accounts.put(session, wanted);
      sessions.computeIfAbsent(accountId, _ -> new CopyOnWriteArraySet<>()).add(session);
    }
  }

  void remove(LiveSession session) {
    Subscription had = accounts.remove(session);
    if (had != null) {
      sessions.computeIfPresent(
          had.account,
          (_, others) -> {
            others.remove(session);
            return others.isEmpty() ? null : others;
          });
    }
  }

  /** The sessions that take part by this permanent key; under the registry's lock. */
  List<LiveSession> ofKey(long permanentKeyId) {
    return accounts.entrySet().stream()
        .filter(entry -> entry.getValue().permanentKeyId == permanentKeyId)
        .map(Map.Entry::getKey)
        .toList();
  }
}

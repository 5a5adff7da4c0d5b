package dev.starling.proxy;

import dev.starling.mtproto.ProxySecret;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All who may use the proxy, by the site that their hellos name: a hello does not say whose it is,
 * so every secret of its site is tried. Thread-safe; changes hold for the next connection.
 */
final class Users {
  /** What one hello may cost: 256 HMACs over 1.8 KB, under half a millisecond. */
  static final int BUCKET_MAX = 256;

  private final Map<String, Member> byName = new LinkedHashMap<>();
  private volatile Map<String, Bucket> byDomain = Map.of();
  private volatile Bucket all = new Bucket(List.of());

  Users(Collection<User> users) {
    users.forEach(this::put);
  }

  /**
   * Lets somebody in, or changes their limits.
   *
   * @throws IllegalArgumentException if the name has another secret, the secret another name, or
   *     the site users enough
   */
  synchronized void put(User user) {
    Member known = byName.get(user.name());
    if (known != null) {
      if (!sameSecret(known.user(), user)) {
        throw new IllegalArgumentException("somebody else is called " + user.name());
      }
      known.change(user);
      return;
    }
    long ofDomain =
        byName.values().stream().filter(m -> m.user().domain().equals(user.domain())).count();
    if (ofDomain >= BUCKET_MAX) {
      throw new IllegalArgumentException(
          "%s has %d users already: give further ones another domain"
              .formatted(user.domain(), BUCKET_MAX));
    }
    byName.put(user.name(), new Member(user));
    rebuild();
  }

  private static boolean sameSecret(User one, User other) {
    return one.secret(ProxySecret.Kind.FAKE_TLS).equals(other.secret(ProxySecret.Kind.FAKE_TLS));
  }

  /**
   * Lets nobody in by this user's secret any more.
   *
   * @param drop whether their connections are cut off; else they end when their clients like
   * @return whether there was such a user
   */
  synchronized boolean revoke(String name, boolean drop) {
    Member member = byName.remove(name);
    if (member == null) {
      return false;
    }
    rebuild();
    member.revoke(drop);
    return true;
  }

  private void rebuild() {
    Map<String, List<Member>> grouped = new LinkedHashMap<>();
    for (Member member : byName.values()) {
      grouped.computeIfAbsent(member.user().domain(), _ -> new ArrayList<>()).add(member);
    }
    Map<String, Bucket> buckets = new LinkedHashMap<>();
    grouped.forEach((domain, members) -> buckets.put(domain, new Bucket(members)));
    byDomain = Map.copyOf(buckets);
    all = new Bucket(List.copyOf(byName.values()));
  }

  /** Those whose hellos name this site; null for a site of nobody. */
  @Nullable Bucket ofDomain(@Nullable String domain) {
    return domain == null ? null : byDomain.get(domain);
  }

  /** Everybody, for what comes without a hello. */
  Bucket all() {
    return all;
  }

  synchronized List<Member> members() {
    return List.copyOf(byName.values());
  }
}

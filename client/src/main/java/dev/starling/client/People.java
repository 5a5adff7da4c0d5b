package dev.starling.client;

import dev.starling.tl.api.AnyInputPeer;
import dev.starling.tl.api.AnyUser;
import dev.starling.tl.api.InputPeerSelf;
import dev.starling.tl.api.InputPeerUser;
import dev.starling.tl.api.User;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The people that an account has heard of, with the access hashes by which it may speak of them.
 */
public final class People {
  /** Far more than one talks with; who was not heard of for the longest time is forgotten. */
  private static final int PEOPLE_MAX = 4096;

  private final Map<Long, User> byId =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, User> eldest) {
          return size() > PEOPLE_MAX;
        }
      };

  /** Remembers what the server tells beside every answer. */
  synchronized void add(List<AnyUser> users) {
    for (AnyUser any : users) {
      // "min: a reduced object, which must not replace a complete one".
      if (any instanceof User user && !user.min()) {
        byId.remove(user.id());
        byId.put(user.id(), user);
      }
    }
  }

  public synchronized @Nullable User byId(long id) {
    return byId.get(id);
  }

  /** Those of whom {@code test} holds, who was heard of last at the end. */
  public synchronized List<User> find(Predicate<User> test) {
    return new ArrayList<>(byId.values().stream().filter(test).toList());
  }

  /** How to speak of somebody in a call. */
  public static AnyInputPeer input(User user) {
    Long hash = user.accessHash();
    return user.self()
        ? new InputPeerSelf()
        : new InputPeerUser(user.id(), hash == null ? 0 : hash);
  }

  /** First and last name, or what else is known. */
  public static String name(User user) {
    String first = user.firstName();
    String last = user.lastName();
    String name = ((first == null ? "" : first) + " " + (last == null ? "" : last)).strip();
    String username = user.username();
    return !name.isEmpty() ? name : username != null ? "@" + username : "user " + user.id();
  }
}

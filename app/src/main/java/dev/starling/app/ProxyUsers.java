package dev.starling.app;

import dev.starling.mtproto.Env;
import dev.starling.proxy.User;
import dev.starling.proxy.UserLimits;
import java.util.ArrayList;
import java.util.List;

/** The users in the proxy's folder. */
record ProxyUsers(ProxyFolder folder, Configuration configuration, Env env) {
  private static final int SECRET_BYTES = 16;

  /** Who is there when nobody was named. */
  private static final String FIRST = "first";

  List<User> readOrMakeFirst() {
    List<User> users = folder.readUsers();
    if (users.isEmpty()) {
      users = List.of(fresh(FIRST, configuration.get(ProxyKeys.DOMAIN), UserLimits.NONE));
      folder.writeUsers(users);
    }
    return users;
  }

  private User fresh(String name, String domain, UserLimits limits) {
    return new User(name, env.bytes(SECRET_BYTES), domain, limits);
  }

  /**
   * Keeps a new user with a secret of their own, or a known one with other limits.
   *
   * @param domain of a new one; empty for that of the configuration
   */
  User put(String name, String domain, UserLimits limits) {
    if (!User.isName(name)) {
      throw new Problem(
          "'%s' is no name: 1 to 32 letters, digits, dashes, dots or underscores"
              .formatted(Harmless.line(name)));
    }
    List<User> users = new ArrayList<>(folder.readUsers());
    User user =
        users.stream()
            .filter(known -> known.name().equals(name))
            .findFirst()
            .map(known -> new User(name, known.key16(), known.domain(), limits))
            .orElseGet(
                () ->
                    fresh(
                        name,
                        domain.isEmpty() ? configuration.get(ProxyKeys.DOMAIN) : domain,
                        limits));
    users.removeIf(known -> known.name().equals(name));
    users.add(user);
    folder.writeUsers(users);
    return user;
  }

  void remove(String name) {
    List<User> users = new ArrayList<>(folder.readUsers());
    if (!users.removeIf(user -> user.name().equals(name))) {
      throw new Problem(
          "there is no user '%s': proxy users list shows all".formatted(Harmless.line(name)));
    }
    folder.writeUsers(users);
  }
}

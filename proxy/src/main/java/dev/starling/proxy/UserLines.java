package dev.starling.proxy;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Users as a text, one a line:
 *
 * <pre>
 * name secret domain [connections=N] [addresses=N] [bytes=N] [days=N] [rate=N] [expires=TIME]
 * </pre>
 *
 * The secret is 32 hexadecimal digits, the time as in {@code 2026-12-31T00:00:00Z}; blank lines and
 * those that begin with # say nothing.
 */
public final class UserLines {
  private static final int FIXED_WORDS = 3;

  private UserLines() {}

  /**
   * Reads users.
   *
   * @throws IllegalArgumentException with the line's number and what is wrong in it, never the
   *     secret
   */
  public static List<User> parse(List<String> lines) {
    List<User> users = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      try {
        User user = parse(line);
        if (!names.add(user.name())) {
          throw new IllegalArgumentException(user.name() + " is there twice");
        }
        users.add(user);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("line %d: %s".formatted(i + 1, e.getMessage()), e);
      }
    }
    return users;
  }

  private static User parse(String line) {
    String[] words = line.split("\\s+", -1);
    if (words.length < FIXED_WORDS) {
      throw new IllegalArgumentException("a line is NAME SECRET DOMAIN and limits");
    }
    byte[] key;
    try {
      key = HexFormat.of().parseHex(words[1]);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("the secret is no 32 hexadecimal digits", e);
    }
    Map<String, String> limits = new LinkedHashMap<>();
    for (int i = FIXED_WORDS; i < words.length; i++) {
      int equals = words[i].indexOf('=');
      limits.put(words[i].substring(0, Math.max(equals, 0)), words[i].substring(equals + 1));
    }
    return new User(words[0], key, words[2], limits(limits));
  }

  /**
   * Limits by the names that a line has for them; others are refused.
   *
   * @throws IllegalArgumentException if one has no such name or is no number or time
   */
  public static UserLimits limits(Map<String, String> texts) {
    Map<String, String> left = new LinkedHashMap<>(texts);
    UserLimits limits =
        new UserLimits(
            (int) number(left, "connections", Integer.MAX_VALUE),
            (int) number(left, "addresses", Integer.MAX_VALUE),
            number(left, "bytes", Long.MAX_VALUE),
            (int) number(left, "days", Integer.MAX_VALUE),
            number(left, "rate", Long.MAX_VALUE),
            time(left));
    if (!left.isEmpty()) {
      throw new IllegalArgumentException(
          "there is no limit '%s': connections, addresses, bytes, days, rate, expires"
              .formatted(left.keySet().iterator().next()));
    }
    return limits;
  }

  private static long number(Map<String, String> left, String name, long most) {
    String text = left.remove(name);
    if (text == null) {
      return 0;
    }
    try {
      long number = Long.parseLong(text);
      if (number >= 0 && number <= most) {
        return number;
      }
    } catch (NumberFormatException _) {
      // None.
    }
    throw new IllegalArgumentException("%s is a number from 0".formatted(name));
  }

  private static Optional<Instant> time(Map<String, String> left) {
    String text = left.remove("expires");
    try {
      return text == null ? Optional.empty() : Optional.of(Instant.parse(text));
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException("expires is a time such as 2026-12-31T00:00:00Z", e);
    }
  }

  /** The line of a user. */
  public static String format(User user) {
    StringBuilder line = new StringBuilder();
    line.append(user.name()).append(' ').append(HexFormat.of().formatHex(user.key16()));
    line.append(' ').append(user.domain());
    limits(user.limits()).forEach((name, text) -> line.append(' ' + name + '=' + text));
    return line.toString();
  }

  /** Those that are set, by their names. */
  public static Map<String, String> limits(UserLimits limits) {
    Map<String, String> texts = new LinkedHashMap<>();
    put(texts, "connections", limits.connections());
    put(texts, "addresses", limits.addresses());
    put(texts, "bytes", limits.bytes());
    put(texts, "days", limits.periodDays());
    put(texts, "rate", limits.bytesPerSecond());
    limits.expires().ifPresent(time -> texts.put("expires", time.toString()));
    return texts;
  }

  private static void put(Map<String, String> texts, String name, long number) {
    if (number > 0) {
      texts.put(name, Long.toString(number));
    }
  }
}

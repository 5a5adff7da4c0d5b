package dev.starling.proxy;

import dev.starling.mtproto.ProxySecret;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/**
 * Somebody, or a circle, who may use the proxy.
 *
 * @param name 1 to 32 letters, digits, dashes, dots or underscores
 * @param key16 16 secret bytes, which key the disguise and obfuscated2 alike
 * @param domain the site that this user's hellos name
 */
@SuppressWarnings("ArrayRecordComponent") // never changed; equals and hashCode mind it
public record User(String name, byte[] key16, String domain, UserLimits limits) {
  private static final int NAME_CHARACTERS_MAX = 32;

  public User {
    if (!isName(name)) {
      throw new IllegalArgumentException(
          "a name has 1 to %d letters, digits, dashes, dots or underscores"
              .formatted(NAME_CHARACTERS_MAX));
    }
    var _ = new ProxySecret(key16, ProxySecret.Kind.FAKE_TLS, domain); // checks both
  }

  /** Whether somebody can be called so. */
  public static boolean isName(String name) {
    return name.length() <= NAME_CHARACTERS_MAX && name.matches("[\\p{Alnum}._-]+");
  }

  /** As their link of a kind has it. */
  public ProxySecret secret(ProxySecret.Kind kind) {
    return new ProxySecret(key16, kind, kind == ProxySecret.Kind.FAKE_TLS ? domain : "");
  }

  /** Whether their time is over. */
  boolean hasExpired(Instant now) {
    Optional<Instant> expires = limits.expires();
    return expires.isPresent() && !now.isBefore(expires.get());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof User that
        && name.equals(that.name)
        && Arrays.equals(key16, that.key16)
        && domain.equals(that.domain)
        && limits.equals(that.limits);
  }

  @Override
  public int hashCode() {
    return name.hashCode();
  }

  /** Without the secret. */
  @Override
  public String toString() {
    return "User[" + name + "]";
  }
}

package dev.starling.proxy;

import dev.starling.mtproto.Env;
import java.net.InetAddress;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.BitSet;

/**
 * How many people were helped on a day, without keeping who: each address sets one bit of a few
 * thousand, chosen by a hash under a salt that is drawn anew each day and never written ("linear
 * counting", Whang, Vander-Zanden, Taylor 1990). Thread-safe.
 */
public final class Impact {
  /** Counts a hundred thousand to one part in a hundred, in 16 KB. */
  private static final int BITS = 1 << 17;

  private static final int SALT_BYTES = 16;

  /** "Published counts are rounded (multiples of 8, small cells hidden)." */
  private static final int ROUNDED_TO = 8;

  private final Env env;
  private final MessageDigest sha256;
  private BitSet seen = new BitSet(BITS);
  private byte[] salt;
  private LocalDate day;

  /**
   * One day's sum.
   *
   * @param people a multiple of 8; 0 stands for fewer than 8
   */
  public record Day(LocalDate day, int people) {}

  Impact(Env env) {
    this.env = env;
    try {
      sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
    salt = env.bytes(SALT_BYTES);
    day = date();
  }

  private LocalDate date() {
    return LocalDate.ofInstant(env.clock().instant(), ZoneOffset.UTC);
  }

  synchronized void helped(InetAddress address) {
    turn();
    sha256.update(salt);
    byte[] hash = sha256.digest(address.getAddress());
    seen.set(((hash[0] & 0xff) << 16 | (hash[1] & 0xff) << 8 | (hash[2] & 0xff)) % BITS);
  }

  private void turn() {
    LocalDate today = date();
    if (!today.equals(day)) {
      day = today;
      salt = env.bytes(SALT_BYTES);
      seen = new BitSet(BITS);
    }
  }

  synchronized Day today() {
    turn();
    double free = Math.max(1, BITS - seen.cardinality());
    int people = (int) Math.round(-BITS * Math.log(free / BITS));
    return new Day(day, people / ROUNDED_TO * ROUNDED_TO);
  }
}

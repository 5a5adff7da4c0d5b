package dev.starling.proxy;

import dev.starling.mtproto.Env;
import dev.starling.mtproto.FakeTls;
import dev.starling.mtproto.FakeTls.Verdict;
import dev.starling.mtproto.ProxiedHeader;
import dev.starling.mtproto.ProxySecret;
import dev.starling.mtproto.Replays;
import dev.starling.mtproto.TlsHello;
import dev.starling.mtproto.TlsHelloReader;
import dev.starling.mtproto.TlsRecords;
import java.util.Arrays;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whose connection it is by its first bytes, and answers nothing itself. Not thread-safe.
 *
 * <pre>
 * ee:       ClientHello | (the flight is written) | change_cipher_spec | records: header 64, stream
 * plain/dd: header 64, stream
 * </pre>
 */
final class Reception {
  /** What is known after the bytes so far. */
  sealed interface Step {
    /** Too little. */
    record More() implements Step {}

    /** Nobody's: for the origin, with all of {@link Reception#seen}. */
    record Foreign(Reason reason) implements Step {}

    /** A client's hello: write the flight, call {@link Reception#greeted}, go on. */
    record Greeting(Member member, ProxySecret secret, TlsHello hello, long skewSeconds)
        implements Step {}

    /**
     * A client with its header.
     *
     * @param records reads on where the header ended; null without the disguise
     * @param raw as it came since the flight, or since the beginning without the disguise
     * @param inner what followed the header, without records
     */
    @SuppressWarnings("ArrayRecordComponent") // a carrier
    record Admitted(
        Member member,
        ProxySecret secret,
        ProxiedHeader header,
        TlsRecords.@Nullable Reader records,
        byte[] raw,
        byte[] inner)
        implements Step {}

    /** What follows the flight is no record, or no header under the secret. */
    record Broken() implements Step {}
  }

  /** Why a connection is nobody's, for counters. */
  enum Reason {
    NO_HELLO,
    UNKNOWN,
    UNANSWERABLE,
    WRONG_NAME,
    SKEWED,
    REPLAYED
  }

  /**
   * After the flight a client sends its change_cipher_spec and one record; who sends more before 64
   * bytes are together sends empty ones.
   */
  private static final int RAW_BYTES_MAX = 4 << 10;

  private static final Step MORE = new Step.More();

  /** SSH, SMTP, HTTP: whoever says so much text in the clear is no client. */
  private static final int TEXT_BYTES = 16;

  private final Users users;
  private final FakeTls fakeTls;
  private final Replays headers;
  private final boolean undisguised;
  private final Runnable searching;
  private final Env env;
  private TlsHelloReader hello = new TlsHelloReader();
  private byte[] seen = new byte[0];
  private boolean isTls;
  private @Nullable Member member;
  private @Nullable ProxySecret secret;
  private TlsRecords.@Nullable Reader records;
  private byte[] raw = new byte[0];
  private final byte[] header = new byte[ProxiedHeader.BYTES];
  private int headerFilled;

  /**
   * @param headers remembers the keys of headers that came without the disguise
   * @param undisguised whether plain and {@code dd} links are served
   * @param searching called when those who came lately do not fit and all others will be tried
   */
  Reception(
      Users users,
      FakeTls fakeTls,
      Replays headers,
      boolean undisguised,
      Runnable searching,
      Env env) {
    this.users = users;
    this.fakeTls = fakeTls;
    this.headers = headers;
    this.undisguised = undisguised;
    this.searching = searching;
    this.env = env;
  }

  /** Takes the next bytes, however they are cut. */
  Step receive(byte[] in, int offset, int length) {
    if (records != null) {
      return inner(in, offset, length);
    }
    if (undisguised && !isTls) {
      seen = join(seen, in, offset, length);
      if (!mayBeTls()) {
        return undisguised();
      }
      if (seen.length < 3) {
        return MORE;
      }
      isTls = true;
      return hello(seen, 0, seen.length);
    }
    return hello(in, offset, length);
  }

  /** All that came, for the origin; before {@link Step.Greeting} only. */
  byte[] seen() {
    return undisguised && !isTls ? seen : hello.seen();
  }

  /** "16 03 01 to 03": one obfuscated2 header in five million begins so by chance. */
  private boolean mayBeTls() {
    return (seen.length < 1 || seen[0] == 22)
        && (seen.length < 2 || seen[1] == 3)
        && (seen.length < 3 || (seen[2] >= 1 && seen[2] <= 3));
  }

  private Step hello(byte[] in, int offset, int length) {
    return switch (hello.receive(in, offset, length)) {
      case TlsHelloReader.Progress.More() -> MORE;
      case TlsHelloReader.Progress.Foreign() -> new Step.Foreign(Reason.NO_HELLO);
      case TlsHelloReader.Progress.Whole(TlsHello whole, int bytes) -> judge(whole, bytes);
    };
  }

  private Step judge(TlsHello whole, int bytes) {
    Bucket bucket = users.ofDomain(whole.serverName());
    if (bucket == null) {
      return new Step.Foreign(Reason.WRONG_NAME);
    }
    Candidates candidates = new Candidates(bucket.order());
    Verdict verdict = fakeTls.judge(whole, () -> candidates);
    return switch (verdict) {
      case Verdict.Known(ProxySecret holder, long skew) -> {
        Member found = candidates.last();
        bucket.hit(found);
        member = found;
        secret = holder;
        byte[] all = hello.seen();
        raw = Arrays.copyOfRange(all, bytes, all.length);
        yield new Step.Greeting(found, holder, whole, skew);
      }
      case Verdict.Unknown() -> new Step.Foreign(Reason.UNKNOWN);
      case Verdict.Unanswerable() -> new Step.Foreign(Reason.UNANSWERABLE);
      case Verdict.WrongName(_) -> new Step.Foreign(Reason.WRONG_NAME);
      case Verdict.Skewed(_, _) -> new Step.Foreign(Reason.SKEWED);
      case Verdict.Replayed(_) -> new Step.Foreign(Reason.REPLAYED);
    };
  }

  /** The members' secrets, one after another. */
  private final class Candidates implements Iterator<ProxySecret> {
    private final Member[] members;
    private int next;

    Candidates(Member[] members) {
      this.members = members;
    }

    @Override
    public boolean hasNext() {
      return next < members.length;
    }

    @Override
    public ProxySecret next() {
      if (next == Bucket.HOT) {
        searching.run();
      }
      return members[next++].user().secret(ProxySecret.Kind.FAKE_TLS);
    }

    /** Whose secret was asked for last. */
    Member last() {
      return members[next - 1];
    }
  }

  private Step undisguised() {
    if (seen.length < ProxiedHeader.BYTES) {
      return seen.length >= TEXT_BYTES && isText() ? new Step.Foreign(Reason.NO_HELLO) : MORE;
    }
    ProxiedHeader read = new ProxiedHeader(seen);
    Bucket bucket = users.all();
    Member[] members = bucket.order();
    for (int i = 0; i < members.length; i++) {
      if (i == Bucket.HOT) {
        searching.run();
      }
      ProxySecret plain = members[i].user().secret(ProxySecret.Kind.PLAIN);
      if (read.isUnder(plain)) {
        if (!headers.add(read.keys(), env.clock().millis())) {
          return new Step.Foreign(Reason.REPLAYED);
        }
        bucket.hit(members[i]);
        return new Step.Admitted(
            members[i],
            plain,
            read,
            null,
            seen,
            Arrays.copyOfRange(seen, ProxiedHeader.BYTES, seen.length));
      }
    }
    return new Step.Foreign(Reason.UNKNOWN);
  }

  private boolean isText() {
    for (int i = 0; i < TEXT_BYTES; i++) {
      if (seen[i] < '\t' || seen[i] > '~') {
        return false;
      }
    }
    return true;
  }

  /** The flight is written. */
  Step greeted() {
    hello = new TlsHelloReader(); // lets its bytes go
    records = TlsRecords.Reader.ofClient();
    byte[] early = raw;
    raw = new byte[0];
    return early.length == 0 ? MORE : inner(early, 0, early.length);
  }

  private Step inner(byte[] in, int offset, int length) {
    TlsRecords.Reader reader = records;
    Member found = member;
    ProxySecret holder = secret;
    if (reader == null || found == null || holder == null) {
      throw new IllegalStateException("not greeted yet");
    }
    raw = join(raw, in, offset, length);
    byte[] rest = new byte[length];
    int[] restFilled = {0};
    String fault =
        reader.receive(
            in,
            offset,
            length,
            (bytes, from, count) -> {
              int taken = Math.min(count, header.length - headerFilled);
              System.arraycopy(bytes, from, header, headerFilled, taken);
              headerFilled += taken;
              System.arraycopy(bytes, from + taken, rest, restFilled[0], count - taken);
              restFilled[0] += count - taken;
            });
    if (fault != null) {
      return new Step.Broken();
    }
    if (headerFilled < header.length) {
      return raw.length > RAW_BYTES_MAX ? new Step.Broken() : MORE;
    }
    ProxiedHeader read = new ProxiedHeader(header);
    return read.isUnder(holder)
        ? new Step.Admitted(found, holder, read, reader, raw, Arrays.copyOf(rest, restFilled[0]))
        : new Step.Broken();
  }

  private static byte[] join(byte[] before, byte[] in, int offset, int length) {
    byte[] joined = Arrays.copyOf(before, before.length + length);
    System.arraycopy(in, offset, joined, before.length, length);
    return joined;
  }
}

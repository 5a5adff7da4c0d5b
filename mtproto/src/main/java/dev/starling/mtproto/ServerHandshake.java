package dev.starling.mtproto;

import dev.starling.tl.TlObject;
import dev.starling.tl.mt.AnyPQInnerData;
import dev.starling.tl.mt.ClientDHInnerData;
import dev.starling.tl.mt.DhGenFail;
import dev.starling.tl.mt.DhGenOk;
import dev.starling.tl.mt.DhGenRetry;
import dev.starling.tl.mt.PQInnerData;
import dev.starling.tl.mt.PQInnerDataDc;
import dev.starling.tl.mt.PQInnerDataTemp;
import dev.starling.tl.mt.PQInnerDataTempDc;
import dev.starling.tl.mt.ReqDHParams;
import dev.starling.tl.mt.ReqPq;
import dev.starling.tl.mt.ReqPqMulti;
import dev.starling.tl.mt.ResPQ;
import dev.starling.tl.mt.ServerDHInnerData;
import dev.starling.tl.mt.ServerDHParamsOk;
import dev.starling.tl.mt.SetClientDHParams;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.function.LongPredicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The server's side of the creation of auth keys on one connection
 * (core.telegram.org/mtproto/auth_key).
 *
 * <pre>
 * req_pq_multi          -> resPQ                 fresh server_nonce, pq
 * req_DH_params         -> server_DH_params_ok   RSA_PAD opened, fresh exponent
 * set_client_DH_params  -> dh_gen_ok             the auth key
 *                          dh_gen_retry          its id is taken: once more with another g_b
 * </pre>
 *
 * Clients run several attempts at once, told apart by nonce. An attempt is forgotten, secrets and
 * all, when it ends; any broken rule ends them all in the same {@link Step.Refuse}, as what differs
 * between two failures is an oracle.
 *
 * <p>What anybody can ask for is answered at once and cheaply: who wants more has to solve pq
 * first, and then what takes a millisecond of CPU is put off as {@link Step.Costly}, for a thread
 * that has the time. Not thread-safe.
 */
public final class ServerHandshake {

  /** What to do after a message. */
  public sealed interface Step {
    /** Send this in plain and wait for the next. */
    record Reply(TlObject answer) implements Step {}

    /**
     * To be computed where a millisecond of CPU and a look into the store hurt nobody; it answers
     * the step, which is none of this kind. No other message is taken before.
     */
    record Costly(Supplier<Step> rest) implements Step {}

    /**
     * Keep the key, durably, and then send the answer.
     *
     * @param salt the first server salt of the key
     * @param dc the data centre that the client believes to speak to, 0 if it did not say
     * @param expiresIn seconds that a temporary key lives, at most {@link #EXPIRES_IN_MAX}; 0 for a
     *     permanent one
     */
    record Done(TlObject answer, AuthKey key, long salt, int dc, int expiresIn) implements Step {}

    /** Send transport error -404 and close: one way out for every reason. */
    record Refuse() implements Step {}
  }

  /** A client makes a permanent and a temporary key at once; with more the oldest is forgotten. */
  private static final int ATTEMPTS_MAX = 4;

  /** Ids collide by accident once in 2^64: who needs more is up to something. */
  private static final int RETRIES_MAX = 3;

  /**
   * Clients want a day; a temporary key is there to be of no use soon, and each takes a row until
   * then.
   */
  public static final int EXPIRES_IN_MAX = 7 * 24 * 3600;

  private static final int NONCE_BYTES = 16;
  private static final Step REFUSE = new Step.Refuse();

  private final List<ServerKey> keys;
  private final LongPredicate idTaken;
  private final Env env;
  private final Deque<Attempt> attempts = new ArrayDeque<>();
  private boolean refused;

  /** How far an attempt has come: what it has issued, and must see again. */
  @SuppressWarnings("ArrayRecordComponent") // carriers
  private sealed interface Attempt {
    byte[] nonce();

    record PqSent(byte[] nonce, byte[] serverNonce, byte[] pq, byte[] p, byte[] q)
        implements Attempt {}

    record DhSent(
        byte[] nonce,
        byte[] serverNonce,
        HandshakeKeys keys,
        BigInteger a,
        int dc,
        int expiresIn,
        long retryId,
        int retries)
        implements Attempt {

      DhSent again(long newRetryId) {
        return new DhSent(nonce, serverNonce, keys, a, dc, expiresIn, newRetryId, retries + 1);
      }
    }
  }

  /**
   * @param keys any of which the client may choose
   * @param idTaken whether an auth_key_id is already in use
   */
  public ServerHandshake(List<ServerKey> keys, LongPredicate idTaken, Env env) {
    this.keys = List.copyOf(keys);
    this.idTaken = idTaken;
    this.env = env;
  }

  /** Takes the client's next message, whatever it is. */
  public Step receive(TlObject message) {
    return noted(refused ? REFUSE : answer(message));
  }

  private Step costly(Supplier<Step> rest) {
    return new Step.Costly(() -> noted(rest.get()));
  }

  private Step noted(Step step) {
    if (step instanceof Step.Refuse) {
      refused = true;
      attempts.clear();
    }
    return step;
  }

  private Step answer(TlObject message) {
    return switch (message) {
      case ReqPqMulti m -> begin(m.nonce());
      case ReqPq m -> begin(m.nonce());
      case ReqDHParams m -> dhParams(m);
      case SetClientDHParams m -> dhGen(m);
      // "In plaintext only handshake constructors."
      default -> REFUSE;
    };
  }

  private Step begin(byte[] nonce) {
    take(nonce);
    if (attempts.size() == ATTEMPTS_MAX) {
      attempts.removeFirst();
    }
    long one = SmallPrimes.draw(env.random());
    long other;
    do {
      other = SmallPrimes.draw(env.random());
    } while (other == one);
    // "pq is the product of two distinct odd prime numbers, p < q."
    var sent =
        new Attempt.PqSent(
            nonce,
            env.bytes(NONCE_BYTES),
            bytes(one * other),
            bytes(Math.min(one, other)),
            bytes(Math.max(one, other)));
    attempts.addLast(sent);
    return new Step.Reply(
        new ResPQ(
            nonce,
            sent.serverNonce(),
            sent.pq(),
            keys.stream().map(ServerKey::fingerprint).toList()));
  }

  private static byte[] bytes(long number) {
    return BigInteger.valueOf(number).toByteArray();
  }

  private Step dhParams(ReqDHParams message) {
    if (!(take(message.nonce()) instanceof Attempt.PqSent sent)
        || !Arrays.equals(message.serverNonce(), sent.serverNonce())
        || !Arrays.equals(message.p(), sent.p())
        || !Arrays.equals(message.q(), sent.q())) {
      return REFUSE;
    }
    for (ServerKey key : keys) {
      if (key.fingerprint() == message.publicKeyFingerprint()) {
        return costly(() -> dhParams(sent, RsaPad.open(key, message.encryptedData())));
      }
    }
    return REFUSE;
  }

  private Step dhParams(Attempt.PqSent sent, @Nullable AnyPQInnerData data) {
    Inner inner = data == null ? null : Inner.of(data);
    if (inner == null || !inner.answers(sent)) {
      return REFUSE;
    }
    HandshakeKeys derived = new HandshakeKeys(inner.newNonce, sent.serverNonce());
    BigInteger a;
    BigInteger gA;
    do {
      a = Dh.freshExponent(env.random());
      gA = Dh.powerOfG(a);
    } while (!Dh.isInRange(gA, Dh.PRIME));
    // "Test data centres add 10000, media ones are negative." None is refused: a client that came
    // by a proxy names what it would.
    int dc = Math.abs(inner.dc % 10_000);
    attempts.addLast(
        new Attempt.DhSent(sent.nonce(), sent.serverNonce(), derived, a, dc, inner.life(), 0, 0));
    var answer =
        new ServerDHInnerData(
            sent.nonce(),
            sent.serverNonce(),
            Dh.G,
            Dh.fixed(Dh.PRIME),
            Dh.fixed(gA),
            env.unixSeconds());
    return new Step.Reply(
        new ServerDHParamsOk(sent.nonce(), sent.serverNonce(), derived.seal(answer, env.random())));
  }

  /**
   * The four forms of p_q_inner_data as one.
   *
   * @param expiresIn null for a permanent key
   */
  @SuppressWarnings("ArrayRecordComponent") // a carrier
  private record Inner(
      byte[] pq,
      byte[] p,
      byte[] q,
      byte[] nonce,
      byte[] serverNonce,
      byte[] newNonce,
      int dc,
      @Nullable Integer expiresIn) {

    static Inner of(AnyPQInnerData data) {
      return switch (data) {
        case PQInnerData(var pq, var p, var q, var nonce, var server, var fresh) ->
            new Inner(pq, p, q, nonce, server, fresh, 0, null);
        case PQInnerDataDc(var pq, var p, var q, var nonce, var server, var fresh, int dc) ->
            new Inner(pq, p, q, nonce, server, fresh, dc, null);
        case PQInnerDataTemp(var pq, var p, var q, var nonce, var server, var fresh, int life) ->
            new Inner(pq, p, q, nonce, server, fresh, 0, life);
        case PQInnerDataTempDc(
                var pq,
                var p,
                var q,
                var nonce,
                var server,
                var fresh,
                int dc,
                int life) ->
            new Inner(pq, p, q, nonce, server, fresh, dc, life);
      };
    }

    /** Seconds that the key shall live; 0 for ever. */
    int life() {
      return expiresIn == null ? 0 : Math.min(expiresIn, EXPIRES_IN_MAX);
    }

    /**
     * "Inner pq, p, q and nonces equal those issued": else one client's answer would serve
     * another's attempt. A temporary key lives for a while.
     */
    boolean answers(Attempt.PqSent sent) {
      return Arrays.equals(pq, sent.pq())
          && Arrays.equals(p, sent.p())
          && Arrays.equals(q, sent.q())
          && Arrays.equals(nonce, sent.nonce())
          && Arrays.equals(serverNonce, sent.serverNonce())
          && (expiresIn == null || expiresIn > 0);
    }
  }

  private Step dhGen(SetClientDHParams message) {
    if (!(take(message.nonce()) instanceof Attempt.DhSent sent)
        || !Arrays.equals(message.serverNonce(), sent.serverNonce())) {
      return REFUSE;
    }
    ClientDHInnerData inner = sent.keys().open(message.encryptedData(), ClientDHInnerData.class);
    if (inner == null
        || !Arrays.equals(inner.nonce(), sent.nonce())
        || !Arrays.equals(inner.serverNonce(), sent.serverNonce())
        // "retry_id is 0 at the first attempt, else auth_key_aux_hash of the previous one."
        || inner.retryId() != sent.retryId()) {
      return REFUSE;
    }
    BigInteger gB = new BigInteger(1, inner.gB());
    if (!Dh.isInRange(gB, Dh.PRIME)) {
      return REFUSE;
    }
    return costly(() -> dhGen(sent, gB));
  }

  private Step dhGen(Attempt.DhSent sent, BigInteger gB) {
    AuthKey key = new AuthKey(Dh.fixed(gB.modPow(sent.a(), Dh.PRIME)));
    // Id 0 would read as a message in plain.
    return key.id() == 0 || idTaken.test(key.id()) ? retry(sent, key) : done(sent, key);
  }

  private static Step done(Attempt.DhSent sent, AuthKey key) {
    var answer = new DhGenOk(sent.nonce(), sent.serverNonce(), sent.keys().newNonceHash(1, key));
    return new Step.Done(answer, key, sent.keys().salt(), sent.dc(), sent.expiresIn());
  }

  private Step retry(Attempt.DhSent sent, AuthKey key) {
    if (sent.retries() == RETRIES_MAX) {
      return new Step.Reply(
          new DhGenFail(sent.nonce(), sent.serverNonce(), sent.keys().newNonceHash(3, key)));
    }
    attempts.addLast(sent.again(key.auxHash()));
    return new Step.Reply(
        new DhGenRetry(sent.nonce(), sent.serverNonce(), sent.keys().newNonceHash(2, key)));
  }

  /** Takes the attempt of this nonce out: it goes back only with its next stage. */
  private @Nullable Attempt take(byte[] nonce) {
    for (Iterator<Attempt> i = attempts.iterator(); i.hasNext(); ) {
      Attempt attempt = i.next();
      if (Arrays.equals(attempt.nonce(), nonce)) {
        i.remove();
        return attempt;
      }
    }
    return null;
  }
}

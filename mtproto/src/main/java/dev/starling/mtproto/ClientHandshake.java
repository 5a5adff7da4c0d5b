package dev.starling.mtproto;

import dev.starling.tl.Layer;
import dev.starling.tl.Tl;
import dev.starling.tl.TlObject;
import dev.starling.tl.mt.ClientDHInnerData;
import dev.starling.tl.mt.DhGenFail;
import dev.starling.tl.mt.DhGenOk;
import dev.starling.tl.mt.DhGenRetry;
import dev.starling.tl.mt.PQInnerDataDc;
import dev.starling.tl.mt.PQInnerDataTempDc;
import dev.starling.tl.mt.ReqDHParams;
import dev.starling.tl.mt.ReqPqMulti;
import dev.starling.tl.mt.ResPQ;
import dev.starling.tl.mt.ServerDHInnerData;
import dev.starling.tl.mt.ServerDHParamsOk;
import dev.starling.tl.mt.SetClientDHParams;
import java.math.BigInteger;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of the creation of one auth key (core.telegram.org/mtproto/auth_key). It trusts
 * nothing but the public keys it was given. Not thread-safe; takes some milliseconds of CPU.
 */
public final class ClientHandshake {

  /** What to do after a message. */
  public sealed interface Step {
    /** Send this in plain and wait for the answer. */
    record Send(TlObject message) implements Step {}

    /**
     * The key is made.
     *
     * @param salt the first server salt of the key
     * @param timeOffsetSeconds what the server's clock is ahead of ours
     */
    record Done(AuthKey key, long salt, int timeOffsetSeconds) implements Step {}

    /** The peer is not the service, or something sits in between: close. */
    record Failed(String why) implements Step {}
  }

  /**
   * Ids collide by accident once in 2^64: a server that asks again and again wants something else.
   */
  private static final int RETRIES_MAX = 3;

  private static final int NONCE_BYTES = 16;
  private static final int NEW_NONCE_BYTES = 32;

  private final List<PublicKey> publicKeys;
  private final int dc;
  private final int expiresIn;
  private final Env env;
  private final byte[] nonce;
  private Stage stage = new Stage.Started();

  /** How far it has come, and what the server must show again. */
  @SuppressWarnings("ArrayRecordComponent") // carriers
  private sealed interface Stage {
    record Started() implements Stage {}

    record DhAsked(byte[] serverNonce, HandshakeKeys keys) implements Stage {}

    record DhSent(
        byte[] serverNonce,
        HandshakeKeys keys,
        BigInteger prime,
        int g,
        BigInteger gA,
        int timeOffsetSeconds,
        AuthKey key,
        int retries)
        implements Stage {}

    record Ended() implements Stage {}
  }

  /** For a permanent key. */
  public ClientHandshake(List<PublicKey> publicKeys, int dc, Env env) {
    this(publicKeys, dc, 0, env);
  }

  /**
   * @param publicKeys any of which the server may use
   * @param dc the data centre meant: +10000 = test, negative = media
   * @param expiresIn seconds that a temporary key shall live; 0 for a permanent one
   */
  public ClientHandshake(List<PublicKey> publicKeys, int dc, int expiresIn, Env env) {
    this.publicKeys = List.copyOf(publicKeys);
    this.dc = dc;
    this.expiresIn = expiresIn;
    this.env = env;
    this.nonce = env.bytes(NONCE_BYTES);
  }

  /** The first message. */
  public TlObject start() {
    return new ReqPqMulti(nonce);
  }

  /** Takes the server's next message, whatever it is. */
  public Step receive(TlObject message) {
    Stage was = stage;
    stage = new Stage.Ended();
    return switch (message) {
      case ResPQ m when was instanceof Stage.Started && isMine(m.nonce()) -> askDh(m);
      case ServerDHParamsOk m
          when was instanceof Stage.DhAsked asked
              && matches(m.nonce(), m.serverNonce(), asked.serverNonce()) ->
          sendDh(m, asked);
      case DhGenOk m
          when was instanceof Stage.DhSent sent
              && matches(m.nonce(), m.serverNonce(), sent.serverNonce()) ->
          finish(m, sent);
      case DhGenRetry m
          when was instanceof Stage.DhSent sent
              && matches(m.nonce(), m.serverNonce(), sent.serverNonce()) ->
          retry(m, sent);
      case DhGenFail m -> new Step.Failed("the server gave up");
      default -> new Step.Failed("a message out of turn, or of another attempt");
    };
  }

  private boolean isMine(byte[] theirNonce) {
    return Arrays.equals(theirNonce, nonce);
  }

  /** "The client must check that nonce and server_nonce are those it knows." */
  private boolean matches(byte[] theirNonce, byte[] theirServerNonce, byte[] serverNonce) {
    return isMine(theirNonce) && Arrays.equals(theirServerNonce, serverNonce);
  }

  private Step askDh(ResPQ message) {
    PublicKey key = knownKey(message.serverPublicKeyFingerprints());
    if (key == null) {
      return new Step.Failed("the server has none of the keys we trust");
    }
    Factors factors =
        message.pq().length > Long.BYTES
            ? null
            : Factors.of(new BigInteger(1, message.pq()).longValue());
    if (factors == null) {
      return new Step.Failed("pq is no product of two primes");
    }
    byte[] p = BigInteger.valueOf(factors.p()).toByteArray();
    byte[] q = BigInteger.valueOf(factors.q()).toByteArray();
    byte[] newNonce = env.bytes(NEW_NONCE_BYTES);
    byte[] pq = message.pq();
    byte[] serverNonce = message.serverNonce();
    TlObject inner =
        expiresIn == 0
            ? new PQInnerDataDc(pq, p, q, nonce, serverNonce, newNonce, dc)
            : new PQInnerDataTempDc(pq, p, q, nonce, serverNonce, newNonce, dc, expiresIn);
    byte[] encrypted = RsaPad.encrypt(key, Tl.encode(inner, Layer.NEWEST), env.random());
    stage =
        new Stage.DhAsked(
            message.serverNonce(), new HandshakeKeys(newNonce, message.serverNonce()));
    return new Step.Send(
        new ReqDHParams(nonce, message.serverNonce(), p, q, key.fingerprint(), encrypted));
  }

  private @Nullable PublicKey knownKey(List<Long> fingerprints) {
    for (PublicKey key : publicKeys) {
      if (fingerprints.contains(key.fingerprint())) {
        return key;
      }
    }
    return null;
  }

  private Step sendDh(ServerDHParamsOk message, Stage.DhAsked asked) {
    ServerDHInnerData inner = asked.keys().open(message.encryptedAnswer(), ServerDHInnerData.class);
    if (inner == null || !matches(inner.nonce(), inner.serverNonce(), asked.serverNonce())) {
      return new Step.Failed("the server's DH parameters do not verify");
    }
    BigInteger prime = new BigInteger(1, inner.dhPrime());
    if (!Dh.isGood(prime, inner.g())) {
      return new Step.Failed("the DH group is not safe");
    }
    BigInteger gA = new BigInteger(1, inner.gA());
    if (!Dh.isInRange(gA, prime)) {
      return new Step.Failed("g_a is out of range");
    }
    int offset = inner.serverTime() - env.unixSeconds();
    return sendDh(asked.serverNonce(), asked.keys(), prime, inner.g(), gA, offset, 0, 0);
  }

  private Step sendDh(
      byte[] serverNonce,
      HandshakeKeys keys,
      BigInteger prime,
      int g,
      BigInteger gA,
      int timeOffsetSeconds,
      long retryId,
      int retries) {
    BigInteger b;
    BigInteger gB;
    do {
      b = Dh.freshExponent(env.random());
      gB = BigInteger.valueOf(g).modPow(b, prime);
    } while (!Dh.isInRange(gB, prime));
    AuthKey key = new AuthKey(Dh.fixed(gA.modPow(b, prime)));
    stage = new Stage.DhSent(serverNonce, keys, prime, g, gA, timeOffsetSeconds, key, retries);
    var inner = new ClientDHInnerData(nonce, serverNonce, retryId, Dh.fixed(gB));
    return new Step.Send(new SetClientDHParams(nonce, serverNonce, keys.seal(inner, env.random())));
  }

  private static Step finish(DhGenOk message, Stage.DhSent sent) {
    if (!MessageDigest.isEqual(message.newNonceHash1(), sent.keys().newNonceHash(1, sent.key()))) {
      return new Step.Failed("new_nonce_hash1 does not verify");
    }
    return new Step.Done(sent.key(), sent.keys().salt(), sent.timeOffsetSeconds());
  }

  private Step retry(DhGenRetry message, Stage.DhSent sent) {
    if (!MessageDigest.isEqual(message.newNonceHash2(), sent.keys().newNonceHash(2, sent.key()))
        || sent.retries() == RETRIES_MAX) {
      return new Step.Failed("a retry that does not verify, or one too many");
    }
    return sendDh(
        sent.serverNonce(),
        sent.keys(),
        sent.prime(),
        sent.g(),
        sent.gA(),
        sent.timeOffsetSeconds(),
        sent.key().auxHash(),
        sent.retries() + 1);
  }
}

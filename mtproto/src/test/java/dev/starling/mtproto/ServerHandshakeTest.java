package dev.starling.mtproto;

import static dev.starling.mtproto.Handshakes.KEY;
import static dev.starling.mtproto.Handshakes.NOW;
import static dev.starling.mtproto.Handshakes.OTHER_16;
import static dev.starling.mtproto.Handshakes.encode;
import static dev.starling.mtproto.Handshakes.reply;
import static dev.starling.mtproto.Handshakes.server;
import static dev.starling.mtproto.Handshakes.take;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.starling.mtproto.ServerHandshake.Step;
import dev.starling.tl.TlObject;
import dev.starling.tl.mt.ClientDHInnerData;
import dev.starling.tl.mt.DhGenFail;
import dev.starling.tl.mt.DhGenOk;
import dev.starling.tl.mt.DhGenRetry;
import dev.starling.tl.mt.PQInnerData;
import dev.starling.tl.mt.PQInnerDataDc;
import dev.starling.tl.mt.PQInnerDataTemp;
import dev.starling.tl.mt.PQInnerDataTempDc;
import dev.starling.tl.mt.Ping;
import dev.starling.tl.mt.ReqDHParams;
import dev.starling.tl.mt.ReqPq;
import dev.starling.tl.mt.ReqPqMulti;
import dev.starling.tl.mt.ResPQ;
import dev.starling.tl.mt.ServerDHInnerData;
import dev.starling.tl.mt.ServerDHParamsOk;
import dev.starling.tl.mt.SetClientDHParams;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The server against a client made by hand, which breaks one rule at a time. */
class ServerHandshakeTest {
  private static final byte[] NONCE = new byte[16];
  private static final byte[] NEW_NONCE = new byte[32];
  private static final int DC = 2;

  private final Random random = new Random(3);
  private ServerHandshake server = server(id -> false);

  static {
    new Counter().nextBytes(NONCE);
    new Counter().nextBytes(NEW_NONCE);
  }

  // The steps of an honest client.

  private ResPQ begin() {
    return reply(ResPQ.class, take(server, new ReqPqMulti(NONCE)));
  }

  private static Factors factors(ResPQ resPq) {
    Factors factors = Factors.of(new BigInteger(1, resPq.pq()).longValueExact());
    assertNotNull(factors);
    return factors;
  }

  private static PQInnerDataDc inner(ResPQ resPq) {
    Factors factors = factors(resPq);
    return new PQInnerDataDc(
        resPq.pq(),
        bytes(factors.p()),
        bytes(factors.q()),
        NONCE,
        resPq.serverNonce(),
        NEW_NONCE,
        DC);
  }

  private ReqDHParams request(ResPQ resPq, TlObject inner) {
    Factors factors = factors(resPq);
    return new ReqDHParams(
        NONCE,
        resPq.serverNonce(),
        bytes(factors.p()),
        bytes(factors.q()),
        KEY.fingerprint(),
        RsaPad.encrypt(KEY.publicKey(), encode(inner), random));
  }

  /** As the first clients encrypted it: RSA(SHA1(data) + data + random bytes, 255 in all). */
  private ReqDHParams hashed(ResPQ resPq, byte[] data, byte[] hash) {
    byte[] block = new byte[256];
    random.nextBytes(block);
    block[0] = 0;
    System.arraycopy(hash, 0, block, 1, hash.length);
    System.arraycopy(data, 0, block, 21, data.length);
    return request(resPq, inner(resPq)).withEncryptedData(KEY.publicKey().encrypt(block));
  }

  private static byte[] bytes(long number) {
    return BigInteger.valueOf(number).toByteArray();
  }

  /** An honest client that has the server's DH parameters. */
  private final class Dialogue {
    private final HandshakeKeys keys;
    private final byte[] serverNonce;
    private final ServerDHInnerData theirs;
    private final BigInteger b = Dh.freshExponent(random);

    Dialogue() {
      ResPQ resPq = begin();
      serverNonce = resPq.serverNonce();
      keys = new HandshakeKeys(NEW_NONCE, serverNonce);
      var ok = reply(ServerDHParamsOk.class, take(server, request(resPq, inner(resPq))));
      ServerDHInnerData opened = keys.open(ok.encryptedAnswer(), ServerDHInnerData.class);
      assertNotNull(opened);
      theirs = opened;
    }

    ClientDHInnerData answer(long retryId) {
      byte[] gB = Dh.fixed(BigInteger.valueOf(Dh.G).modPow(b, Dh.PRIME));
      return new ClientDHInnerData(NONCE, serverNonce, retryId, gB);
    }

    SetClientDHParams message(TlObject inner) {
      return new SetClientDHParams(NONCE, serverNonce, keys.seal(inner, random));
    }

    AuthKey key() {
      return new AuthKey(Dh.fixed(new BigInteger(1, theirs.gA()).modPow(b, Dh.PRIME)));
    }
  }

  @Test
  void makesAKeyWithAnHonestClient() {
    Dialogue dialogue = new Dialogue();
    var done =
        assertInstanceOf(Step.Done.class, take(server, dialogue.message(dialogue.answer(0))));
    assertEquals(dialogue.key(), done.key());
    assertEquals(dialogue.keys.salt(), done.salt());
    assertEquals(DC, done.dc());
    assertEquals(0, done.expiresIn());
    var ok = assertInstanceOf(DhGenOk.class, done.answer());
    assertArrayEquals(dialogue.keys.newNonceHash(1, done.key()), ok.newNonceHash1());
  }

  @Test
  void pqIsTheProductOfTwoDistinctPrimesOf31Bits() {
    ResPQ resPq = begin();
    Factors factors = factors(resPq);
    assertTrue(factors.p() < factors.q() && factors.p() >> 30 == 1 && factors.q() >> 30 == 1);
    assertEquals(List.of(KEY.fingerprint()), resPq.serverPublicKeyFingerprints());
    assertArrayEquals(NONCE, resPq.nonce());
  }

  @Test
  @DisplayName("12. server_nonce is fresh in each attempt")
  void serverNonceAndPqAreFreshInEachAttempt() {
    ResPQ one = begin();
    ResPQ other = reply(ResPQ.class, take(server, new ReqPq(NONCE)));
    assertFalse(Arrays.equals(one.serverNonce(), other.serverNonce()));
    assertFalse(Arrays.equals(one.pq(), other.pq()));
    // The former attempt of this nonce is over.
    assertRefused(take(server, request(one, inner(one))));
  }

  @Test
  @DisplayName("14. the known prime, a fresh g_a in each attempt")
  void dhParametersAreTheKnownOnesAndFresh() {
    ServerDHInnerData one = new Dialogue().theirs;
    ServerDHInnerData other = new Dialogue().theirs;
    assertEquals(3, one.g());
    assertArrayEquals(Dh.fixed(Dh.PRIME), one.dhPrime());
    assertTrue(Dh.isInRange(new BigInteger(1, one.gA()), Dh.PRIME));
    assertFalse(Arrays.equals(one.gA(), other.gA()));
    assertEquals(NOW, one.serverTime());
  }

  @ParameterizedTest
  @CsvSource({"2, 2", "10002, 2", "-2, 2", "-10003, 3", "0, 0", "-2147483648, 3648"})
  @DisplayName("4. no data centre named inside is a wrong one")
  void theClientNamesItsDataCentreTestAndMediaAside(int named, int dc) {
    ResPQ resPq = begin();
    reply(ServerDHParamsOk.class, take(server, request(resPq, inner(resPq).withDc(named))));
    assertEquals(dc, finish(resPq).dc());
  }

  static Stream<UnaryOperator<ReqDHParams>> brokenRequests() {
    return Stream.of(
        m -> m.withNonce(OTHER_16),
        m -> m.withServerNonce(OTHER_16),
        m -> m.withP(m.q()).withQ(m.p()),
        m -> m.withP(new byte[] {1}),
        m -> m.withQ(new byte[0]),
        m -> m.withPublicKeyFingerprint(KEY.fingerprint() + 1),
        m -> m.withEncryptedData(new byte[255]),
        m -> m.withEncryptedData(flipped(m.encryptedData())));
  }

  @ParameterizedTest
  @MethodSource("brokenRequests")
  @DisplayName("12. nonces, p and q match in clear")
  void whatIsInClearMatchesWhatWasIssued(UnaryOperator<ReqDHParams> breaking) {
    ResPQ resPq = begin();
    assertRefused(take(server, breaking.apply(request(resPq, inner(resPq)))));
  }

  static Stream<UnaryOperator<PQInnerDataDc>> brokenInnerData() {
    return Stream.of(
        d -> d.withPq(new byte[] {15}),
        d -> d.withP(d.q()).withQ(d.p()),
        d -> d.withP(new byte[] {3}),
        d -> d.withQ(new byte[] {5}),
        d -> d.withNonce(OTHER_16),
        d -> d.withServerNonce(OTHER_16));
  }

  @ParameterizedTest
  @MethodSource("brokenInnerData")
  @DisplayName("12. inner pq, p, q and nonces equal those issued")
  void whatIsInsideMatchesWhatWasIssued(UnaryOperator<PQInnerDataDc> breaking) {
    ResPQ resPq = begin();
    assertRefused(take(server, request(resPq, breaking.apply(inner(resPq)))));
  }

  @Test
  void somethingElseInsideIsRefused() {
    ResPQ resPq = begin();
    assertRefused(take(server, request(resPq, new Ping(1))));
  }

  @Test
  void theFormerPaddingIsTaken() {
    ResPQ resPq = begin();
    byte[] data = encode(inner(resPq));
    ReqDHParams request = hashed(resPq, data, Bytes.sha1(data));
    reply(ServerDHParamsOk.class, take(server, request));
  }

  @Test
  @DisplayName("13. a former padding whose hash does not verify is refused the same way")
  void theFormerPaddingsHashVerifies() {
    ResPQ resPq = begin();
    byte[] data = encode(inner(resPq));
    assertRefused(take(server, hashed(resPq, data, flipped(Bytes.sha1(data)))));
  }

  static Stream<Arguments> forms() {
    int week = ServerHandshake.EXPIRES_IN_MAX;
    return Stream.of(
        Arguments.of(form(d -> d), 0),
        Arguments.of(
            form(
                d ->
                    new PQInnerData(
                        d.pq(), d.p(), d.q(), d.nonce(), d.serverNonce(), d.newNonce())),
            0),
        Arguments.of(form(d -> temporary(d, 86_400)), 86_400),
        Arguments.of(form(d -> temporary(d, 86_400).withDc(-10_002)), 86_400),
        Arguments.of(form(d -> temporary(d, Integer.MAX_VALUE)), week),
        Arguments.of(
            form(
                d ->
                    new PQInnerDataTemp(
                        d.pq(), d.p(), d.q(), d.nonce(), d.serverNonce(), d.newNonce(), 60)),
            60));
  }

  private static Function<PQInnerDataDc, TlObject> form(Function<PQInnerDataDc, TlObject> form) {
    return form;
  }

  private static PQInnerDataTempDc temporary(PQInnerDataDc d, int expiresIn) {
    return new PQInnerDataTempDc(
        d.pq(), d.p(), d.q(), d.nonce(), d.serverNonce(), d.newNonce(), d.dc(), expiresIn);
  }

  @ParameterizedTest
  @MethodSource("forms")
  void everyFormOfInnerDataIsTakenInEitherPadding(
      Function<PQInnerDataDc, TlObject> form, int expiresIn) {
    for (boolean former : new boolean[] {false, true}) {
      ResPQ resPq = begin();
      TlObject inner = form.apply(inner(resPq));
      byte[] data = encode(inner);
      ReqDHParams request = former ? hashed(resPq, data, Bytes.sha1(data)) : request(resPq, inner);
      reply(ServerDHParamsOk.class, take(server, request));
      assertEquals(expiresIn, finish(resPq).expiresIn());
    }
  }

  private Step.Done finish(ResPQ resPq) {
    HandshakeKeys keys = new HandshakeKeys(NEW_NONCE, resPq.serverNonce());
    byte[] gB = Dh.fixed(Dh.PRIME.shiftRight(1));
    var inner = new ClientDHInnerData(NONCE, resPq.serverNonce(), 0, gB);
    var message = new SetClientDHParams(NONCE, resPq.serverNonce(), keys.seal(inner, random));
    return assertInstanceOf(Step.Done.class, take(server, message));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
  void aTemporaryKeyLivesForAWhile(int expiresIn) {
    ResPQ resPq = begin();
    assertRefused(take(server, request(resPq, temporary(inner(resPq), expiresIn))));
  }

  @Test
  void nothingIsComputedForWhoHasNotSolvedPq() {
    ResPQ resPq = begin();
    assertRefused(server.receive(request(resPq, inner(resPq)).withP(new byte[] {3})));
  }

  static Stream<UnaryOperator<ClientDHInnerData>> brokenClientDh() {
    return Stream.of(
        d -> d.withNonce(OTHER_16),
        d -> d.withServerNonce(OTHER_16),
        d -> d.withRetryId(1),
        d -> d.withGB(new byte[0]),
        d -> d.withGB(Dh.fixed(BigInteger.ONE)),
        d -> d.withGB(Dh.fixed(BigInteger.TWO.pow(1984).subtract(BigInteger.ONE))),
        d -> d.withGB(Dh.fixed(Dh.PRIME.subtract(BigInteger.ONE))),
        d -> d.withGB(Dh.fixed(Dh.PRIME.subtract(BigInteger.TWO.pow(1984)).add(BigInteger.ONE))),
        d -> d.withGB(Bytes.concat(new byte[] {1}, d.gB())));
  }

  @ParameterizedTest
  @MethodSource("brokenClientDh")
  @DisplayName("14. and 15. 2^1984 <= g_b <= p - 2^1984; nonces and retry_id match")
  void theClientsDhDataMatchesAndKeepsItsRange(UnaryOperator<ClientDHInnerData> breaking) {
    Dialogue dialogue = new Dialogue();
    assertRefused(take(server, dialogue.message(breaking.apply(dialogue.answer(0)))));
  }

  static Stream<UnaryOperator<SetClientDHParams>> brokenClientDhMessages() {
    return Stream.of(
        m -> m.withNonce(OTHER_16),
        m -> m.withServerNonce(OTHER_16),
        m -> m.withEncryptedData(new byte[0]),
        m -> m.withEncryptedData(flipped(m.encryptedData())),
        m -> m.withEncryptedData(Bytes.concat(m.encryptedData(), new byte[16])),
        m -> m.withEncryptedData(Bytes.concat(m.encryptedData(), new byte[1])));
  }

  @ParameterizedTest
  @MethodSource("brokenClientDhMessages")
  @DisplayName("15. client_DH_inner_data: hash and padding verify")
  void theClientsDhMessageVerifies(UnaryOperator<SetClientDHParams> breaking) {
    Dialogue dialogue = new Dialogue();
    assertRefused(take(server, breaking.apply(dialogue.message(dialogue.answer(0)))));
  }

  @Test
  void aStepIsTakenOnce() {
    ResPQ resPq = begin();
    ReqDHParams request = request(resPq, inner(resPq));
    reply(ServerDHParamsOk.class, take(server, request));
    assertRefused(take(server, request));
  }

  @Test
  @DisplayName("14. the exponent is out of reach when the attempt is over")
  void aFinishedAttemptIsForgotten() {
    Dialogue dialogue = new Dialogue();
    SetClientDHParams message = dialogue.message(dialogue.answer(0));
    assertInstanceOf(Step.Done.class, take(server, message));
    assertRefused(take(server, message));
  }

  @Test
  void stepsComeInTheirOrder() {
    ResPQ resPq = begin();
    HandshakeKeys keys = new HandshakeKeys(NEW_NONCE, resPq.serverNonce());
    var early =
        new ClientDHInnerData(NONCE, resPq.serverNonce(), 0, Dh.fixed(Dh.PRIME.shiftRight(1)));
    assertRefused(
        take(server, new SetClientDHParams(NONCE, resPq.serverNonce(), keys.seal(early, random))));
  }

  @Test
  @DisplayName("17. in plain text only handshake constructors")
  void inPlainOnlyHandshakeConstructorsAreTaken() {
    assertRefused(take(server, new Ping(1)));
  }

  @Test
  @DisplayName("13. after any failure everything later is -404 too")
  void afterARefusalEverythingIsRefused() {
    Dialogue dialogue = new Dialogue();
    assertRefused(take(server, new Ping(1)));
    assertRefused(take(server, dialogue.message(dialogue.answer(0))));
    assertRefused(take(server, new ReqPqMulti(NONCE)));
  }

  @Test
  void attemptsOfSeveralNoncesRunSideBySide() {
    Dialogue dialogue = new Dialogue();
    for (int i = 1; i <= 3; i++) {
      reply(ResPQ.class, take(server, new ReqPqMulti(nonce(i))));
    }
    assertInstanceOf(Step.Done.class, take(server, dialogue.message(dialogue.answer(0))));
  }

  @Test
  void beyondFourAttemptsTheOldestIsForgotten() {
    Dialogue dialogue = new Dialogue();
    for (int i = 1; i <= 4; i++) {
      reply(ResPQ.class, take(server, new ReqPqMulti(nonce(i))));
    }
    assertRefused(take(server, dialogue.message(dialogue.answer(0))));
  }

  @Test
  @DisplayName("15. a taken auth_key_id: dh_gen_retry, and retry_id is the previous aux hash")
  void aTakenIdIsTriedAgainWithTheHashOfTheFormer() {
    var taken = new boolean[] {true};
    server = server(id -> taken[0]);
    Dialogue dialogue = new Dialogue();
    DhGenRetry retry = reply(DhGenRetry.class, take(server, dialogue.message(dialogue.answer(0))));
    assertArrayEquals(dialogue.keys.newNonceHash(2, dialogue.key()), retry.newNonceHash2());
    taken[0] = false;
    long retryId = dialogue.key().auxHash();
    assertInstanceOf(Step.Done.class, take(server, dialogue.message(dialogue.answer(retryId))));
  }

  @Test
  @DisplayName("15. a retry that names another is refused")
  void aRetryWithoutTheHashOfTheFormerIsRefused() {
    server = server(id -> true);
    Dialogue dialogue = new Dialogue();
    reply(DhGenRetry.class, take(server, dialogue.message(dialogue.answer(0))));
    assertRefused(take(server, dialogue.message(dialogue.answer(0))));
  }

  @Test
  @DisplayName("15. retries are capped")
  void retriesEndInFailure() {
    server = server(id -> true);
    Dialogue dialogue = new Dialogue();
    long retryId = 0;
    for (int i = 0; i < 3; i++) {
      reply(DhGenRetry.class, take(server, dialogue.message(dialogue.answer(retryId))));
      retryId = dialogue.key().auxHash();
    }
    DhGenFail fail =
        reply(DhGenFail.class, take(server, dialogue.message(dialogue.answer(retryId))));
    assertArrayEquals(dialogue.keys.newNonceHash(3, dialogue.key()), fail.newNonceHash3());
    assertRefused(take(server, dialogue.message(dialogue.answer(retryId))));
  }

  @Test
  void randomBytesInAnyFieldAreRefused() {
    for (int i = 0; i < 50; i++) {
      byte[] bytes = new byte[i % 2 == 0 ? 256 : random.nextInt(300)];
      random.nextBytes(bytes);
      server = server(id -> false);
      ResPQ resPq = begin();
      assertRefused(take(server, request(resPq, inner(resPq)).withEncryptedData(bytes)));
      server = server(id -> false);
      Dialogue dialogue = new Dialogue();
      assertRefused(take(server, dialogue.message(dialogue.answer(0)).withEncryptedData(bytes)));
    }
  }

  private static byte[] nonce(int number) {
    byte[] nonce = new byte[16];
    nonce[15] = (byte) (0x80 + number);
    return nonce;
  }

  private static byte[] flipped(byte[] bytes) {
    byte[] flipped = bytes.clone();
    flipped[flipped.length - 1] ^= 1;
    return flipped;
  }

  private static void assertRefused(Step step) {
    assertEquals(new Step.Refuse(), step);
  }
}

package dev.starling.mtproto;

import static dev.starling.mtproto.Handshakes.KEY;
import static dev.starling.mtproto.Handshakes.NOW;
import static dev.starling.mtproto.Handshakes.OTHER_16;
import static dev.starling.mtproto.Handshakes.encode;
import static dev.starling.mtproto.Handshakes.reply;
import static dev.starling.mtproto.Handshakes.server;
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
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

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
    return reply(ResPQ.class, server.receive(new ReqPqMulti(NONCE)));
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
      var ok = reply(ServerDHParamsOk.class, server.receive(request(resPq, inner(resPq))));
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
        assertInstanceOf(Step.Done.class, server.receive(dialogue.message(dialogue.answer(0))));
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
  void serverNonceAndPqAreFreshInEachAttempt() {
    ResPQ one = begin();
    ResPQ other = reply(ResPQ.class, server.receive(new ReqPq(NONCE)));
    assertFalse(Arrays.equals(one.serverNonce(), other.serverNonce()));
    assertFalse(Arrays.equals(one.pq(), other.pq()));
    // The former attempt of this nonce is over.
    assertRefused(server.receive(request(one, inner(one))));
  }

  @Test
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
  void theClientNamesItsDataCentreTestAndMediaAside(int named, int dc) {
    ResPQ resPq = begin();
    reply(ServerDHParamsOk.class, server.receive(request(resPq, inner(resPq).withDc(named))));
    HandshakeKeys keys = new HandshakeKeys(NEW_NONCE, resPq.serverNonce());
    byte[] gB = Dh.fixed(Dh.PRIME.shiftRight(1));
    var inner = new ClientDHInnerData(NONCE, resPq.serverNonce(), 0, gB);
    var message = new SetClientDHParams(NONCE, resPq.serverNonce(), keys.seal(inner, random));
    assertEquals(dc, assertInstanceOf(Step.Done.class, server.receive(message)).dc());
  }

  @Test
  void innerDataWithoutADataCentreIsTaken() {
    ResPQ resPq = begin();
    PQInnerDataDc d = inner(resPq);
    var old = new PQInnerData(d.pq(), d.p(), d.q(), d.nonce(), d.serverNonce(), d.newNonce());
    reply(ServerDHParamsOk.class, server.receive(request(resPq, old)));
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
  void whatIsInClearMatchesWhatWasIssued(UnaryOperator<ReqDHParams> breaking) {
    ResPQ resPq = begin();
    assertRefused(server.receive(breaking.apply(request(resPq, inner(resPq)))));
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
  void whatIsInsideMatchesWhatWasIssued(UnaryOperator<PQInnerDataDc> breaking) {
    ResPQ resPq = begin();
    assertRefused(server.receive(request(resPq, breaking.apply(inner(resPq)))));
  }

  @Test
  void somethingElseInsideIsRefused() {
    ResPQ resPq = begin();
    assertRefused(server.receive(request(resPq, new Ping(1))));
  }

  @Test
  void temporaryKeysAreNotMadeYet() {
    ResPQ resPq = begin();
    PQInnerDataDc d = inner(resPq);
    var temporary =
        new PQInnerDataTempDc(
            d.pq(), d.p(), d.q(), d.nonce(), d.serverNonce(), d.newNonce(), DC, 86_400);
    assertRefused(server.receive(request(resPq, temporary)));
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
  void theClientsDhDataMatchesAndKeepsItsRange(UnaryOperator<ClientDHInnerData> breaking) {
    Dialogue dialogue = new Dialogue();
    assertRefused(server.receive(dialogue.message(breaking.apply(dialogue.answer(0)))));
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
  void theClientsDhMessageVerifies(UnaryOperator<SetClientDHParams> breaking) {
    Dialogue dialogue = new Dialogue();
    assertRefused(server.receive(breaking.apply(dialogue.message(dialogue.answer(0)))));
  }

  @Test
  void aStepIsTakenOnce() {
    ResPQ resPq = begin();
    ReqDHParams request = request(resPq, inner(resPq));
    reply(ServerDHParamsOk.class, server.receive(request));
    assertRefused(server.receive(request));
  }

  @Test
  void aFinishedAttemptIsForgotten() {
    Dialogue dialogue = new Dialogue();
    SetClientDHParams message = dialogue.message(dialogue.answer(0));
    assertInstanceOf(Step.Done.class, server.receive(message));
    assertRefused(server.receive(message));
  }

  @Test
  void stepsComeInTheirOrder() {
    ResPQ resPq = begin();
    HandshakeKeys keys = new HandshakeKeys(NEW_NONCE, resPq.serverNonce());
    var early =
        new ClientDHInnerData(NONCE, resPq.serverNonce(), 0, Dh.fixed(Dh.PRIME.shiftRight(1)));
    assertRefused(
        server.receive(
            new SetClientDHParams(NONCE, resPq.serverNonce(), keys.seal(early, random))));
  }

  @Test
  void inPlainOnlyHandshakeConstructorsAreTaken() {
    assertRefused(server.receive(new Ping(1)));
  }

  @Test
  void afterARefusalEverythingIsRefused() {
    Dialogue dialogue = new Dialogue();
    assertRefused(server.receive(new Ping(1)));
    assertRefused(server.receive(dialogue.message(dialogue.answer(0))));
    assertRefused(server.receive(new ReqPqMulti(NONCE)));
  }

  @Test
  void attemptsOfSeveralNoncesRunSideBySide() {
    Dialogue dialogue = new Dialogue();
    for (int i = 1; i <= 3; i++) {
      reply(ResPQ.class, server.receive(new ReqPqMulti(nonce(i))));
    }
    assertInstanceOf(Step.Done.class, server.receive(dialogue.message(dialogue.answer(0))));
  }

  @Test
  void beyondFourAttemptsTheOldestIsForgotten() {
    Dialogue dialogue = new Dialogue();
    for (int i = 1; i <= 4; i++) {
      reply(ResPQ.class, server.receive(new ReqPqMulti(nonce(i))));
    }
    assertRefused(server.receive(dialogue.message(dialogue.answer(0))));
  }

  @Test
  void aTakenIdIsTriedAgainWithTheHashOfTheFormer() {
    var taken = new boolean[] {true};
    server = server(id -> taken[0]);
    Dialogue dialogue = new Dialogue();
    DhGenRetry retry =
        reply(DhGenRetry.class, server.receive(dialogue.message(dialogue.answer(0))));
    assertArrayEquals(dialogue.keys.newNonceHash(2, dialogue.key()), retry.newNonceHash2());
    taken[0] = false;
    long retryId = dialogue.key().auxHash();
    assertInstanceOf(Step.Done.class, server.receive(dialogue.message(dialogue.answer(retryId))));
  }

  @Test
  void aRetryWithoutTheHashOfTheFormerIsRefused() {
    server = server(id -> true);
    Dialogue dialogue = new Dialogue();
    reply(DhGenRetry.class, server.receive(dialogue.message(dialogue.answer(0))));
    assertRefused(server.receive(dialogue.message(dialogue.answer(0))));
  }

  @Test
  void retriesEndInFailure() {
    server = server(id -> true);
    Dialogue dialogue = new Dialogue();
    long retryId = 0;
    for (int i = 0; i < 3; i++) {
      reply(DhGenRetry.class, server.receive(dialogue.message(dialogue.answer(retryId))));
      retryId = dialogue.key().auxHash();
    }
    DhGenFail fail =
        reply(DhGenFail.class, server.receive(dialogue.message(dialogue.answer(retryId))));
    assertArrayEquals(dialogue.keys.newNonceHash(3, dialogue.key()), fail.newNonceHash3());
    assertRefused(server.receive(dialogue.message(dialogue.answer(retryId))));
  }

  @Property(tries = 50)
  void randomBytesInAnyFieldAreRefused(
      @ForAll @Size(max = 300) byte[] bytes, @ForAll @Size(256) byte[] block) {
    server = server(id -> false);
    ResPQ resPq = begin();
    ReqDHParams request = request(resPq, inner(resPq));
    assertRefused(server.receive(request.withEncryptedData(bytes.length % 2 == 0 ? block : bytes)));
    server = server(id -> false);
    Dialogue dialogue = new Dialogue();
    assertRefused(server.receive(dialogue.message(dialogue.answer(0)).withEncryptedData(bytes)));
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

package dev.starling.mtproto;

import static dev.starling.mtproto.Handshakes.KEY;
import static dev.starling.mtproto.Handshakes.NOW;
import static dev.starling.mtproto.Handshakes.OTHER_16;
import static dev.starling.mtproto.Handshakes.client;
import static dev.starling.mtproto.Handshakes.env;
import static dev.starling.mtproto.Handshakes.reply;
import static dev.starling.mtproto.Handshakes.sent;
import static dev.starling.mtproto.Handshakes.server;
import static dev.starling.mtproto.Handshakes.take;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.starling.mtproto.ClientHandshake.Step;
import dev.starling.tl.TlObject;
import dev.starling.tl.mt.DhGenFail;
import dev.starling.tl.mt.DhGenOk;
import dev.starling.tl.mt.DhGenRetry;
import dev.starling.tl.mt.PQInnerDataDc;
import dev.starling.tl.mt.Ping;
import dev.starling.tl.mt.ReqDHParams;
import dev.starling.tl.mt.ResPQ;
import dev.starling.tl.mt.ServerDHInnerData;
import dev.starling.tl.mt.ServerDHParamsOk;
import dev.starling.tl.mt.SetClientDHParams;
import java.math.BigInteger;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The client against our server, and against one that breaks one rule at a time. */
class ClientHandshakeTest {
  private final ClientHandshake client = client(-10_002);
  private ServerHandshake server = server(id -> false);

  private ResPQ resPq() {
    return reply(ResPQ.class, take(server, client.start()));
  }

  private ReqDHParams request() {
    return sent(ReqDHParams.class, client.receive(resPq()));
  }

  private SetClientDHParams clientDh() {
    var ok = reply(ServerDHParamsOk.class, take(server, request()));
    return sent(SetClientDHParams.class, client.receive(ok));
  }

  private DhGenOk dhGenOk() {
    var done = assertInstanceOf(ServerHandshake.Step.Done.class, take(server, clientDh()));
    return assertInstanceOf(DhGenOk.class, done.answer());
  }

  @Test
  void bothSidesMakeTheSameKey() {
    var theirs = assertInstanceOf(ServerHandshake.Step.Done.class, take(server, clientDh()));
    var ours = assertInstanceOf(Step.Done.class, client.receive(theirs.answer()));
    assertEquals(theirs.key(), ours.key());
    assertEquals(theirs.salt(), ours.salt());
    assertEquals(2, theirs.dc());
    assertEquals(100, ours.timeOffsetSeconds());
  }

  @Property(tries = 20)
  void bothSidesMakeTheSameKeyWhateverTheRandomness(@ForAll long seed) {
    var anyServer = new ServerHandshake(List.of(KEY), id -> false, env(seed, NOW));
    var anyClient = new ClientHandshake(List.of(KEY.publicKey()), 1, 0, env(~seed, NOW));
    TlObject next = anyClient.start();
    for (int i = 0; i < 2; i++) {
      var answer =
          assertInstanceOf(ServerHandshake.Step.Reply.class, take(anyServer, next)).answer();
      next = assertInstanceOf(Step.Send.class, anyClient.receive(answer)).message();
    }
    var theirs = assertInstanceOf(ServerHandshake.Step.Done.class, take(anyServer, next));
    var ours = assertInstanceOf(Step.Done.class, anyClient.receive(theirs.answer()));
    assertEquals(theirs.key(), ours.key());
  }

  @Test
  void aRetryGivesAnotherKey() {
    var calls = new int[1];
    server = server(id -> calls[0]++ < 2);
    SetClientDHParams message = clientDh();
    for (int i = 0; i < 2; i++) {
      var retry = reply(DhGenRetry.class, take(server, message));
      message = sent(SetClientDHParams.class, client.receive(retry));
    }
    var theirs = assertInstanceOf(ServerHandshake.Step.Done.class, take(server, message));
    var ours = assertInstanceOf(Step.Done.class, client.receive(theirs.answer()));
    assertEquals(theirs.key(), ours.key());
  }

  @Test
  void retriesEndInFailure() {
    server = server(id -> true);
    SetClientDHParams message = clientDh();
    for (int i = 0; i < 3; i++) {
      message =
          sent(
              SetClientDHParams.class,
              client.receive(reply(DhGenRetry.class, take(server, message))));
    }
    assertFailed(
        "the server gave up", client.receive(reply(DhGenFail.class, take(server, message))));
  }

  static Stream<UnaryOperator<ResPQ>> brokenResPq() {
    return Stream.of(
        m -> m.withNonce(OTHER_16),
        m -> m.withServerPublicKeyFingerprints(List.of()),
        m -> m.withServerPublicKeyFingerprints(List.of(KEY.fingerprint() + 1)),
        m -> m.withPq(new byte[0]),
        m -> m.withPq(BigInteger.valueOf(2147483647).toByteArray()),
        m -> m.withPq(new byte[] {-1, -1, -1, -1, -1, -1, -1, -1}),
        m -> m.withPq(new byte[300]));
  }

  @ParameterizedTest
  @MethodSource("brokenResPq")
  void aBrokenResPqFails(UnaryOperator<ResPQ> breaking) {
    assertFailed(client.receive(breaking.apply(resPq())));
  }

  @Test
  void theClientSaysInsideWhatItSaysInClear() {
    ResPQ resPq = resPq();
    ReqDHParams request = sent(ReqDHParams.class, client.receive(resPq));
    var inner = assertInstanceOf(PQInnerDataDc.class, RsaPad.open(KEY, request.encryptedData()));
    assertEquals(
        new BigInteger(inner.pq()), new BigInteger(inner.p()).multiply(new BigInteger(inner.q())));
    assertEquals(new BigInteger(request.p()), new BigInteger(inner.p()));
    assertEquals(-10_002, inner.dc());
  }

  static Stream<UnaryOperator<ServerDHParamsOk>> brokenDhParams() {
    return Stream.of(
        m -> m.withNonce(OTHER_16),
        m -> m.withServerNonce(OTHER_16),
        m -> m.withEncryptedAnswer(new byte[0]),
        m -> m.withEncryptedAnswer(new byte[592]),
        m -> m.withEncryptedAnswer(Bytes.concat(m.encryptedAnswer(), new byte[16])));
  }

  @ParameterizedTest
  @MethodSource("brokenDhParams")
  void brokenDhParametersFail(UnaryOperator<ServerDHParamsOk> breaking) {
    var ok = reply(ServerDHParamsOk.class, take(server, request()));
    assertFailed(client.receive(breaking.apply(ok)));
  }

  static Stream<UnaryOperator<ServerDHInnerData>> brokenDhInnerData() {
    BigInteger edge = BigInteger.TWO.pow(1984);
    return Stream.of(
        d -> d.withNonce(OTHER_16),
        d -> d.withServerNonce(OTHER_16),
        d -> d.withG(2),
        d -> d.withG(0),
        d -> d.withDhPrime(Dh.fixed(Dh.PRIME.subtract(BigInteger.TWO))),
        d -> d.withDhPrime(new byte[] {23}),
        d -> d.withDhPrime(new byte[0]),
        d -> d.withGA(Dh.fixed(BigInteger.ONE)),
        d -> d.withGA(Dh.fixed(edge.subtract(BigInteger.ONE))),
        d -> d.withGA(Dh.fixed(Dh.PRIME.subtract(edge).add(BigInteger.ONE))));
  }

  /** The inner data, sealed rightly by a server that holds the key and means ill. */
  @ParameterizedTest
  @MethodSource("brokenDhInnerData")
  void anUnsafeGroupOrElementFails(UnaryOperator<ServerDHInnerData> breaking) {
    ReqDHParams request = request();
    ServerDHParamsOk ok = reply(ServerDHParamsOk.class, take(server, request));
    HandshakeKeys keys = keys(request);
    ServerDHInnerData inner = keys.open(ok.encryptedAnswer(), ServerDHInnerData.class);
    assertNotNull(inner);
    assertFailed(
        client.receive(ok.withEncryptedAnswer(keys.seal(breaking.apply(inner), new Random(1)))));
  }

  /** What the client and the server alone know. */
  private static HandshakeKeys keys(ReqDHParams request) {
    var inner = assertInstanceOf(PQInnerDataDc.class, RsaPad.open(KEY, request.encryptedData()));
    return new HandshakeKeys(inner.newNonce(), request.serverNonce());
  }

  static Stream<UnaryOperator<DhGenOk>> brokenDhGenOk() {
    return Stream.of(
        m -> m.withNonce(OTHER_16),
        m -> m.withServerNonce(OTHER_16),
        m -> m.withNewNonceHash1(OTHER_16));
  }

  @ParameterizedTest
  @MethodSource("brokenDhGenOk")
  void aBrokenConfirmationFails(UnaryOperator<DhGenOk> breaking) {
    assertFailed(client.receive(breaking.apply(dhGenOk())));
  }

  @Test
  void aRetryThatDoesNotVerifyFails() {
    DhGenOk ok = dhGenOk();
    assertFailed(client.receive(new DhGenRetry(ok.nonce(), ok.serverNonce(), ok.newNonceHash1())));
  }

  @Test
  void aMessageOutOfTurnFailsForGood() {
    ResPQ resPq = resPq();
    assertFailed(client.receive(new Ping(1)));
    assertFailed(client.receive(resPq));
  }

  private static void assertFailed(Step step) {
    assertInstanceOf(Step.Failed.class, step);
  }

  private static void assertFailed(String why, Step step) {
    assertEquals(new Step.Failed(why), step);
  }
}

package dev.starling.messenger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.starling.mtproto.Envelope;
import dev.starling.mtproto.Framing;
import dev.starling.mtproto.ProxySecret;
import dev.starling.mtproto.Side;
import dev.starling.store.Batch;
import dev.starling.tl.Layer;
import dev.starling.tl.api.HelpGetAppConfig;
import dev.starling.tl.api.HelpGetConfig;
import dev.starling.tl.api.HelpGetDeepLinkInfo;
import dev.starling.tl.api.HelpGetNearestDc;
import dev.starling.tl.api.InitConnection;
import dev.starling.tl.api.InputUserSelf;
import dev.starling.tl.api.InvokeWithLayer;
import dev.starling.tl.api.InvokeWithoutUpdates;
import dev.starling.tl.api.MessageMediaEmpty;
import dev.starling.tl.api.UpdateConfig;
import dev.starling.tl.api.UpdateServiceNotification;
import dev.starling.tl.api.UpdateShort;
import dev.starling.tl.api.UpdatesGetState;
import dev.starling.tl.api.UpdatesTooLong;
import dev.starling.tl.api.UsersGetUsers;
import dev.starling.tl.mt.RpcError;
import java.io.IOException;
import java.net.BindException;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GatewayTest {
  private static final long ALICE = 1001;
  private static final long BOB = 1002;

  private final MoodyStore store = new MoodyStore();
  private TestGateway service;

  GatewayTest() throws IOException {
    service = new TestGateway(store, TestGateway.LIMITS);
  }

  @AfterEach
  void stop() {
    service.close();
  }

  @ParameterizedTest
  @CsvSource({
    "INTERMEDIATE,",
    "INTERMEDIATE, PLAIN",
    "PADDED_INTERMEDIATE, PLAIN",
    "PADDED_INTERMEDIATE, PADDED"
  })
  void aKeyIsMadeAndACallAnswered(Framing framing, ProxySecret.@Nullable Kind kind) {
    ProxySecret secret =
        kind == null
            ? null
            : kind == ProxySecret.Kind.PLAIN ? TestGateway.PLAIN : TestGateway.PADDED;
    try (var client = new TestClient(service.address, framing, secret, service.env)) {
      client.signUp(TestGateway.SERVER_KEY.publicKey());
      assertEquals(2, client.call(new HelpGetNearestDc()).thisDc());
      Caller caller = service.callers.getFirst();
      assertEquals(client.key().id(), caller.authKeyId());
      assertEquals(client.session().sessionId(), caller.sessionId());
      assertEquals(0, caller.accountId());
      assertEquals(1, service.gateway.stats().handshakes());
    }
  }

  @Test
  void updatesReachTheSessionsThatTakePart() {
    try (var phone = service.client(ALICE);
        var laptop = service.client(ALICE);
        var other = service.client(BOB);
        var media = service.client()) {
      service.keys.bind(media.key().id(), ALICE, new Batch());
      media.call(new InvokeWithoutUpdates<>(new UpdatesGetState()));
      service.gateway.sessions().push(ALICE, update(1), laptop.session().sessionId());
      service.gateway.sessions().push(ALICE, update(2), 0);
      service.gateway.sessions().push(BOB, update(3), 0);
      assertEquals(update(1), phone.nextUpdate());
      assertEquals(update(2), phone.nextUpdate());
      assertEquals(update(2), laptop.nextUpdate());
      assertEquals(update(3), other.nextUpdate());
      media.call(deepLink("after"));
      assertTrue(media.updates.isEmpty());
    }
  }

  @Test
  void aSessionThatAsksAnythingOfItsAccountTakesPartButOneForFilesDoesNot() {
    try (var phone = service.client();
        var files = service.client()) {
      service.keys.bind(phone.key().id(), ALICE, new Batch());
      service.keys.bind(files.key().id(), ALICE, new Batch());
      files.call(new HelpGetNearestDc());
      phone.call(new UsersGetUsers(List.of(new InputUserSelf())));
      service.gateway.sessions().push(ALICE, update(1), 0);
      assertEquals(update(1), phone.nextUpdate());
      files.call(deepLink("after"));
      assertTrue(files.updates.isEmpty());
    }
  }

  @Test
  void aSessionThatOnlyIntroducesItselfTakesPart() {
    var introduction =
        InitConnection.of(7, "Device", "OS", "1.0", "en", "", "en", new HelpGetConfig());
    try (var phone = service.client();
        var files = service.client()) {
      service.keys.bind(phone.key().id(), ALICE, new Batch());
      service.keys.bind(files.key().id(), ALICE, new Batch());
      phone.call(new InvokeWithLayer<>(227, introduction));
      files.call(new InvokeWithoutUpdates<>(new InvokeWithLayer<>(227, introduction)));
      service.gateway.sessions().push(ALICE, update(1), 0);
      assertEquals(update(1), phone.nextUpdate());
      files.call(deepLink("after"));
      assertTrue(files.updates.isEmpty());
    }
  }

  @Test
  void aSignedOutKeyGetsNoMore() {
    try (var client = service.client(ALICE)) {
      service.keys.unbind(client.key().id(), new Batch());
      service.gateway.sessions().push(ALICE, update(1), 0); // signed out, not yet dropped
      service.keys.bind(client.key().id(), ALICE, new Batch());
      service.gateway.sessions().drop(client.key().id());
      service.gateway.sessions().push(ALICE, update(2), 0);
      client.call(new UpdatesGetState());
      service.gateway.sessions().push(ALICE, update(3), 0);
      assertEquals(update(3), client.nextUpdate());
    }
  }

  @Test
  void anEndedKeyIsSentForTheDifferenceAndItsConnectionIsClosed() {
    try (var client = service.client(ALICE)) {
      service.keys.unbind(client.key().id(), new Batch());
      service.gateway.sessions().end(client.key().id());
      assertEquals(new UpdatesTooLong(), client.nextUpdate());
      client.call(deepLink("heard"));
      service.passTime();
      client.readToEnd();
      assertFalse(service.gateway.sessions().listens(ALICE, 0));
    }
  }

  @Test
  void aSessionThatNobodyIsSignedInOnCanBeToldThatItIsNow() {
    try (var client = service.client()) {
      client.call(deepLink("hello"));
      Caller device = service.callers.getLast();
      Sessions sessions = service.gateway.sessions();
      sessions.tell(device.authKeyId() + 1, device.sessionId(), update(1)); // another's session id
      sessions.tell(device.authKeyId(), device.sessionId(), update(2));
      assertEquals(update(2), client.nextUpdate());
    }
  }

  @Test
  @DisplayName("6. and 11. a call is executed once, its answer goes again on the next connection")
  void anAnswerFindsTheClientOnItsNextConnection() {
    service.gate("slow");
    try (var client = service.client()) {
      long call = client.begin(deepLink("slow"));
      until(() -> service.paths.contains("slow"));
      client.reconnect();
      service.gate("slow").countDown();
      client.result(deepLink("slow"), call);
      client.reconnect(); // before the acknowledgement is sent: the answer comes again and is taken
      // once
      client.call(deepLink("next"));
      assertEquals(List.of("slow", "next"), service.paths);
    }
  }

  @Test
  void pushesWaitForAClientThatIsAway() {
    try (var client = service.client(ALICE)) {
      client.disconnect();
      until(() -> service.gateway.stats().connections() == 0);
      service.gateway.sessions().push(ALICE, update(1), 0);
      client.reconnect();
      client.begin(deepLink("back"));
      assertEquals(update(1), client.nextUpdate());
    }
  }

  @Test
  @DisplayName("the layer belongs to the auth key")
  void theLayerBelongsToTheKey() throws IOException {
    var asked =
        new InvokeWithLayer<>(
            227, InitConnection.of(7, "Device", "OS", "1.0", "en", "", "en", deepLink("a")));
    try (var client = service.client()) {
      client.call(deepLink("before"));
      client.call(asked);
      client.reconnect();
      client.call(deepLink("b"));
      assertEquals(Layer.NEWEST, service.callers.get(0).layer());
      assertEquals(Layer.of(227), service.callers.get(1).layer());
      assertEquals(new ClientInfo(7, "Device", "OS", "1.0"), service.callers.get(1).client());
      assertEquals(Layer.of(227), service.callers.get(2).layer());

      service.close();
      service = new TestGateway(store, TestGateway.LIMITS);
      try (var later = service.connect().resume(client.key(), 0, 5)) {
        later.call(deepLink("c"));
        assertEquals(Layer.of(227), service.callers.getFirst().layer());
      }
    }
  }

  @Test
  void errorsAreAnsweredByKind() {
    try (var client = service.client()) {
      assertEquals(new RpcError(400, "PATH_EMPTY"), client.refused(deepLink("")));
      assertEquals(new RpcError(500, "INTERNAL"), client.refused(new HelpGetAppConfig(0)));
      byte[] unknown = {1, 2, 3, 4};
      assertEquals(
          new RpcError(400, "INPUT_METHOD_INVALID"),
          TestClient.error(client.answer(client.begin(unknown))));
      GatewayStats stats = service.gateway.stats();
      assertEquals(1, stats.defects());
      assertEquals(3, stats.refusals());
      client.call(deepLink("goes on"));
    }
  }

  @Test
  void callsOfOneSessionKeepTheirOrder() {
    service.gate("0");
    try (var client = service.client()) {
      long last = 0;
      for (int i = 0; i < 100; i++) {
        last = client.begin(deepLink(Integer.toString(i)));
      }
      service.gate("0").countDown();
      client.result(deepLink("99"), last);
      assertEquals(100, service.paths.size());
      for (int i = 0; i < 100; i++) {
        assertEquals(Integer.toString(i), service.paths.get(i));
      }
    }
  }

  @Test
  @DisplayName("4. an unknown auth_key_id: -404")
  void anUnknownKeyIsTold() {
    try (var known = service.client();
        var client = service.connect()) {
      byte[] packet = new byte[88];
      packet[0] = 1;
      client.sendPacket(packet);
      assertEquals(-404, client.transportError());
      client.readToEnd();
      known.call(deepLink("goes on"));
    }
  }

  @Test
  void garbageIsReadInSilence() {
    try (var client = service.connect();
        var known = service.client()) {
      client.sendBytes(new byte[] {0x7f, 0x7f, 0x7f, 0x7f}); // a length beyond all bounds
      until(() -> service.gateway.stats().dropped() == 1);
      client.sendBytes(new byte[100_000]);
      known.call(deepLink("goes on"));
      service.passTime();
      client.readToEnd();
      assertEquals(0, client.bytesRead);
    }
  }

  @Test
  @DisplayName("2. a forged packet is answered nothing")
  void aForgedPacketIsDropped() {
    try (var client = service.client()) {
      byte[] packet =
          Envelope.seal(client.key(), Side.CLIENT, 0, 1, 4, 0, new byte[16], service.env.random());
      packet[30] ^= 1;
      client.sendPacket(packet);
      until(() -> service.gateway.stats().dropped() == 1);
      assertEquals(0, service.gateway.stats().sessions());
    }
  }

  @Test
  void aSlowReaderIsSentForTheDifference() {
    try (var slow = service.client(ALICE)) {
      var big =
          new UpdateShort(
              UpdateServiceNotification.of(
                  "", service.noise(32 << 10), new MessageMediaEmpty(), List.of()),
              1);
      int pushes = 800; // 25 MB: far more than sockets and queues hold
      for (int i = 0; i < pushes; i++) {
        service.gateway.sessions().push(ALICE, big, 0);
      }
      assertTrue(service.gateway.stats().lags() > 0);
      slow.readUntil(() -> slow.updates.contains(new UpdatesTooLong()));
      service.gateway.sessions().push(ALICE, update(2), 0);
      slow.readUntil(() -> slow.updates.contains(update(2)));
      assertTrue(slow.bytesRead < 12 << 20, "queues held " + slow.bytesRead + " bytes");
    }
  }

  @Test
  void oneWhoDoesNotReadIsNotWorkedFor() {
    try (var greedy = service.client();
        var modest = service.client()) {
      int calls = 150; // 10 MB of answers
      long last = 0;
      for (int i = 0; i < calls; i++) {
        last = greedy.begin(new HelpGetNearestDc());
      }
      int answered;
      do {
        answered = service.bigAnswers.get();
        for (int i = 0; i < 20; i++) {
          modest.call(deepLink("not kept waiting"));
        }
      } while (service.bigAnswers.get() > answered);
      assertTrue(answered < calls, "all " + calls + " were answered to nobody");
      greedy.result(new HelpGetNearestDc(), last);
      assertEquals(calls, service.bigAnswers.get());
    }
  }

  @Test
  void connectionsAreLimited() throws IOException {
    restart(new GatewayLimits(1, 100, 10, 1, 10, 1L << 30));
    try (var first = service.client();
        var second = new Socket()) {
      second.connect(service.address);
      assertEquals(-1, second.getInputStream().read());
      assertEquals(1, service.gateway.stats().connectionsRefused());
      first.call(deepLink("goes on"));
    }
  }

  @Test
  @DisplayName("10. sessions of a key are capped")
  void sessionsOfAKeyAreLimited() throws IOException {
    restart(new GatewayLimits(10, 100, 2, 1, 10, 1L << 30));
    try (var first = service.client();
        var second = service.connect().resume(first.key(), first.session().salt(), 2);
        var third = service.connect().resume(first.key(), first.session().salt(), 3);
        var fourth = service.connect().resume(first.key(), first.session().salt(), 4)) {
      first.call(deepLink("1"));
      second.call(deepLink("2"));
      third.begin(deepLink("3"));
      assertEquals(-429, third.transportError());
      second.disconnect();
      until(() -> service.gateway.stats().connections() < 4);
      fourth.call(deepLink("4"));
      assertEquals(2, service.gateway.stats().sessions());
    }
  }

  @Test
  void sessionsAreLimited() throws IOException {
    restart(new GatewayLimits(10, 1, 10, 1, 10, 1L << 30));
    try (var first = service.client();
        var second = service.client()) {
      first.call(deepLink("1"));
      second.begin(deepLink("2"));
      assertEquals(-429, second.transportError());
      first.disconnect();
      until(() -> service.gateway.stats().connections() < 2);
      second.reconnect(); // in the place of the one who is away
      second.call(deepLink("2"));
      assertEquals(1, service.gateway.stats().sessions());
    }
  }

  @Test
  void oneConnectionDoesNotHoldAllSessions() throws IOException {
    int many = Connection.SESSIONS_MAX + 1;
    restart(new GatewayLimits(10, many, many, 1, 10, 1L << 30));
    try (var greedy = service.client();
        var other = service.client()) {
      for (int id = 1; id <= many; id++) {
        greedy.resume(greedy.key(), 0, id).call(deepLink("mine"));
      }
      other.call(deepLink("mine too"));
      assertEquals(many, service.gateway.stats().sessions());
    }
  }

  @Test
  void aLargePlainPacketIsDropped() {
    try (var client = service.connect()) {
      client.sendPacket(Envelope.plain(4, new byte[8 << 10]));
      until(() -> service.gateway.stats().dropped() == 1);
      assertEquals(0, service.gateway.stats().handshakesRefused());
    }
  }

  @Test
  @DisplayName("4. flood: -429")
  void handshakesThatWaitAreLimited() throws Exception {
    store.stick();
    restart(new GatewayLimits(10, 100, 10, 1, 1, 1L << 30));
    try (var first = service.connect();
        var second = service.connect();
        var third = service.connect();
        var fourth = service.connect()) {
      Thread handshake =
          Thread.startVirtualThread(() -> first.signUp(TestGateway.SERVER_KEY.publicKey()));
      until(() -> store.stuck.get() == 1); // the only thread
      List<TestClient> others = List.of(second, third, fourth);
      others.forEach(TestClient::knock); // that much is computed for anybody, at once
      until(() -> service.gateway.stats().handshakesRefused() == 2); // one waits
      store.loosen();
      handshake.join();
      first.call(deepLink("in"));
      assertEquals(2, others.stream().filter(client -> client.firstWord() == -429).count());
    }
  }

  @Test
  void aStoreThatFailsCostsNobodyTheirKey() throws IOException {
    try (var client = service.client()) {
      restart(TestGateway.LIMITS);
      store.fail();
      try (var again = service.connect().resume(client.key(), 0, 5)) {
        again.begin(deepLink("a"));
        until(() -> service.gateway.stats().dropped() == 1);
        service.passTime();
        again.readToEnd();
        assertEquals(0, again.bytesRead); // -404 would make it sign in anew
      }
    }
  }

  @Test
  void aClientMayAskToBeDisconnected() {
    try (var client = service.client()) {
      client.pingDelayDisconnect(75);
      client.call(deepLink("heard"));
      service.passTime();
      client.readToEnd();
    }
  }

  @Test
  void aSilentConnectionIsClosed() {
    try (var mute = service.connect();
        var client = service.client()) {
      client.call(deepLink("heard"));
      until(() -> service.gateway.stats().connections() == 2);
      service.passTime(); // to speak at all, if many were silent
      client.call(deepLink("the event loop has seen that time passed"));
      client.call(deepLink("heard meanwhile"));
      service.passTime(); // to speak at all
      mute.readToEnd();
      client.call(deepLink("heard again"));
      passTimeUntil(() -> service.gateway.stats().connections() == 0); // to speak again
      client.readToEnd();
    }
  }

  @Test
  void sessionsThatStayAwayAreForgottenAndSentForTheDifferenceWhenTheyComeBack() {
    try (var client = service.client(ALICE)) {
      client.disconnect();
      until(() -> service.gateway.stats().connections() == 0);
      passTimeUntil(
          () -> {
            service.ahead(SessionRegistry.AWAY_MAX.plusMinutes(1));
            return service.gateway.stats().sessions() == 0;
          });
      service.gateway.sessions().push(ALICE, update(1), 0); // to nobody
      client.reconnect();
      client.readUntil(() -> client.missed);
      client.call(new UpdatesGetState());
      assertEquals(new UpdatesTooLong(), client.nextUpdate());
      service.gateway.sessions().push(ALICE, update(2), 0);
      assertEquals(update(2), client.nextUpdate(), "once is enough");
    }
  }

  @Test
  void drainingFinishesWhatHasBegun() throws Exception {
    service.gate("slow");
    try (var client = service.client()) {
      long call = client.begin(deepLink("slow"));
      until(() -> service.paths.contains("slow"));
      Thread draining = Thread.startVirtualThread(this::drain);
      until(this::portIsClosed);
      service.gate("slow").countDown();
      client.result(deepLink("slow"), call);
      client.readToEnd();
      draining.join();
    }
  }

  private void drain() {
    try {
      service.gateway.drain(Duration.ofSeconds(30));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private boolean portIsClosed() {
    try {
      new Socket(service.address.getAddress(), service.address.getPort()).close();
      return false;
    } catch (IOException _) {
      return true;
    }
  }

  @Test
  void aPortThatIsTakenIsSaid() {
    var settings =
        new Gateway.Settings(
            service.address,
            () -> List.of(TestGateway.SERVER_KEY),
            List.of(),
            TestGateway.LIMITS,
            1,
            null);
    try (var second = new Gateway(settings, service.keys, service.env)) {
      assertThrows(BindException.class, () -> second.start(service));
    }
  }

  private void restart(GatewayLimits limits) throws IOException {
    service.close();
    service = new TestGateway(store, limits);
  }

  private void passTimeUntil(BooleanSupplier condition) {
    until(
        () -> {
          service.passTime();
          return condition.getAsBoolean();
        });
  }

  private static UpdateShort update(int date) {
    return new UpdateShort(new UpdateConfig(), date);
  }

  private static HelpGetDeepLinkInfo deepLink(String path) {
    return new HelpGetDeepLinkInfo(path);
  }

  /** Waits for what happens on other threads; the deadline is for tests that have failed. */
  private static void until(BooleanSupplier condition) {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < deadline, "it never happened");
      Thread.onSpinWait();
    }
  }
}

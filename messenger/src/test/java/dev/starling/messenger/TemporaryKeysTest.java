package dev.starling.messenger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.starling.mtproto.AuthKey;
import dev.starling.mtproto.KeyBinding;
import dev.starling.store.Batch;
import dev.starling.tl.Layer;
import dev.starling.tl.TlMethod;
import dev.starling.tl.TlReader;
import dev.starling.tl.api.HelpGetConfig;
import dev.starling.tl.api.HelpGetDeepLinkInfo;
import dev.starling.tl.api.HelpGetNearestDc;
import dev.starling.tl.api.InvokeWithLayer;
import dev.starling.tl.api.UpdatesGetState;
import dev.starling.tl.api.UpdatesTooLong;
import dev.starling.tl.mt.RpcError;
import java.io.IOException;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Clients with perfect forward secrecy, over sockets. */
@DisplayName("obligation 16: temporary keys expire, are bound, and unbound do nothing private")
class TemporaryKeysTest {
  private static final long ALICE = 1001;
  private static final int LIFE = 3600;

  private final MoodyStore store = new MoodyStore();
  private TestGateway service = start();
  private AuthKey permanent;

  private TestGateway start() {
    try {
      return new TestGateway(store, TestGateway.LIMITS);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  TemporaryKeysTest() {
    try (var client = service.client()) {
      permanent = client.key();
    }
  }

  @BeforeEach
  void signIn() {
    service.keys.bind(permanent.id(), ALICE, new Batch());
  }

  @AfterEach
  void stop() {
    service.close();
  }

  private TestClient temporary() {
    return service.connect().temporary(LIFE);
  }

  private int inAnHour() {
    return service.env.unixSeconds() + LIFE;
  }

  private TestClient bound() {
    TestClient client = temporary();
    assertBound(client.bind(permanent, inAnHour(), claims -> claims));
    return client;
  }

  private static void assertBound(byte[] answer) {
    assertTrue(new TlReader(answer, 0, answer.length).readBool());
  }

  private static HelpGetDeepLinkInfo deepLink(String path) {
    return new HelpGetDeepLinkInfo(path);
  }

  private Caller lastCaller() {
    return service.callers.getLast();
  }

  @Test
  void aBoundKeySpeaksForThePermanentOne() {
    try (var client = bound()) {
      client.call(deepLink("private"));
      assertEquals(ALICE, lastCaller().accountId());
      assertEquals(permanent.id(), lastCaller().authKeyId());
    }
  }

  @Test
  void anUnboundKeyDoesNothingPrivate() {
    try (var client = temporary()) {
      for (TlMethod<?> method : new TlMethod<?>[] {new UpdatesGetState(), deepLink("private")}) {
        assertEquals(new RpcError(401, "AUTH_KEY_PERM_EMPTY"), client.refused(method));
      }
      assertTrue(service.callers.isEmpty());
      client.call(new HelpGetNearestDc());
      assertEquals(0, lastCaller().accountId());
      assertEquals(0, lastCaller().authKeyId());
    }
  }

  @Test
  void updatesComeByTheTemporaryKey() {
    try (var client = bound()) {
      client.call(new UpdatesGetState());
      service.gateway.sessions().push(ALICE, new UpdatesTooLong(), 0);
      assertEquals(new UpdatesTooLong(), client.nextUpdate());
      service.gateway.sessions().drop(permanent.id());
      service.gateway.sessions().push(ALICE, new UpdatesTooLong(), 0);
      client.call(deepLink("after"));
      assertTrue(client.updates.isEmpty());
    }
  }

  @Test
  void theLayerIsThePermanentKeys() {
    try (var client = bound();
        var other = bound()) {
      client.call(new InvokeWithLayer<>(227, deepLink("old")));
      other.call(deepLink("other"));
      assertEquals(Layer.of(227), lastCaller().layer());
    }
  }

  @Test
  void bindingOnceMoreIsNoFault() {
    try (var client = bound()) {
      assertBound(client.bind(permanent, inAnHour(), claims -> claims));
      client.call(deepLink("private"));
    }
  }

  @Test
  void severalTemporaryKeysSpeakForOne() {
    try (var client = bound();
        var media = bound()) {
      client.call(deepLink("one"));
      media.call(deepLink("other"));
      assertEquals(ALICE, lastCaller().accountId());
    }
  }

  @Test
  void everyClaimInsideMustFit() {
    assertInvalid(claims -> new KeyBinding(claims.msgId() + 4, claims.inner()));
    assertInvalid(c -> new KeyBinding(c.msgId(), c.inner().withNonce(c.inner().nonce() + 1)));
    assertInvalid(c -> new KeyBinding(c.msgId(), c.inner().withTempAuthKeyId(permanent.id())));
    assertInvalid(c -> new KeyBinding(c.msgId(), c.inner().withPermAuthKeyId(1)));
    assertInvalid(c -> new KeyBinding(c.msgId(), c.inner().withTempSessionId(1)));
    assertInvalid(c -> new KeyBinding(c.msgId(), c.inner().withExpiresAt(1)));
  }

  private void assertInvalid(UnaryOperator<KeyBinding> claims) {
    try (var client = temporary()) {
      RpcError error = TestClient.error(client.bind(permanent, inAnHour(), claims));
      assertEquals(new RpcError(400, "ENCRYPTED_MESSAGE_INVALID"), error);
      assertEquals(new RpcError(401, "AUTH_KEY_PERM_EMPTY"), client.refused(new UpdatesGetState()));
    }
  }

  @Test
  void anUnknownPermanentKeyIsToldAsClientsExpect() {
    try (var client = temporary()) {
      AuthKey unknown = new AuthKey(service.env.bytes(AuthKey.BYTES));
      assertEquals(
          new RpcError(400, "ENCRYPTED_MESSAGE_INVALID"),
          TestClient.error(client.bind(unknown, inAnHour(), claims -> claims)));
      // Nor does one temporary key vouch for another.
      try (var other = temporary()) {
        assertEquals(
            new RpcError(400, "ENCRYPTED_MESSAGE_INVALID"),
            TestClient.error(client.bind(other.key(), inAnHour(), claims -> claims)));
      }
    }
  }

  @Test
  void otherMistakesHaveTheirNames() {
    try (var client = temporary();
        var plain = service.client()) {
      assertEquals(
          new RpcError(400, "EXPIRES_AT_INVALID"),
          TestClient.error(client.bind(permanent, service.env.unixSeconds() - 1, c -> c)));
      assertEquals(
          new RpcError(400, "TEMP_AUTH_KEY_EMPTY"),
          TestClient.error(plain.bind(permanent, inAnHour(), c -> c)));
      client.bind(permanent, inAnHour(), c -> c);
      assertEquals(
          new RpcError(400, "TEMP_AUTH_KEY_ALREADY_BOUND"),
          TestClient.error(client.bind(plain.key(), inAnHour(), c -> c)));
    }
  }

  @Test
  void itSurvivesARestartAndThenExpires() throws IOException {
    try (var client = bound()) {
      AuthKey key = client.key();
      service.close();
      service = new TestGateway(store, TestGateway.LIMITS);
      try (var back = service.connect().resume(key, 0, 77)) {
        back.call(deepLink("back"));
        assertEquals(ALICE, lastCaller().accountId());
      }
      service.ahead(Duration.ofSeconds(LIFE + 1));
      try (var late = service.connect().resume(key, 0, 78)) {
        late.begin(new HelpGetConfig());
        assertEquals(-404, late.transportError());
      }
    }
  }

  @Test
  void itDiesWithThePermanentKey() {
    try (var client = bound()) {
      service.keys.destroy(permanent.id(), new Batch());
      client.begin(deepLink("dead"));
      assertEquals(-404, client.transportError());
    }
  }
}

package dev.starling.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.starling.client.ClientException.Reason;
import dev.starling.mtproto.ClientSession;
import dev.starling.mtproto.ProxySecret;
import dev.starling.mtproto.ServerKey;
import dev.starling.tl.TlMethod;
import dev.starling.tl.api.AccountUpdateStatus;
import dev.starling.tl.api.ContactsGetContacts;
import dev.starling.tl.api.InputPeerSelf;
import dev.starling.tl.api.MessagesSendMessage;
import dev.starling.tl.api.UpdatesGetState;
import dev.starling.tl.api.UpdatesState;
import dev.starling.tl.api.UpdatesTooLong;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(30)
class StarlingClientTest {
  private static final ProxySecret PADDED = ProxySecret.parse("dd000102030405060708090a0b0c0d0e0f");
  private static final ProxySecret PLAIN = new ProxySecret(PADDED.key16(), ProxySecret.Kind.PLAIN);
  private static final ProxySecret FAKE_TLS =
      new ProxySecret(PADDED.key16(), ProxySecret.Kind.FAKE_TLS, "example.org");
  private static final UpdatesState STATE = new UpdatesState(7, 1, 1000, 1, 0);

  private final RealTime time = new RealTime();
  private final LinkedBlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private final List<AutoCloseable> open = new ArrayList<>();
  private FakeServer server;

  @BeforeEach
  void startServer() throws IOException {
    server = new FakeServer(List.of(PLAIN), time.env(1));
    server.answer = this::answer;
    open.add(server);
  }

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable one : open.reversed()) {
      one.close();
    }
    time.close();
  }

  private byte @Nullable [] answer(TlMethod<?> method) {
    return switch (method) {
      case UpdatesGetState m -> FakeServer.result(m, STATE);
      case AccountUpdateStatus m -> FakeServer.error(420, "FLOOD_WAIT_17");
      case ContactsGetContacts m -> FakeServer.result(m, m.emptyResult());
      default -> null;
    };
  }

  private StarlingClient connect(@Nullable ProxySecret secret) {
    return connect(secret, null);
  }

  private StarlingClient connect(@Nullable ProxySecret secret, @Nullable Credentials kept) {
    StarlingClient client = StarlingClient.connect(server.settings(secret), kept, time.env(2));
    client.listen(events::add);
    open.add(client);
    return client;
  }

  private <T> T next(LinkedBlockingQueue<T> queue) throws InterruptedException {
    T next = queue.poll(20, TimeUnit.SECONDS);
    assertNotNull(next, "nothing came");
    return next;
  }

  private <T> void awaitEvent(Class<T> kind) throws InterruptedException {
    while (!kind.isInstance(next(events))) {
      // Another one.
    }
  }

  @Test
  void callsOverEachTransport() {
    assertEquals(STATE, connect(null).call(new UpdatesGetState()));
    assertEquals(STATE, connect(PLAIN).call(new UpdatesGetState()));
    assertEquals(STATE, connect(PADDED).call(new UpdatesGetState()));
    assertEquals(STATE, connect(FAKE_TLS).call(new UpdatesGetState()));
  }

  @ParameterizedTest
  @EnumSource
  void callsOverEachTransportWithoutASecret(Endpoint.Transport transport) {
    Settings settings = server.settings(null, transport, FakeServer.KEY.publicKey());
    StarlingClient client = StarlingClient.connect(settings, null, time.env(2));
    open.add(client);
    assertEquals(STATE, client.call(new UpdatesGetState()));
  }

  /** "-444: the data centre is wrong": to come again would not help. */
  @Test
  void aWrongDataCentreEndsTheClient() throws InterruptedException {
    StarlingClient client = connect(null);
    server.refuseBy(-444);
    server.cut();
    awaitEvent(Event.Ended.class);
    assertReason(Reason.WRONG_DC, () -> client.call(new UpdatesGetState()));
  }

  /** "-429: flood": the client stays, and waits. */
  @Test
  void aFloodIsWaitedFor() throws InterruptedException {
    StarlingClient client = connect(null);
    server.refuseBy(-429);
    server.cut();
    awaitEvent(Event.Lost.class);
    Event.Lost lost = null;
    while (lost == null) {
      lost = next(events) instanceof Event.Lost again ? again : null;
    }
    assertTrue(lost.why().contains("too much"), lost.why());
    CompletableFuture<?> waiting = client.send(message(1));
    assertFalse(waiting.isDone());
  }

  @Test
  void refusalsAreTold() {
    StarlingClient client = connect(null);
    RpcException refusal =
        assertThrows(RpcException.class, () -> client.call(new AccountUpdateStatus(false)));
    assertEquals(420, refusal.code());
    assertEquals("FLOOD_WAIT_17", refusal.error());
    assertEquals(Optional.of(Duration.ofSeconds(17)), refusal.floodWait());
  }

  @Test
  void pushesAreHeard() throws InterruptedException {
    connect(null);
    server.push(new UpdatesTooLong());
    awaitEvent(Event.Pushed.class);
  }

  @Test
  void keptCredentialsNeedNoHandshake() {
    StarlingClient first = connect(null);
    Credentials kept = first.credentials();
    first.close();
    StarlingClient second = connect(null, kept);
    assertEquals(STATE, second.call(new UpdatesGetState()));
    assertEquals(kept.key(), second.credentials().key());
  }

  @Test
  void aCallOutlivesItsConnectionAndIsExecutedOnce() throws Exception {
    StarlingClient client = connect(PADDED);
    CompletableFuture<?> sent = client.send(message(1));
    FakeServer.Request request = next(server.requests);
    server.cut();
    awaitEvent(Event.Lost.class);
    server.answerLate(request, FakeServer.error(400, "PEER_ID_INVALID")); // to nobody, for now
    awaitEvent(Event.Restored.class);
    assertThrows(RpcException.class, () -> Calls.await(sent));
    assertNull(server.requests.poll());
  }

  @Test
  void aRestartedServerIsAskedAgain() throws Exception {
    StarlingClient client = connect(null);
    CompletableFuture<?> sent = client.send(message(42));
    next(server.requests);
    server.answer =
        m -> m instanceof MessagesSendMessage s ? FakeServer.result(s, s.emptyResult()) : answer(m);
    server.restart();
    assertNotNull(sent.get(20, TimeUnit.SECONDS));
    MessagesSendMessage again =
        assertInstanceOf(MessagesSendMessage.class, next(server.requests).method());
    assertEquals(42, again.randomId());
    awaitEvent(Event.Missed.class);
  }

  @Test
  void manyCallsAtOnceAreEachAnswered() {
    StarlingClient client = connect(null);
    List<CompletableFuture<UpdatesState>> answers = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      answers.add(client.send(new UpdatesGetState()));
    }
    answers.forEach(answer -> assertEquals(STATE, answer.join()));
  }

  @Test
  void tooManyOpenCallsAreRefused() {
    StarlingClient client = connect(null);
    List<CompletableFuture<?>> open = new ArrayList<>();
    for (int i = 0; i < ClientSession.CALLS_MAX; i++) {
      open.add(client.send(message(i)));
    }
    assertTrue(open.stream().noneMatch(CompletableFuture::isDone));
    assertReason(Reason.OVERLOADED, () -> client.call(message(-1)));
  }

  @Test
  void closingFailsWhatWaits() throws InterruptedException {
    StarlingClient client = connect(null);
    CompletableFuture<?> waiting = client.send(message(1));
    client.close();
    assertReason(Reason.CLOSED, () -> Calls.await(waiting));
    assertReason(Reason.CLOSED, () -> client.call(new UpdatesGetState()));
    assertInstanceOf(Event.Ended.class, next(events));
  }

  @Test
  void aForgottenKeyEndsTheClient() throws InterruptedException {
    StarlingClient client = connect(null);
    Credentials kept = client.credentials();
    server.forgetKeys();
    server.cut();
    awaitEvent(Event.Ended.class);
    assertReason(Reason.KEY_FORGOTTEN, () -> client.call(new UpdatesGetState()));
    assertReason(Reason.KEY_FORGOTTEN, () -> connect(null, kept));
  }

  @Test
  void anotherKeyIsNotTrusted() {
    Settings settings = server.settings(null, ServerKey.generate(new Random(3)).publicKey());
    assertReason(Reason.UNTRUSTED, () -> StarlingClient.connect(settings, null, time.env(2)));
  }

  @Test
  void aWrongSecretGetsNoAnswer() {
    ProxySecret wrong = ProxySecret.parse("ff0102030405060708090a0b0c0d0e0f");
    // Opened by no secret, and not by none either: the server drops the connection.
    assertReason(
        Reason.UNREACHABLE,
        () -> StarlingClient.connect(server.settings(wrong), null, time.env(2)));
  }

  @Test
  void nobodyThere() throws IOException {
    int port;
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = taken.getLocalPort();
    }
    Endpoint nobody = new Endpoint("127.0.0.1", port, 2, null);
    Settings settings =
        new Settings(nobody, List.of(FakeServer.KEY.publicKey()), server.settings(null).device());
    assertReason(Reason.UNREACHABLE, () -> StarlingClient.connect(settings, null, time.env(2)));
  }

  private static void assertReason(Reason reason, Executable call) {
    ClientException e = assertThrows(ClientException.class, call);
    assertEquals(reason, e.reason(), e.getMessage());
    assertTrue(e.getMessage() != null);
  }

  private static MessagesSendMessage message(long randomId) {
    return MessagesSendMessage.of(new InputPeerSelf(), "text", randomId);
  }
}

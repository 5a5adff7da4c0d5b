package dev.starling.messenger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.starling.mtproto.AuthKey;
import dev.starling.mtproto.Env;
import dev.starling.mtproto.Envelope.Opened.Message;
import dev.starling.store.MemoryStore;
import dev.starling.tl.Gzip;
import dev.starling.tl.GzipPacked;
import dev.starling.tl.Layer;
import dev.starling.tl.MsgContainer;
import dev.starling.tl.MsgContainer.ContainerMessage;
import dev.starling.tl.Tl;
import dev.starling.tl.TlObject;
import dev.starling.tl.api.HelpDeepLinkInfoEmpty;
import dev.starling.tl.api.HelpGetDeepLinkInfo;
import dev.starling.tl.api.InvokeAfterMsg;
import dev.starling.tl.mt.Ping;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A session between a link and an executor that do what the test says. */
class LiveSessionTest {
  private static final long SALT = 42;
  private static final long NOW = 1_800_000_000L << 32;

  private final List<Duration> wakes = new ArrayList<>();
  private final Env env =
      new Env(
          InstantSource.fixed(Instant.ofEpochSecond(1_800_000_000)),
          new Random(3),
          (delay, _) -> {
            wakes.add(delay);
            return () -> {};
          });
  private final Queue<Runnable> tasks = new ArrayDeque<>();
  private final List<String> paths = new ArrayList<>();
  private final GatewayCounters counters = new GatewayCounters();
  private final AuthKey key;
  private final Dispatch dispatch;
  private final SessionRegistry registry;
  private final LiveSession session;
  private final LiveSession sibling;
  private final FakeLink link = new FakeLink();
  private int count;

  private static final class FakeLink implements Link {
    final Set<LiveSession> joined = new HashSet<>();
    final Set<Object> holding = new HashSet<>();
    int sent;
    boolean congested;

    @Override
    public boolean join(LiveSession session) {
      return joined.add(session);
    }

    @Override
    public void send(byte[] packet) {
      sent++;
    }

    @Override
    public boolean congested() {
      return congested;
    }

    @Override
    public void disconnectAfter(Duration delay) {}

    @Override
    public void hold(Object holder) {
      holding.add(holder);
    }

    @Override
    public void release(Object holder) {
      holding.remove(holder);
    }
  }

  LiveSessionTest() {
    AuthKeys keys = new AuthKeys(new MemoryStore(), env);
    key = new AuthKey(env.bytes(AuthKey.BYTES));
    keys.create(key, 2);
    registry = new SessionRegistry(keys, TestGateway.LIMITS, counters, env);
    registry.firstSalt(key.id(), SALT);
    Methods methods =
        (_, method) -> {
          String path = ((HelpGetDeepLinkInfo) method).path();
          paths.add(path);
          return path.equals("refused")
              ? Answer.refusal(400, "NO")
              : Answer.result(new HelpDeepLinkInfoEmpty());
        };
    dispatch =
        new Dispatch(
            keys, new KeyBinder(keys, env), methods, registry, tasks::add, counters, new Defects());
    session = Objects.requireNonNull(registry.session(key, 5, dispatch));
    sibling = Objects.requireNonNull(registry.session(key, 6, dispatch));
  }

  @Test
  void aCongestedLinkStopsTheLane() {
    receive(message(deepLink("1")));
    link.congested = true;
    runTasks();
    assertEquals(List.of(), paths);
    receive(message(deepLink("2")));
    runTasks();
    assertEquals(List.of(), paths);
    link.congested = false;
    session.drain(link);
    runTasks();
    assertEquals(List.of("1", "2"), paths);
  }

  @Test
  void aCongestedLinkIsSentNothing() {
    receive(message(deepLink("1")));
    session.flush();
    link.congested = true;
    link.sent = 0;
    session.push(new byte[] {1, 2, 3, 4});
    receive(message(new Ping(1)));
    session.flush();
    assertEquals(0, link.sent);
    link.congested = false;
    session.drain(link);
    assertEquals(1, link.sent); // all in one
  }

  @Test
  void anAcknowledgementIsWokenForWhenItIsDueForCertain() {
    receive(message(new Ping(1)));
    session.flush();
    receive(message(deepLink("slow")));
    wakes.clear();
    session.flush();
    Duration wake = wakes.getFirst();
    assertTrue(wake.compareTo(Duration.ofSeconds(1)) > 0, wake::toString);
  }

  @Test
  void aFullLaneHoldsTheLink() {
    for (int i = 0; i < Lane.CALLS_MAX; i++) {
      assertTrue(link.holding.isEmpty());
      receive(message(deepLink("x")));
    }
    assertFalse(link.holding.isEmpty());
    runTasks();
    assertTrue(link.holding.isEmpty());
    assertEquals(Lane.CALLS_MAX, paths.size());
  }

  @Test
  void aLaneIsFullOfBytesToo() {
    byte[] body = Tl.encode(deepLink("x".repeat(Lane.BYTES_MAX / 4)), Layer.NEWEST);
    TlObject packed = new GzipPacked(Gzip.pack(body));
    for (int i = 0; i < 4; i++) {
      assertTrue(link.holding.isEmpty());
      receive(message(packed));
    }
    assertFalse(link.holding.isEmpty());
    runTasks();
    assertTrue(link.holding.isEmpty());
    assertEquals(4, paths.size());
  }

  @Test
  void twoLinksDoNotTakeTurnsAtFillingALane() {
    for (int i = 0; i < Lane.CALLS_MAX; i++) {
      receive(message(deepLink("x")));
    }
    FakeLink next = new FakeLink();
    session.receive(next, message(deepLink("y")));
    assertFalse(next.holding.isEmpty());
    assertFalse(link.holding.isEmpty());
    session.leave(link);
    runTasks();
    assertTrue(next.holding.isEmpty());
    assertFalse(link.holding.isEmpty(), "it is closed and not to be read again");
  }

  @Test
  void aSessionFollowsItsNewestMessage() {
    Message first = message(deepLink("1"));
    receive(first);
    FakeLink next = new FakeLink();
    session.receive(next, first); // somebody plays it again
    session.push(new byte[] {1, 2, 3, 4});
    assertEquals(0, next.sent);
    session.receive(next, message(deepLink("2")));
    session.push(new byte[] {1, 2, 3, 4});
    assertTrue(next.sent > 0);
  }

  @Test
  void whatALinkLostGoesAgainOnOneThatWasThereBefore() {
    FakeLink next = new FakeLink();
    receive(message(deepLink("1")));
    session.receive(next, message(deepLink("2")));
    session.push(new byte[] {1, 2, 3, 4});
    assertTrue(next.sent > 0);
    session.leave(next);
    int before = link.sent;
    receive(message(deepLink("3")));
    session.flush();
    assertTrue(link.sent > before);
  }

  @Test
  void invokeAfterMsgWaitsForItsPredecessor() {
    long first = nextId();
    long second = nextId();
    receive(
        container(
            new ContainerMessage(second, 3, body(new InvokeAfterMsg<>(first, deepLink("second")))),
            new ContainerMessage(first, 1, body(deepLink("first")))));
    runTasks();
    assertEquals(List.of("first", "second"), paths);
  }

  @Test
  void invokeAfterMsgOfAFailedCallFails() {
    Message refused = message(deepLink("refused"));
    receive(refused);
    receive(message(new InvokeAfterMsg<>(refused.msgId(), deepLink("second"))));
    runTasks();
    assertEquals(List.of("refused"), paths);
    assertEquals(2, counters.refusals.sum());
  }

  @Test
  void invokeAfterMsgOfACallThatNeverComesFails() {
    receive(message(deepLink("first")));
    receive(message(new InvokeAfterMsg<>(NOW + 4000, deepLink("second"))));
    receive(message(deepLink("third")));
    runTasks();
    assertEquals(List.of("first", "third"), paths);
    assertEquals(1, counters.refusals.sum());
  }

  @Test
  void callsGoOnWhileTheClientIsAway() {
    receive(message(deepLink("1")));
    link.congested = true;
    session.leave(link);
    runTasks();
    assertEquals(List.of("1"), paths);
  }

  @Test
  void aForgottenSessionTakesNothing() {
    session.close();
    assertTrue(session.receive(link, message(deepLink("1"))) < 0);
  }

  @Test
  void theAwayKeepNoMoreThanTheyMay() {
    session.push(new byte[4]);
    assertEquals(0, counters.lags.sum());
    registry.keep(TestGateway.LIMITS.awayBytes() - 4);
    session.push(new byte[4]);
    assertEquals(1, counters.lags.sum());
    receive(message(deepLink("back"))); // what it kept is on its way now
    sibling.push(new byte[4]);
    assertEquals(1, counters.lags.sum());
    sibling.push(new byte[4]);
    assertEquals(2, counters.lags.sum());
  }

  @Test
  void answersOfTheAwayPushOutWhoIsAwayLongest() {
    sibling.receive(link, message(6, new Ping(1)));
    sibling.leave(link);
    receive(message(deepLink("1")));
    session.leave(link);
    registry.keep(TestGateway.LIMITS.awayBytes() - registry.awayBytes());
    assertEquals(2, registry.size());
    runTasks();
    assertEquals(List.of("1"), paths);
    assertTrue(sibling.isClosed());
    assertFalse(session.isClosed());
    assertTrue(registry.awayBytes() < TestGateway.LIMITS.awayBytes());
  }

  @Test
  void whatTheClientHasCountsNoMore() {
    receive(message(deepLink("1")));
    runTasks();
    session.leave(link);
    assertTrue(registry.awayBytes() > 0); // sent and not acknowledged
    receive(message(new Ping(1)));
    assertEquals(0, registry.awayBytes());
  }

  @Test
  void aSessionMayDestroyAnother() {
    assertEquals(2, registry.size());
    assertTrue(session.destroySession(sibling.id));
    runTasks();
    assertTrue(sibling.isClosed());
    assertEquals(1, registry.size());
    assertFalse(session.destroySession(sibling.id));
  }

  @Test
  void whatADestroyedSessionTookIsNotTakenAgain() {
    Message recorded = message(deepLink("once"));
    receive(recorded);
    runTasks();
    registry.destroy(key.id(), session.id);
    LiveSession again = Objects.requireNonNull(registry.session(key, session.id, dispatch));
    assertTrue(again.receive(link, recorded) >= 0);
    runTasks();
    assertEquals(List.of("once"), paths);
    count += 1 << 22; // some milliseconds later
    assertTrue(again.receive(link, message(deepLink("next"))) >= 0);
    runTasks();
    assertEquals(List.of("once", "next"), paths);
  }

  @Test
  void whatAnEvictedSessionTookIsNotTakenAgain() {
    Message recorded = message(deepLink("once"));
    receive(recorded);
    runTasks();
    session.leave(link);
    for (int id = 100; registry.size() < TestGateway.LIMITS.sessionsOfKey(); id++) {
      registry.session(key, id, dispatch);
    }
    registry.session(key, 99, dispatch);
    assertTrue(session.isClosed());
    sibling.receive(link, message(6, new Ping(1)));
    sibling.leave(link);
    LiveSession again = Objects.requireNonNull(registry.session(key, session.id, dispatch));
    assertTrue(again.receive(link, recorded) >= 0);
    runTasks();
    assertEquals(List.of("once"), paths);
  }

  @Test
  void aSessionThatEndsLateRaisesTheFloorToo() {
    registry.destroy(key.id(), session.id);
    Message late = message(deepLink("late"));
    receive(late); // it came before the end of the session
    runTasks();
    session.close();
    LiveSession again = Objects.requireNonNull(registry.session(key, session.id, dispatch));
    assertTrue(again.receive(link, late) >= 0);
    runTasks();
    assertEquals(List.of("late"), paths);
  }

  @Test
  void aClientsClaimsAreCut() {
    String claim = "x".repeat(1 << 20);
    assertEquals(
        new ClientInfo(1, "x".repeat(128), "x".repeat(128), "x".repeat(128)),
        new ClientInfo(1, claim, claim, claim));
  }

  private void receive(Message message) {
    assertTrue(session.receive(link, message) >= 0);
  }

  private void runTasks() {
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      task.run();
    }
  }

  private long nextId() {
    return NOW + 4L * ++count;
  }

  /** The next message of the client: they are all content-related but the container. */
  private Message message(TlObject body) {
    return message(5, body);
  }

  private Message message(long sessionId, TlObject body) {
    long id = nextId();
    return new Message(SALT, sessionId, id, 2 * count + 1, body(body));
  }

  private Message container(ContainerMessage... messages) {
    long id = nextId();
    return new Message(SALT, 5, id, 2 * count, body(new MsgContainer(List.of(messages))));
  }

  private static byte[] body(TlObject object) {
    return Tl.encode(object, Layer.NEWEST);
  }

  private static HelpGetDeepLinkInfo deepLink(String path) {
    return new HelpGetDeepLinkInfo(path);
  }
}

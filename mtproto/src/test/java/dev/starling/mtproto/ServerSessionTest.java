package dev.starling.mtproto;

import static dev.starling.mtproto.ServerHarness.bytes;
import static dev.starling.mtproto.ServerHarness.container;
import static dev.starling.mtproto.ServerHarness.inner;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.starling.mtproto.ServerHarness.Sent;
import dev.starling.tl.Gzip;
import dev.starling.tl.GzipPacked;
import dev.starling.tl.RpcResult;
import dev.starling.tl.TlObject;
import dev.starling.tl.api.AccountUpdateStatus;
import dev.starling.tl.api.HelpGetConfig;
import dev.starling.tl.api.InvokeWithLayer;
import dev.starling.tl.api.InvokeWithoutUpdates;
import dev.starling.tl.api.UpdatesTooLong;
import dev.starling.tl.mt.DestroySession;
import dev.starling.tl.mt.DestroySessionNone;
import dev.starling.tl.mt.DestroySessionOk;
import dev.starling.tl.mt.FutureSalts;
import dev.starling.tl.mt.GetFutureSalts;
import dev.starling.tl.mt.HttpWait;
import dev.starling.tl.mt.MsgDetailedInfo;
import dev.starling.tl.mt.MsgResendReq;
import dev.starling.tl.mt.MsgsAck;
import dev.starling.tl.mt.MsgsAllInfo;
import dev.starling.tl.mt.MsgsStateInfo;
import dev.starling.tl.mt.MsgsStateReq;
import dev.starling.tl.mt.NewSessionCreated;
import dev.starling.tl.mt.Ping;
import dev.starling.tl.mt.PingDelayDisconnect;
import dev.starling.tl.mt.Pong;
import dev.starling.tl.mt.RpcAnswerDropped;
import dev.starling.tl.mt.RpcAnswerDroppedRunning;
import dev.starling.tl.mt.RpcAnswerUnknown;
import dev.starling.tl.mt.RpcDropAnswer;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/**
 * What a server session answers, keeps and sends. Numbers are those of the protocol obligations.
 */
class ServerSessionTest {
  private static final TlObject CALL = new HelpGetConfig();
  private static final TlObject EFFECT = new AccountUpdateStatus(true);
  private static final byte[] RESULT = bytes(new Pong(1, 2)); // any boxed value
  private static final byte[] UPDATES = bytes(new UpdatesTooLong());

  private final ServerHarness server = new ServerHarness().begun();

  @Nested
  class Creation {
    @Test
    void newSessionCreatedComesFirst() {
      ServerHarness fresh = new ServerHarness();
      long msgId = fresh.id();
      long second = fresh.id();
      fresh.take(
          fresh.id(), 2, container(inner(second, 0, new Ping(1)), inner(msgId, 0, new Ping(2))));
      List<Sent> sent = fresh.flush();
      var created = assertInstanceOf(NewSessionCreated.class, sent.getFirst().body());
      assertEquals(msgId, created.firstMsgId(), "the lowest, not the container's");
      assertEquals(fresh.salts.current(), created.serverSalt());
      assertEquals(1, sent.getFirst().seqno());
      assertEquals(3, sent.getFirst().msgId() & 3);
    }

    @Test
    void itComesOnce() {
      server.service(new Ping(1));
      assertTrue(server.flush().stream().noneMatch(s -> s.body() instanceof NewSessionCreated));
    }

    @Test
    void aSessionThatTheClientHasUsedBeforeIsToldFromANewOne() {
      assertFalse(server.session.isResumed());
      ServerHarness resumed = new ServerHarness();
      long call = resumed.id();
      resumed.take(resumed.id(), 12, container(inner(call, 11, CALL)));
      assertTrue(resumed.session.isResumed());
      ServerHarness fresh = new ServerHarness();
      long first = fresh.id();
      fresh.take(fresh.id(), 2, container(inner(first, 1, CALL)));
      assertFalse(fresh.session.isResumed());
    }

    @Test
    void aRefusedMessageBeginsNoSession() {
      ServerHarness fresh = new ServerHarness();
      fresh.salt = 0;
      fresh.service(new Ping(1));
      assertTrue(fresh.flush().stream().noneMatch(s -> s.body() instanceof NewSessionCreated));
    }
  }

  @Nested
  class Answers {
    @Test
    void bringTheCallsMsgIdAndAreOddResponses() {
      long msgId = server.call(CALL);
      server.session.answer(msgId, RESULT, server);
      Sent answer = server.flushOne(RpcResult.class);
      assertEquals(msgId, ((RpcResult) answer.body()).reqMsgId());
      assertArrayEquals(RESULT, ((RpcResult) answer.body()).result());
      assertEquals(1, answer.seqno() & 1);
      assertEquals(1, answer.msgId() & 3);
    }

    @Test
    @DisplayName("what does not fit a segment is packed, where it helps")
    void longOnesArePackedWhenThatIsShorter() {
      assertArrayEquals(new byte[1200], result(new byte[1200]));
      byte[] zeros = new byte[1204];
      assertArrayEquals(zeros, unpacked(result(zeros)));
      byte[] noise = new byte[4000];
      new Random(1).nextBytes(noise);
      assertArrayEquals(noise, result(noise));
    }

    private byte[] result(byte[] result) {
      long msgId = server.call(CALL);
      server.session.answer(msgId, result, server);
      return server.only(RpcResult.class).result();
    }

    private static byte[] unpacked(byte[] result) {
      var packed = assertInstanceOf(GzipPacked.class, ServerHarness.value(result));
      return Gzip.unpack(packed.packed(), 1 << 20);
    }

    @Test
    void severalShareAContainer() {
      long one = server.call(CALL);
      long two = server.call(CALL);
      server.session.answer(two, RESULT, server);
      server.session.answer(one, RESULT, server);
      List<Sent> sent = server.flush();
      assertEquals(2, sent.size());
      assertEquals(sent.get(0).packetMsgId(), sent.get(1).packetMsgId());
      assertTrue(sent.get(1).msgId() > sent.get(0).msgId());
      assertTrue(sent.get(1).packetMsgId() > sent.get(1).msgId());
    }

    @Test
    void largeOnesDoNotShareOne() {
      for (int i = 0; i < 3; i++) {
        long msgId = server.call(CALL);
        byte[] noise = new byte[40 << 10];
        new Random(i).nextBytes(noise);
        server.session.answer(msgId, noise, server);
      }
      assertEquals(3, server.flush().stream().map(Sent::packetMsgId).distinct().count());
    }

    @Test
    void anUnknownCallIsHandedOnAndCanBeAnswered() {
      long msgId = server.id();
      byte[] unknown = {1, 2, 3, 4};
      server.take(msgId, 1, unknown);
      assertEquals(List.of(0), server.unknown);
      server.session.answer(msgId, RESULT, server);
      assertEquals(msgId, server.only(RpcResult.class).reqMsgId());
    }

    @Test
    void anUnknownCallTellsTheLayerThatItIsWrappedIn() {
      byte[] unknown = {1, 2, 3, 4};
      byte[] wrapped = ServerHarness.bytes(new InvokeWithLayer<>(214, new HelpGetConfig()));
      System.arraycopy(unknown, 0, wrapped, wrapped.length - 4, 4);
      server.take(server.id(), 1, wrapped);
      server.take(server.id(), 3, new GzipPacked(Gzip.pack(wrapped)));
      byte[] deeper = ServerHarness.bytes(new InvokeWithoutUpdates<>(new HelpGetConfig()));
      server.take(server.id(), 5, Bytes.concat(Bytes.slice(deeper, 0, 4), wrapped));
      assertEquals(List.of(214, 214, 214), server.unknown);
    }

    @Test
    void aBrokenCallIsAnsweredWith400() {
      long msgId = server.id();
      server.take(msgId, 1, Bytes.slice(bytes(new Ping(1)), 0, 8));
      Sent sent = server.flushOne(RpcResult.class);
      assertEquals(msgId, ((RpcResult) sent.body()).reqMsgId());
      assertEquals(400, ServerHarness.error(sent).errorCode());
      assertEquals("INPUT_FETCH_ERROR", ServerHarness.error(sent).errorMessage());
    }

    @Test
    void whatIsBrokenAndAsksNothingIsIgnored() {
      server.take(server.id(), 0, new byte[0]);
      assertEquals(List.of(), server.flush());
    }
  }

  @Nested
  @DisplayName("6. A duplicate msg_id is never executed twice")
  class Duplicates {
    private final long msgId = server.call(CALL);

    @Test
    void whileItRunsItIsOnlyAcknowledged() {
      server.take(msgId, 1, CALL);
      server.clock.advance(PendingAcks.DELAY);
      assertEquals(
          List.of(MsgsAck.class), server.flush().stream().map(s -> s.body().getClass()).toList());
      assertEquals(1, server.requests.size());
    }

    @Test
    void theAnswerIsSentAgainUnderItsMsgId() {
      server.session.answer(msgId, RESULT, server);
      Sent first = server.flushOne(RpcResult.class);
      server.take(msgId, 1, CALL);
      Sent again = server.flushOne(RpcResult.class);
      assertEquals(first.msgId(), again.msgId());
      assertEquals(first.seqno(), again.seqno());
      assertTrue(again.inContainer(), "its own msg_id may be too old for a packet");
      assertEquals(1, server.requests.size());
    }

    @Test
    void ofALargeAnswerTheClientIsOnlyTold() {
      byte[] large = new byte[100 << 10];
      new Random(1).nextBytes(large);
      server.session.answer(msgId, large, server);
      Sent first = server.flushOne(RpcResult.class);
      server.take(msgId, 1, CALL);
      MsgDetailedInfo info = server.only(MsgDetailedInfo.class);
      assertEquals(new MsgDetailedInfo(msgId, first.msgId(), first.bytes(), 0), info);
      server.service(new MsgResendReq(List.of(first.msgId())));
      assertEquals(first.msgId(), server.flushOne(RpcResult.class).msgId());
    }

    @Test
    void aReadWhoseAnswerWasLetGoRunsAgain() {
      answerHugely(msgId);
      assertEquals(List.of(2), states(msgId), "so that the client sends it again");
      server.requests.clear();
      server.take(msgId, 1, CALL);
      assertEquals(Set.of(msgId), server.requests.keySet());
      server.session.answer(msgId, RESULT, server);
      server.only(RpcResult.class);
    }

    @Test
    void anEffectWhoseAnswerWasLetGoDoesNot() {
      long effect = server.call(EFFECT);
      answerHugely(effect);
      server.take(effect, 3, EFFECT);
      Sent told = server.flushOne(RpcResult.class);
      assertEquals("MSG_ID_INVALID", ServerHarness.error(told).errorMessage());
      server.take(effect, 3, EFFECT);
      assertEquals(told.msgId(), server.flushOne(RpcResult.class).msgId());
      assertEquals(2, server.requests.size(), "the harness fails at a second execution");
    }

    @Test
    void whoAsksAfterAnEffectWhoseAnswerWasLetGoIsToldTheSame() {
      long effect = server.call(EFFECT);
      answerHugely(effect);
      server.service(new MsgsStateReq(List.of(effect)));
      List<Sent> sent = server.flush();
      assertEquals(1, sent.stream().filter(s -> s.body() instanceof RpcResult).count());
      assertEquals(1, sent.stream().filter(s -> s.body() instanceof MsgsStateInfo).count());
    }

    @Test
    void pushesAndReadsAreLetGoBeforeEffects() {
      long effect = server.call(EFFECT);
      server.session.answer(effect, RESULT, server);
      server.flush();
      server.session.push(UPDATES, server);
      answerHugely(msgId);
      server.session.attached(server);
      assertEquals(1, server.lags, "the push is gone");
      Sent again = server.flushOne(RpcResult.class);
      assertEquals(effect, ((RpcResult) again.body()).reqMsgId());
    }

    private void answerHugely(long call) {
      byte[] huge = new byte[ServerSession.KEPT_BYTES_MAX];
      new Random(1).nextBytes(huge);
      server.session.answer(call, huge, server);
      server.flush();
    }

    private List<Integer> states(long... msgIds) {
      server.service(new MsgsStateReq(LongStream.of(msgIds).boxed().toList()));
      byte[] info = server.only(MsgsStateInfo.class).info();
      return IntStream.range(0, info.length).mapToObj(i -> (int) info[i]).toList();
    }

    @Test
    void anAcknowledgedAnswerIsNotSentAgain() {
      server.session.answer(msgId, RESULT, server);
      server.service(new MsgsAck(List.of(server.flushOne(RpcResult.class).msgId())));
      server.take(msgId, 1, CALL);
      assertTrue(server.flush().stream().noneMatch(s -> s.body() instanceof RpcResult));
      assertEquals(1, server.requests.size());
    }

    @Test
    void insideAContainerToo() {
      server.session.answer(msgId, RESULT, server);
      server.flush();
      server.take(server.id(), 2, container(inner(msgId, 1, CALL)));
      server.only(RpcResult.class);
      assertEquals(1, server.requests.size());
    }

    @Test
    void anAnswerIsKeptLongerThanItsCallIsKnown() {
      server.session.answer(msgId, RESULT, server);
      server.flush();
      server.clock.advance(Duration.ofMinutes(10));
      for (int i = 0; i < 50; i++) {
        server.service(new Ping(i));
      }
      server.flush();
      server.take(server.id(), 2, container(inner(msgId, 1, CALL)));
      server.only(RpcResult.class);
      assertEquals(1, server.requests.size());
    }

    @Test
    void aRepeatedPingIsAnsweredOnce() {
      server.take(server.id(), 2, new Ping(1));
      long ping = server.id() - 4;
      server.take(ping, 2, new Ping(1));
      assertEquals(1, server.flush().stream().filter(s -> s.body() instanceof Pong).count());
    }
  }

  @Nested
  @DisplayName("11. Unacknowledged content goes again on reconnect: fresh padding, stable msg_id")
  class Reconnect {
    @Test
    void unacknowledgedContentGoesAgain() {
      long msgId = server.call(CALL);
      server.session.answer(msgId, RESULT, server);
      server.session.push(UPDATES, server);
      List<Sent> first = server.flush();
      server.session.attached(server);
      List<Sent> again = server.flush();
      assertEquals(ids(first), ids(again));
      assertTrue(again.stream().allMatch(Sent::inContainer));
      byte[] packet = server.packets.getLast();
      server.session.attached(server);
      server.flush();
      assertFalse(java.util.Arrays.equals(packet, server.packets.getLast()));
    }

    @Test
    void whatWasAcknowledgedDoesNot() {
      server.session.push(UPDATES, server);
      server.session.push(UPDATES, server);
      List<Sent> pushed = server.flush();
      server.service(new MsgsAck(List.of(pushed.getFirst().msgId())));
      server.session.attached(server);
      assertEquals(ids(pushed.subList(1, 2)), ids(server.flush()));
    }

    @Test
    void nothingGoesAgainWithoutIt() {
      server.session.push(UPDATES, server);
      server.flush();
      assertEquals(List.of(), server.flush());
    }

    @Test
    void newSessionCreatedGoesAgainToo() {
      ServerHarness fresh = new ServerHarness();
      fresh.service(new Ping(1));
      long created = fresh.flushOne(NewSessionCreated.class).msgId();
      fresh.session.attached(fresh);
      assertEquals(created, fresh.flushOne(NewSessionCreated.class).msgId());
    }

    @Test
    void whatOldConnectionsMayHaveLostIsReported() {
      for (int i = 0; i <= ServerSession.KEPT_MESSAGES_MAX; i++) {
        server.session.push(UPDATES, server);
        server.flush();
      }
      assertEquals(0, server.lags, "the client has them, for all that is known");
      server.session.attached(server);
      assertEquals(1, server.lags);
      assertEquals(List.of(), server.flush());
      server.session.attached(server);
      assertEquals(1, server.lags);
    }

    private static List<Long> ids(List<Sent> sent) {
      return sent.stream().map(Sent::msgId).toList();
    }
  }

  @Nested
  class Pushes {
    @Test
    void areNotificationsThatAskForAcknowledgement() {
      server.session.push(UPDATES, server);
      Sent push = server.flushOne(UpdatesTooLong.class);
      assertEquals(3, push.msgId() & 3);
      assertEquals(1, push.seqno() & 1);
    }

    @Test
    void seqnosCountContent() {
      server.session.push(UPDATES, server);
      server.service(new Ping(1));
      server.session.push(UPDATES, server);
      assertEquals(List.of(3, 4, 5), server.flush().stream().map(Sent::seqno).toList());
    }

    @Test
    @DisplayName("figure 15: a client that takes nothing has a bounded queue, then the difference")
    void overflowDropsThemAllAndIsReported() {
      long msgId = server.call(CALL);
      server.session.answer(msgId, RESULT, server);
      for (int i = 0; i < ServerSession.WAITING_MESSAGES_MAX; i++) {
        server.session.push(UPDATES, server);
      }
      assertEquals(1, server.lags);
      server.session.push(UPDATES, server);
      assertEquals(
          List.of(RpcResult.class, UpdatesTooLong.class),
          server.flush().stream().map(s -> s.body().getClass()).toList());
    }

    @Test
    void answersThatNobodyTakesAreBoundedToo() {
      byte[] large = new byte[1 << 20];
      new Random(1).nextBytes(large);
      long first = server.call(EFFECT);
      server.session.answer(first, large, server);
      for (int i = 0; i < 4; i++) {
        server.session.answer(server.call(EFFECT), large, server);
      }
      assertEquals(3, server.flush().stream().filter(s -> s.body() instanceof RpcResult).count());
      server.take(first, 1, EFFECT);
      Sent told = server.flushOne(RpcResult.class);
      assertEquals("MSG_ID_INVALID", ServerHarness.error(told).errorMessage());
    }
  }

  @Nested
  class Acknowledgements {
    @Test
    void waitForSomethingToRideOn() {
      long msgId = server.call(CALL);
      assertEquals(List.of(), server.flush());
      assertEquals(List.of(PendingAcks.DELAY), server.wakes);
      server.session.push(UPDATES, server);
      assertEquals(List.of(msgId), acks(server.flush()));
    }

    @Test
    void goAloneAfterAWhile() {
      long msgId = server.call(CALL);
      server.flush();
      server.clock.advance(PendingAcks.DELAY);
      List<Sent> sent = server.flush();
      assertEquals(List.of(msgId), acks(sent));
      assertEquals(0, sent.getFirst().seqno() & 1);
      assertEquals(List.of(), server.flush());
    }

    @Test
    void anAnswerIsOne() {
      server.session.answer(server.call(CALL), RESULT, server);
      assertEquals(
          List.of(RpcResult.class), server.flush().stream().map(s -> s.body().getClass()).toList());
    }

    @Test
    void oneWishToBeWokenIsOpenAtATime() {
      server.call(CALL);
      server.flush();
      server.clock.advance(Duration.ofMillis(10));
      server.call(CALL);
      server.flush();
      assertEquals(1, server.wakes.size());
      server.clock.advance(PendingAcks.DELAY);
      server.flush();
      server.call(CALL);
      server.flush();
      assertEquals(2, server.wakes.size());
    }

    private static List<Long> acks(List<Sent> sent) {
      return sent.stream()
          .filter(s -> s.body() instanceof MsgsAck)
          .flatMap(s -> ((MsgsAck) s.body()).msgIds().stream())
          .toList();
    }
  }

  @Nested
  class ServiceMessages {
    @Test
    void pingIsAnsweredWithPong() {
      long msgId = server.service(new Ping(77));
      Sent pong = server.flushOne(Pong.class);
      assertEquals(new Pong(msgId, 77), pong.body());
      assertEquals(0, pong.seqno() & 1);
      assertEquals(1, pong.msgId() & 3);
    }

    @Test
    void pingDelayDisconnectSetsTheTimer() {
      server.service(new PingDelayDisconnect(5, 75));
      server.service(new PingDelayDisconnect(6, -1));
      assertEquals(List.of(Duration.ofSeconds(75), Duration.ZERO), server.disconnects);
      assertEquals(2, server.flush().stream().filter(s -> s.body() instanceof Pong).count());
    }

    @Test
    void futureSaltsAreALongList() {
      long msgId = server.service(new GetFutureSalts(64));
      FutureSalts salts = server.only(FutureSalts.class);
      assertEquals(msgId, salts.reqMsgId());
      assertEquals(server.env.unixSeconds(), salts.now());
      assertEquals(server.salts.future(64), salts.salts());
    }

    @Test
    void destroySessionEndsAnother() {
      server.service(new DestroySession(ServerHarness.OTHER_SESSION));
      server.only(DestroySessionOk.class);
      server.service(new DestroySession(1));
      server.only(DestroySessionNone.class);
      assertEquals(List.of(ServerHarness.OTHER_SESSION, 1L), server.destroyed);
    }

    @Test
    void destroySessionSparesItsOwn() {
      server.service(new DestroySession(ServerHarness.SESSION));
      server.only(DestroySessionNone.class);
      assertEquals(List.of(), server.destroyed);
    }

    @Test
    void msgsStateReqTellsWhatIsKnown() {
      long unseen = server.id();
      long running = server.call(CALL);
      long answered = server.call(CALL);
      server.session.answer(answered, RESULT, server);
      long ping = server.service(new Ping(1));
      long mine = server.flushOne(RpcResult.class).msgId();
      long asking =
          server.service(
              new MsgsStateReq(
                  List.of(4L, unseen, running + 4000, running, answered, ping, mine, 5L)));
      MsgsStateInfo info = server.only(MsgsStateInfo.class);
      assertEquals(asking, info.reqMsgId());
      assertArrayEquals(
          new byte[] {1, 2, 3, 4 + 8 + 32, 4 + 8 + 32 + 64, 4 + 16, 4, 1}, info.info());
    }

    @Test
    void msgResendReqSendsAgainAndTellsOfWhatIsGone() {
      server.session.push(UPDATES, server);
      long push = server.flushOne(UpdatesTooLong.class).msgId();
      server.service(new MsgResendReq(List.of(push)));
      List<Sent> again = server.flush();
      assertEquals(List.of(push), again.stream().map(Sent::msgId).toList());
      long asking = server.service(new MsgResendReq(List.of(push, 5L)));
      List<Sent> more = server.flush();
      assertEquals(push, more.getFirst().msgId());
      assertEquals(asking, ((MsgsStateInfo) more.get(1).body()).reqMsgId());
      assertArrayEquals(new byte[] {4, 1}, ((MsgsStateInfo) more.get(1).body()).info());
    }

    @Test
    void whatAsksNothingIsIgnored() {
      server.service(new HttpWait(0, 0, 25000));
      server.service(new MsgsAllInfo(List.of(4L), new byte[] {1}));
      server.service(new MsgsStateInfo(5, new byte[] {1}));
      server.service(new MsgDetailedInfo(4, 5, 6, 0));
      server.service(new Pong(4, 5));
      assertEquals(List.of(), server.flush());
      assertEquals(List.of(), List.copyOf(server.requests.values()));
    }

    @Test
    void rpcDropAnswerOfAnUnknownCall() {
      drop(1234, RpcAnswerUnknown.class);
    }

    @Test
    void rpcDropAnswerOfARunningCall() {
      long msgId = server.call(CALL);
      drop(msgId, RpcAnswerDroppedRunning.class);
      server.session.answer(msgId, RESULT, server);
      assertTrue(server.flush().stream().noneMatch(s -> s.body() instanceof RpcResult));
    }

    @Test
    void rpcDropAnswerOfAnAnswerOnItsWay() {
      long msgId = server.call(CALL);
      server.session.answer(msgId, RESULT, server);
      Sent answer = server.flushOne(RpcResult.class);
      var dropped = drop(msgId, RpcAnswerDropped.class);
      assertEquals(new RpcAnswerDropped(answer.msgId(), answer.seqno(), answer.bytes()), dropped);
      server.take(msgId, 1, CALL);
      assertTrue(server.flush().stream().noneMatch(s -> s.body() instanceof RpcResult));
    }

    private <T extends TlObject> T drop(long reqMsgId, Class<T> outcome) {
      long msgId = server.call(new RpcDropAnswer(reqMsgId));
      RpcResult result = server.only(RpcResult.class);
      assertEquals(msgId, result.reqMsgId());
      return assertInstanceOf(outcome, ServerHarness.value(result.result()));
    }
  }

  @Test
  @DisplayName("figure 8: the clock set back an hour goes unseen behind a SteadyClock")
  void msgIdsGrowWhenTheClockIsSetBack() {
    server.session.push(UPDATES, server);
    long before = server.flushOne(UpdatesTooLong.class).msgId();
    server.clock.advance(Duration.ofHours(-1));
    server.session.push(UPDATES, server);
    long after = server.flush().getFirst().msgId();
    assertTrue(after > before);
    assertNotEquals(before, after);
  }
}

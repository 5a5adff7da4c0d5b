package dev.starling.mtproto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.starling.mtproto.Envelope.Opened.Message;
import dev.starling.tl.Gzip;
import dev.starling.tl.GzipPacked;
import dev.starling.tl.Layer;
import dev.starling.tl.MsgContainer;
import dev.starling.tl.MsgContainer.ContainerMessage;
import dev.starling.tl.RpcResult;
import dev.starling.tl.Tl;
import dev.starling.tl.TlObject;
import dev.starling.tl.api.AnyUpdates;
import dev.starling.tl.api.HelpGetConfig;
import dev.starling.tl.api.UpdatesTooLong;
import dev.starling.tl.mt.BadMsgNotification;
import dev.starling.tl.mt.BadServerSalt;
import dev.starling.tl.mt.MsgDetailedInfo;
import dev.starling.tl.mt.MsgResendReq;
import dev.starling.tl.mt.MsgsAck;
import dev.starling.tl.mt.NewSessionCreated;
import dev.starling.tl.mt.PingDelayDisconnect;
import dev.starling.tl.mt.Pong;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ClientSessionTest implements ClientSession.Sink {
  private static final AuthKey KEY = AuthKeyTest.SAMPLE;
  private static final long SESSION = 0x5e5510;
  private static final byte[] RESULT = encode(new Pong(1, 2)); // any boxed value

  /** A message that the client sent. */
  private record Sent(long salt, long packetMsgId, long msgId, int seqno, TlObject body) {}

  private final ManualClock clock = new ManualClock();
  private final ClientSession client = new ClientSession(KEY, SESSION, 1, 0, clock.env(3));
  private final MessageIds serverIds = new MessageIds(clock, 0);

  private final List<byte[]> packets = new ArrayList<>();
  private final List<Long> answered = new ArrayList<>();
  private final List<byte[]> results = new ArrayList<>();
  private final List<Long> failed = new ArrayList<>();
  private final List<AnyUpdates> updates = new ArrayList<>();
  private final List<Duration> wakes = new ArrayList<>();
  private int missed;
  private int silences;

  private long call() {
    return client.call(new HelpGetConfig());
  }

  /** Queues a call, flushes and answers it as it went. */
  private Sent sentCall() {
    call();
    return flush().getFirst();
  }

  private List<Sent> flush() {
    packets.clear();
    client.flush(this);
    List<Sent> sent = new ArrayList<>();
    for (byte[] packet : packets) {
      var message = assertInstanceOf(Message.class, Envelope.open(KEY, Side.CLIENT, packet));
      long id = message.msgId();
      if (ServerHarness.value(message.body()) instanceof MsgContainer(var inside)) {
        for (ContainerMessage inner : inside) {
          TlObject body = ServerHarness.value(inner.body());
          sent.add(new Sent(message.salt(), id, inner.msgId(), inner.seqno(), body));
        }
      } else {
        TlObject body = ServerHarness.value(message.body());
        sent.add(new Sent(message.salt(), id, id, message.seqno(), body));
      }
    }
    return sent;
  }

  private <T extends TlObject> List<Sent> flush(Class<T> type) {
    return flush().stream().filter(sent -> type.isInstance(sent.body)).toList();
  }

  private static byte[] encode(TlObject body) {
    return Tl.encode(body, Layer.NEWEST);
  }

  /** The server sends a message; answers its msg_id. */
  private long server(int seqno, TlObject body) {
    long msgId = serverIds.next(MessageIds.ANSWER);
    take(msgId, seqno, body);
    return msgId;
  }

  private void take(long msgId, int seqno, TlObject body) {
    client.receive(new Message(0, SESSION, msgId, seqno, encode(body)), this);
  }

  @Nested
  class Calls {
    @Test
    void areAnsweredByTheirNumber() {
      long call = call();
      Sent sent = flush().getFirst();
      assertEquals(0, sent.msgId & 3);
      assertEquals(1, sent.seqno);
      server(1, new RpcResult(sent.msgId, RESULT));
      assertEquals(List.of(call), answered);
      assertArrayEquals(RESULT, results.getFirst());
      assertEquals(0, client.openCalls());
    }

    @Test
    void areAnsweredOnce() {
      Sent sent = sentCall();
      server(1, new RpcResult(sent.msgId, RESULT));
      server(3, new RpcResult(sent.msgId, RESULT));
      assertEquals(1, answered.size());
    }

    @Test
    void resultsAreUnpacked() {
      Sent sent = sentCall();
      server(1, new RpcResult(sent.msgId, encode(new GzipPacked(Gzip.pack(RESULT)))));
      assertArrayEquals(RESULT, results.getFirst());
    }

    @Test
    void aDamagedResultIsAFailure() {
      Sent sent = sentCall();
      server(1, new RpcResult(sent.msgId, encode(new GzipPacked(new byte[] {1, 2, 3}))));
      assertEquals(1, failed.size());
    }

    @Test
    void areBounded() {
      for (int i = 0; i < ClientSession.CALLS_MAX; i++) {
        call();
      }
      assertThrows(IllegalStateException.class, ClientSessionTest.this::call);
    }

    @Test
    void goTogetherInAContainer() {
      call();
      call();
      List<Sent> sent = flush();
      assertEquals(2, sent.size());
      assertEquals(sent.get(0).packetMsgId, sent.get(1).packetMsgId);
    }

    @Test
    void goAgainOverANewConnectionUnderTheirMsgId() {
      Sent sent = sentCall();
      assertEquals(List.of(), flush());
      client.attached();
      Sent again = flush(HelpGetConfig.class).getFirst();
      assertEquals(sent.msgId, again.msgId);
      assertEquals(sent.seqno, again.seqno);
      assertNotEquals(again.msgId, again.packetMsgId, "in a container, as it may be old");
    }
  }

  @Nested
  class Refusals {
    @Test
    void badServerSaltSendsAgainWithTheNewSalt() {
      Sent sent = sentCall();
      server(0, new BadServerSalt(sent.msgId, sent.seqno, 48, 99));
      Sent again = flush().getFirst();
      assertEquals(99, again.salt);
      assertEquals(sent.msgId, again.msgId);
      assertEquals(99, client.salt());
    }

    @Test
    void ofAContainerSendsAllOfItAgain() {
      call();
      call();
      Sent sent = flush().getFirst();
      server(0, new BadServerSalt(sent.packetMsgId, 4, 48, 99));
      assertEquals(2, flush().size());
    }

    @Test
    void aClockThatIsAheadIsCorrectedByTheNotification() {
      aWrongClockIsCorrected(Duration.ofHours(1), 17);
    }

    @Test
    void aClockThatIsBehindIsCorrectedByTheNotification() {
      aWrongClockIsCorrected(Duration.ofHours(-3), 16);
    }

    private void aWrongClockIsCorrected(Duration wrong, int code) {
      clock.advance(wrong);
      var right = new MessageIds(clock, -wrong.toMillis());
      Sent sent = sentCall();
      take(right.next(1), 0, new BadMsgNotification(sent.msgId, sent.seqno, code));
      assertEquals(-wrong.toMillis(), client.timeOffsetMillis());
      Sent again = flush(HelpGetConfig.class).getFirst();
      assertEquals(MessageIds.at(clock.millis() - wrong.toMillis()), again.msgId);
      take(right.next(1), 1, new RpcResult(again.msgId, RESULT));
      assertEquals(1, answered.size());
    }

    @Test
    void severalNotificationsCorrectTheClockOnce() {
      Sent one = sentCall();
      Sent two = sentCall();
      var right = new MessageIds(clock, -3_600_000);
      take(right.next(1), 0, new BadMsgNotification(one.msgId, one.seqno, 17));
      take(right.next(1), 0, new BadMsgNotification(two.msgId, two.seqno, 17));
      List<Sent> again = flush(HelpGetConfig.class);
      assertEquals(2, again.stream().map(Sent::msgId).distinct().count());
    }

    @Test
    void seqnoTooLowIsRaised() {
      Sent sent = sentCall();
      server(0, new BadMsgNotification(sent.msgId, sent.seqno, 32));
      assertEquals(sent.seqno + 66, flush().getFirst().seqno);
    }

    @Test
    void seqnoTooHighIsLowered() {
      for (int i = 0; i < 20; i++) {
        server(2 * i + 1, new RpcResult(sentCall().msgId, RESULT));
      }
      Sent sent = sentCall();
      server(0, new BadMsgNotification(sent.msgId, sent.seqno, 33));
      assertEquals(sent.seqno + 2 - 16, flush(HelpGetConfig.class).getFirst().seqno);
    }

    @Test
    void tooOldIsSentAnew() {
      Sent sent = sentCall();
      server(0, new BadMsgNotification(sent.msgId, sent.seqno, 20));
      Sent again = flush().getFirst();
      assertTrue(again.msgId > sent.msgId);
      server(1, new RpcResult(again.msgId, RESULT));
      assertEquals(1, answered.size());
    }

    @Test
    void withoutEndAreAFailure() {
      long call = call();
      for (int i = 0; i <= ClientSession.REFUSALS_MAX; i++) {
        Sent sent = flush().getFirst();
        server(0, new BadMsgNotification(sent.msgId, sent.seqno, 35));
      }
      assertEquals(List.of(call), failed);
      assertEquals(List.of(), flush());
      assertEquals(0, client.openCalls());
    }
  }

  @Nested
  class ServerSide {
    @Test
    void newSessionCreatedSendsAnewWhatWasSentBefore() {
      Sent lost = sentCall();
      Sent first = sentCall();
      server(1, new NewSessionCreated(first.msgId, 5, 77));
      List<Sent> again = flush(HelpGetConfig.class);
      assertEquals(1, again.size());
      assertTrue(again.getFirst().msgId > first.msgId);
      assertNotEquals(lost.msgId, again.getFirst().msgId);
      assertEquals(77, again.getFirst().salt);
      assertEquals(1, missed);
    }

    @Test
    void updatesAreHandedOnOnceAndAcknowledged() {
      long msgId = serverIds.next(MessageIds.NOTIFICATION);
      take(msgId, 1, new UpdatesTooLong());
      take(msgId, 1, new UpdatesTooLong());
      assertEquals(List.of(new UpdatesTooLong()), updates);
      clock.advance(PendingAcks.DELAY);
      MsgsAck ack = (MsgsAck) flush(MsgsAck.class).getFirst().body;
      assertEquals(List.of(msgId, msgId), ack.msgIds());
    }

    @Test
    void updatesThatCannotBeReadAreMissed() {
      long msgId = serverIds.next(MessageIds.NOTIFICATION);
      client.receive(
          new Message(0, SESSION, msgId, 1, new byte[] {1, 2, 3, 4}), ClientSessionTest.this);
      assertEquals(1, missed);
    }

    @Test
    void containersAreOpened() {
      Sent sent = sentCall();
      long one = serverIds.next(1);
      long two = serverIds.next(3);
      take(
          serverIds.next(1),
          4,
          new MsgContainer(
              List.of(
                  new ContainerMessage(one, 1, encode(new RpcResult(sent.msgId, RESULT))),
                  new ContainerMessage(two, 3, encode(new UpdatesTooLong())))));
      assertEquals(1, answered.size());
      assertEquals(1, updates.size());
    }

    @Test
    void anAnnouncedAnswerIsAskedFor() {
      Sent sent = sentCall();
      long answer = serverIds.next(MessageIds.ANSWER);
      server(0, new MsgDetailedInfo(sent.msgId, answer, 100_000, 0));
      assertEquals(new MsgResendReq(List.of(answer)), flush().getFirst().body);
    }

    @Test
    void anAnnouncedAnswerThatCameIsAcknowledged() {
      Sent sent = sentCall();
      long answer = server(1, new RpcResult(sent.msgId, RESULT));
      clock.advance(PendingAcks.DELAY);
      flush();
      server(0, new MsgDetailedInfo(sent.msgId, answer, 100_000, 0));
      clock.advance(PendingAcks.DELAY);
      assertEquals(new MsgsAck(List.of(answer)), flush().getFirst().body);
    }

    @Test
    @DisplayName("10. A session's message never reaches another session")
    void messagesOfOtherSessionsAreIgnored() {
      byte[] body = encode(new UpdatesTooLong());
      client.receive(new Message(0, 1, serverIds.next(3), 1, body), ClientSessionTest.this);
      assertEquals(List.of(), updates);
    }

    @Test
    void messagesWithAClientsMsgIdAreIgnored() {
      take(MessageIds.at(clock.millis()), 1, new UpdatesTooLong());
      assertEquals(List.of(), updates);
    }
  }

  @Nested
  class Life {
    @Test
    void pingsAtIntervalsAndWantsToBeWokenForIt() {
      flush();
      assertEquals(List.of(ClientSession.PING_INTERVAL), wakes);
      clock.advance(ClientSession.PING_INTERVAL);
      assertEquals(1, flush(PingDelayDisconnect.class).size());
      assertEquals(0, flush(PingDelayDisconnect.class).size());
    }

    @Test
    void aNewConnectionIsGreetedAtOnce() {
      client.attached();
      assertEquals(1, flush(PingDelayDisconnect.class).size());
    }

    @Test
    void silenceIsReportedOnce() {
      clock.advance(ClientSession.SILENCE_MAX.minusMillis(1));
      flush();
      assertEquals(0, silences);
      clock.advance(Duration.ofMillis(1));
      flush();
      flush();
      assertEquals(1, silences);
    }

    @Test
    void aPongIsASignOfLife() {
      clock.advance(ClientSession.PING_INTERVAL);
      server(0, new Pong(1, 2));
      clock.advance(ClientSession.PING_INTERVAL);
      flush();
      assertEquals(0, silences);
    }
  }

  @Override
  public void send(byte[] packet) {
    packets.add(packet);
  }

  @Override
  public void result(long call, byte[] result) {
    answered.add(call);
    results.add(result);
  }

  @Override
  public void failed(long call, String why) {
    failed.add(call);
  }

  @Override
  public void update(AnyUpdates update) {
    updates.add(update);
  }

  @Override
  public void missed() {
    missed++;
  }

  @Override
  public void silent() {
    silences++;
  }

  @Override
  public void flushAfter(Duration delay) {
    wakes.add(delay);
  }
}

package dev.starling.mtproto;

import static dev.starling.mtproto.ServerHarness.bytes;
import static dev.starling.mtproto.ServerHarness.container;
import static dev.starling.mtproto.ServerHarness.inner;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.starling.mtproto.Envelope.Opened.Message;
import dev.starling.mtproto.ServerHarness.Sent;
import dev.starling.tl.Gzip;
import dev.starling.tl.GzipPacked;
import dev.starling.tl.MsgContainer;
import dev.starling.tl.MsgContainer.ContainerMessage;
import dev.starling.tl.TlObject;
import dev.starling.tl.api.HelpGetConfig;
import dev.starling.tl.api.HelpGetNearestDc;
import dev.starling.tl.api.InvokeWithLayer;
import dev.starling.tl.mt.BadMsgNotification;
import dev.starling.tl.mt.BadServerSalt;
import dev.starling.tl.mt.GetFutureSalts;
import dev.starling.tl.mt.HttpWait;
import dev.starling.tl.mt.MsgsAck;
import dev.starling.tl.mt.MsgsStateReq;
import dev.starling.tl.mt.NewSessionCreated;
import dev.starling.tl.mt.Ping;
import dev.starling.tl.mt.Pong;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Which messages a server session takes. The numbers are those of the protocol obligations. */
class ServerAdmissionTest {
  private static final TlObject CALL = new HelpGetConfig();
  private static final TlObject OTHER_CALL = new HelpGetNearestDc();

  private final ServerHarness server = new ServerHarness().begun();

  @Nested
  @DisplayName("5. msg_id: 18 not divisible by 4, 16/20 over 300 s old, 17 over 30 s ahead")
  class Ids {
    @Test
    void notDivisibleBy4Is18() {
      for (int bits = 1; bits < 4; bits++) {
        long msgId = server.id() + bits;
        server.take(msgId, 99, CALL);
        server.assertRefused(18, msgId);
      }
    }

    @Test
    void notDivisibleBy4InsideAContainerIs18() {
      long msgId = server.id() + 1;
      server.take(msgId + 3, 2, container(inner(msgId, 1, CALL)));
      server.assertRefused(18, msgId);
    }

    @Test
    void over300SecondsOldIs16() {
      long msgId = server.idAgo(Duration.ofMillis(300_001));
      server.take(msgId, 1, CALL);
      server.assertRefused(16, msgId);
    }

    @Test
    void almost300SecondsOldIsTaken() {
      ServerHarness old = new ServerHarness();
      old.session = old.session(0);
      old.take(old.idAgo(Duration.ofMillis(299_999)), 1, CALL);
      assertEquals(1, old.requests.size());
    }

    @Test
    void over300SecondsOldInsideAContainerIs20() {
      long msgId = server.idAgo(Duration.ofSeconds(301));
      server.take(server.id(), 2, container(inner(msgId, 1, CALL)));
      server.assertRefused(20, msgId);
    }

    @Test
    void over30SecondsAheadIs17() {
      long msgId = server.idAgo(Duration.ofMillis(-30_001));
      server.take(msgId, 1, CALL);
      server.assertRefused(17, msgId);
    }

    @Test
    void almost30SecondsAheadIsTaken() {
      server.take(server.idAgo(Duration.ofMillis(-29_999)), 1, CALL);
      assertEquals(1, server.requests.size());
    }

    @Test
    void negativeAndZeroAre16() {
      server.take(0, 1, CALL);
      server.assertRefused(16, 0);
      server.take(-4, 1, CALL);
      server.assertRefused(16, -4);
    }
  }

  @Nested
  @DisplayName("6. Below the window: refused with 20; older than the boot: with 16")
  class TooOld {
    @Test
    void belowTheWindowIs20() {
      long first = server.id();
      for (int i = 0; i < 2000; i++) {
        server.service(new Ping(i));
        server.flush();
      }
      server.take(first, 1, CALL);
      server.assertRefused(20, first);
    }

    @Test
    void contentOlderThanTheBootIs16() {
      ServerHarness fresh = new ServerHarness();
      fresh.session = fresh.session(fresh.clock.millis());
      long msgId = fresh.idAgo(Duration.ofMillis(1));
      fresh.take(msgId, 1, CALL);
      fresh.assertRefused(16, msgId);
      fresh.take(fresh.id(), 3, CALL);
      assertEquals(1, fresh.requests.size());
    }

    @Test
    void aPingOlderThanTheBootIsAnsweredAndAllFromBeforeIsToBeSentAgain() {
      ServerHarness fresh = new ServerHarness();
      long boot = fresh.clock.millis();
      fresh.session = fresh.session(boot);
      fresh.take(fresh.idAgo(Duration.ofSeconds(1)), 0, new Ping(5));
      List<Sent> sent = fresh.flush();
      var created = assertInstanceOf(NewSessionCreated.class, sent.getFirst().body());
      assertEquals(MessageIds.at(boot), created.firstMsgId());
      assertInstanceOf(Pong.class, sent.get(1).body());
    }

    @Test
    void lowerThanFirstMsgIdIs20AsTheClientSendsItAgain() {
      ServerHarness fresh = new ServerHarness();
      long late = fresh.id();
      fresh.take(fresh.id(), 3, OTHER_CALL);
      fresh.take(late, 1, CALL);
      assertEquals(20, fresh.only(BadMsgNotification.class).errorCode());
      assertEquals(List.of(OTHER_CALL), List.copyOf(fresh.requests.values()));
    }
  }

  @Nested
  @DisplayName("7. seqno: 32 too low, 33 too high, 34 must be even, 35 must be odd")
  class Seqnos {
    @Test
    void lowerThanAnEarlierOneIs32() {
      server.take(server.id(), 10, new Ping(1));
      long msgId = server.id();
      server.take(msgId, 9, CALL);
      server.assertRefused(32, msgId);
    }

    @Test
    void equalToAnEarlierOddOneIs32() {
      server.take(server.id(), 9, new Ping(1));
      long msgId = server.id();
      server.take(msgId, 9, CALL);
      server.assertRefused(32, msgId);
    }

    @Test
    void higherThanALaterOneIs33() {
      long msgId = server.id();
      server.take(server.id(), 10, new Ping(1));
      server.take(msgId, 11, CALL);
      server.assertRefused(33, msgId);
    }

    @Test
    void outOfOrderButFittingIsTaken() {
      long earlier = server.id();
      server.take(server.id(), 12, new Ping(1));
      server.take(earlier, 11, CALL);
      assertEquals(1, server.requests.size());
    }

    @Test
    void equalAndEvenIsTaken() {
      server.take(server.id(), 10, new Ping(1));
      server.take(server.id(), 10, new Ping(2));
      assertEquals(2, server.flush().stream().filter(s -> s.body() instanceof Pong).count());
    }

    @Test
    void anAckMarkedContentRelatedIsTaken() {
      server.take(server.id(), 1, new MsgsAck(List.of(5L)));
      server.take(server.id(), 3, CALL);
      assertEquals(1, server.requests.size());
    }

    @Test
    void aContainerMarkedContentRelatedIs34AndNothingOfItIsExecuted() {
      long inside = server.id();
      long msgId = server.id();
      server.take(msgId, 3, container(inner(inside, 1, CALL)));
      server.assertRefused(34, msgId);
    }

    @Test
    void anApiCallNotMarkedIs35() {
      long msgId = server.id();
      server.take(msgId, 0, CALL);
      server.assertRefused(35, msgId);
    }

    @Test
    void aPackedApiCallNotMarkedIs35() {
      long msgId = server.id();
      server.take(msgId, 0, packed(CALL));
      server.assertRefused(35, msgId);
    }

    @Test
    void pingHttpWaitAndStateRequestsMayBeEither() {
      for (TlObject body :
          List.of(
              new Ping(1),
              new HttpWait(0, 0, 0),
              new MsgsStateReq(List.of(4L)),
              new GetFutureSalts(1))) {
        server.service(body);
        server.call(body);
      }
      assertTrue(server.flush().stream().noneMatch(s -> s.body() instanceof BadMsgNotification));
    }
  }

  @Nested
  @DisplayName(
      "8. Containers: id above all inner ids, reused 19, bad 64; at most 8192 ids in a vector")
  class Containers {
    @Test
    void messagesOfAContainerAreExecutedOnceEach() {
      long one = server.id();
      long two = server.id();
      server.take(server.id(), 4, container(inner(one, 1, CALL), inner(two, 3, OTHER_CALL)));
      assertEquals(Map.of(one, CALL, two, OTHER_CALL), server.requests);
    }

    @Test
    void anInnerIdNotBelowTheContainersIs64() {
      long msgId = server.id();
      server.take(msgId, 2, container(inner(msgId, 1, CALL)));
      server.assertRefused(64, msgId);
    }

    @Test
    void aContainerInAContainerIs64() {
      long deep = server.id();
      long nested = server.id();
      long msgId = server.id();
      server.take(
          msgId,
          4,
          container(inner(deep, 1, CALL), inner(nested, 2, container(inner(deep, 3, CALL)))));
      server.assertRefused(64, msgId);
    }

    @Test
    @DisplayName("18. a container in a container is refused packed too")
    void aPackedContainerInAContainerIs64() {
      long deep = server.id();
      long nested = server.id();
      server.take(
          server.id(), 4, container(inner(nested, 2, packed(container(inner(deep, 1, CALL))))));
      server.assertRefused(64, nested);
    }

    @Test
    void aReusedIdIs19AndNothingIsExecutedAgain() {
      long one = server.id();
      long msgId = server.id();
      server.take(msgId, 2, container(inner(one, 1, CALL)));
      server.flush();
      server.requests.clear();
      server.take(msgId, 2, container(inner(one, 1, CALL)));
      server.assertRefused(19, msgId);
    }

    @Test
    void moreThan1020MessagesAre64() {
      long first = server.id();
      var messages =
          LongStream.range(0, 1021).mapToObj(i -> inner(first + 4 * i, 0, new Ping(i))).toList();
      long msgId = first + 4 * 1021;
      server.take(msgId, 0, new MsgContainer(messages));
      server.assertRefused(64, msgId);
      server.take(msgId, 0, new MsgContainer(messages.subList(0, 1020)));
      assertEquals(1020, server.flush().stream().filter(s -> s.body() instanceof Pong).count());
    }

    @Test
    void cutShortIs64() {
      long msgId = server.id();
      byte[] whole = bytes(container(inner(msgId - 4, 1, CALL)));
      server.take(msgId, 2, Bytes.slice(whole, 0, whole.length - 4));
      server.assertRefused(64, msgId);
    }

    @Test
    void oneBadMessageDoesNotSpoilItsNeighbours() {
      long bad = server.id();
      long good = server.id();
      server.take(server.id(), 4, container(inner(bad, 0, CALL), inner(good, 3, OTHER_CALL)));
      assertEquals(35, server.only(BadMsgNotification.class).errorCode());
      assertEquals(Map.of(good, OTHER_CALL), server.requests);
    }

    @Test
    void moreThan8192IdsAreNotLookedAt() {
      server.service(new MsgsStateReq(Collections.nCopies(8193, 4L)));
      assertEquals(List.of(), server.flush());
      server.service(new MsgsStateReq(Collections.nCopies(8192, 4L)));
      assertEquals(1, server.flush().size());
    }
  }

  @Nested
  @DisplayName("9. A wrong salt: bad_server_salt (48), nothing executed")
  class WrongSalt {
    @Test
    void isToldTheRightOne() {
      server.salt = 0;
      long msgId = server.call(CALL);
      BadServerSalt bad = server.only(BadServerSalt.class);
      assertEquals(new BadServerSalt(msgId, 1, 48, server.salts.current()), bad);
      assertEquals(Map.of(), server.requests);
    }

    @Test
    @DisplayName("the handshake's salt is accepted from the first message on")
    void theHandshakeSaltIsNotWrong() {
      server.salts.acceptHandshakeSalt(1234);
      server.salt = 1234;
      server.call(CALL);
      assertEquals(1, server.requests.size());
    }

    @Test
    void theSameMessageIsTakenAfterwards() {
      server.salt = 0;
      long msgId = server.call(CALL);
      server.salt = server.salts.current();
      server.take(msgId, 1, CALL);
      assertEquals(Map.of(msgId, CALL), server.requests);
    }
  }

  @Test
  @DisplayName("18. few packed bytes do not ask for many: replies are bounded in bytes too")
  void repliesAreBoundedInBytes() {
    var wanted = packed(new MsgsStateReq(Collections.nCopies(8192, 4L)));
    for (int i = 0; i < 100; i++) {
      server.service(wanted);
    }
    int bytes = server.flush().stream().mapToInt(Sent::bytes).sum();
    assertTrue(bytes < ServerSession.REPLY_BYTES_MAX + (16 << 10), () -> bytes + " bytes");
    server.service(new Ping(1));
    server.only(Pong.class);
  }

  @Test
  @DisplayName("10. A session's message never reaches another session")
  void aMessageOfAnotherSessionIsADefectOfTheCaller() {
    var foreign = new Message(server.salt, 5, server.id(), 1, bytes(CALL));
    assertThrows(IllegalArgumentException.class, () -> server.session.receive(foreign, server));
  }

  @Nested
  @DisplayName("gzip_packed anywhere, gzip or zlib")
  class Packed {
    @Test
    void alone() {
      server.call(packed(CALL));
      assertEquals(List.of(CALL), List.copyOf(server.requests.values()));
    }

    @Test
    void withAZlibHeader() throws IOException {
      var zlib = new ByteArrayOutputStream();
      try (var out = new DeflaterOutputStream(zlib)) {
        out.write(bytes(CALL));
      }
      server.call(new GzipPacked(zlib.toByteArray()));
      assertEquals(List.of(CALL), List.copyOf(server.requests.values()));
    }

    @Test
    void insideAContainer() {
      long inside = server.id();
      server.take(server.id(), 2, container(inner(inside, 1, packed(CALL))));
      assertEquals(List.of(CALL), List.copyOf(server.requests.values()));
    }

    @Test
    void aroundAContainer() {
      long inside = server.id();
      server.take(server.id(), 2, packed(container(inner(inside, 1, CALL))));
      assertEquals(Map.of(inside, CALL), server.requests);
    }

    @Test
    void insideAWrapper() {
      byte[] wrapper = bytes(new InvokeWithLayer<>(229, new HelpGetConfig()));
      byte[] head = Bytes.slice(wrapper, 0, 8);
      server.take(server.id(), 1, Bytes.concat(head, bytes(packed(CALL))));
      var request =
          assertInstanceOf(InvokeWithLayer.class, List.copyOf(server.requests.values()).getFirst());
      assertEquals(CALL, request.query());
    }

    @Test
    @DisplayName("18. a gzip bomb is refused within the cap")
    void aBombIsRefused() {
      GzipPacked bomb = new GzipPacked(Gzip.pack(new byte[(1 << 20) + 4]));
      server.call(bomb);
      assertEquals(
          "INPUT_FETCH_ERROR", ServerHarness.error(server.flush().getFirst()).errorMessage());
    }

    @Test
    @DisplayName("18. the cap is one for all of a packet")
    void manySmallBombsAreOneBomb() {
      byte[] half = new byte[600 << 10];
      System.arraycopy(bytes(CALL), 0, half, 0, 4); // what follows a value is left alone
      GzipPacked bomb = new GzipPacked(Gzip.pack(half));
      long one = server.id();
      long two = server.id();
      server.take(server.id(), 4, container(inner(one, 1, bomb), inner(two, 3, bomb)));
      assertEquals(Map.of(one, CALL), server.requests);
    }

    @Test
    @DisplayName("18. the cap is one for all of a packet, inside wrappers too")
    void manySmallBombsInWrappersAreOneBomb() {
      byte[] half = new byte[600 << 10];
      System.arraycopy(bytes(CALL), 0, half, 0, 4);
      byte[] head = Bytes.slice(bytes(new InvokeWithLayer<>(229, new HelpGetConfig())), 0, 8);
      byte[] bomb = Bytes.concat(head, bytes(new GzipPacked(Gzip.pack(half))));
      long one = server.id();
      var first = new ContainerMessage(one, 1, bomb);
      var second = new ContainerMessage(server.id(), 3, bomb);
      server.take(server.id(), 4, container(first, second));
      assertEquals(Set.of(one), server.requests.keySet());
    }

    @Test
    void countsAsWhatItUnpacksTo() {
      byte[] half = new byte[600 << 10];
      System.arraycopy(bytes(CALL), 0, half, 0, 4);
      byte[] packed = bytes(new GzipPacked(Gzip.pack(half)));
      server.take(server.id(), 1, packed);
      assertEquals(packed.length + half.length, server.requestBytes);
    }

    @Test
    @DisplayName("18. what a bomb wasted is not given back to the next")
    void aBombTakesTheWholeCap() {
      GzipPacked bomb = new GzipPacked(Gzip.pack(new byte[(1 << 20) + 4]));
      long after = server.id() + 4;
      server.take(
          server.id() + 8, 4, container(inner(after - 4, 1, bomb), inner(after, 3, packed(CALL))));
      assertEquals(Map.of(), server.requests);
    }

    @Test
    @DisplayName("18. gzip_packed in gzip_packed is refused")
    void twiceIsRefused() {
      server.call(packed(packed(CALL)));
      assertEquals(Map.of(), server.requests);
      assertEquals(400, ServerHarness.error(server.flush().getFirst()).errorCode());
    }
  }

  private static GzipPacked packed(TlObject body) {
    return new GzipPacked(Gzip.pack(bytes(body)));
  }
}

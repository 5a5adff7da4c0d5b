package dev.starling.mtproto;

import dev.starling.mtproto.Envelope.Opened.Message;
import dev.starling.tl.MsgContainer;
import dev.starling.tl.MsgContainer.ContainerMessage;
import dev.starling.tl.api.AnyUpdates;
import dev.starling.tl.api.HelpGetConfig;
import dev.starling.tl.mt.GetFutureSalts;
import dev.starling.tl.mt.MsgDetailedInfo;
import dev.starling.tl.mt.MsgResendReq;
import dev.starling.tl.mt.MsgsAck;
import dev.starling.tl.mt.MsgsStateReq;
import dev.starling.tl.mt.PingDelayDisconnect;
import dev.starling.tl.mt.RpcDropAnswer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;

/** Whatever one who holds the auth key sends, a session takes it without an exception. */
@Label("18. Garbage is refused, never thrown at")
class SessionGarbageTest {
  private static final int MESSAGES = 40;

  @Property(tries = 200)
  void aServerSessionThrowsAtNothing(@ForAll long seed) {
    Random random = new Random(seed);
    ServerHarness server = new ServerHarness();
    server.session = server.session(0);
    for (int i = 0; i < MESSAGES; i++) {
      long salt = random.nextInt(10) == 0 ? random.nextLong() : server.salts.current();
      byte[] body = body(random, server, 0);
      server.session.receive(
          new Message(salt, ServerHarness.SESSION, id(random, server), random.nextInt(60), body),
          server);
      for (long call : List.copyOf(server.requests.keySet())) {
        if (random.nextBoolean()) {
          server.session.answer(call, new byte[4 * random.nextInt(300)], server);
        }
      }
      if (random.nextInt(3) == 0) {
        server.session.attached(server);
      }
      server.session.flush(server);
      server.clock.advance(Duration.ofMillis(random.nextInt(60_000)));
    }
  }

  @Property(tries = 200)
  void aClientSessionThrowsAtNothing(@ForAll long seed) {
    Random random = new Random(seed);
    ServerHarness other = new ServerHarness();
    var client = new ClientSession(ServerHarness.KEY, 5, 0, 0, other.env);
    for (int i = 0; i < MESSAGES; i++) {
      client.call(new HelpGetConfig());
      client.receive(
          new Message(0, 5, id(random, other) + 1, random.nextInt(60), body(random, other, 0)),
          IGNORE);
      client.flush(IGNORE);
      other.clock.advance(Duration.ofMillis(random.nextInt(60_000)));
    }
  }

  private static long id(Random random, ServerHarness server) {
    return random.nextInt(20) == 0
        ? random.nextLong()
        : server.idAgo(Duration.ofSeconds(random.nextInt(60))) + random.nextInt(20);
  }

  private static byte[] body(Random random, ServerHarness server, int depth) {
    byte[] body =
        switch (random.nextInt(depth < 2 ? 10 : 8)) {
          case 0 -> noise(random);
          case 1 -> ServerHarness.bytes(new HelpGetConfig());
          case 2 -> ServerHarness.bytes(new MsgsAck(ids(random, server)));
          case 3 -> ServerHarness.bytes(new MsgsStateReq(ids(random, server)));
          case 4 -> ServerHarness.bytes(new MsgResendReq(ids(random, server)));
          case 5 -> ServerHarness.bytes(new GetFutureSalts(random.nextInt()));
          case 6 -> ServerHarness.bytes(new PingDelayDisconnect(1, random.nextInt()));
          case 7 -> ServerHarness.bytes(new RpcDropAnswer(id(random, server)));
          case 8 -> ServerHarness.bytes(new MsgDetailedInfo(id(random, server), 5, -1, -1));
          default -> ServerHarness.bytes(new MsgContainer(messages(random, server, depth)));
        };
    if (random.nextInt(4) == 0 && body.length > 0) {
      body[random.nextInt(body.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return body;
  }

  private static List<ContainerMessage> messages(Random random, ServerHarness server, int depth) {
    List<ContainerMessage> messages = new ArrayList<>();
    for (int i = random.nextInt(5); i > 0; i--) {
      byte[] body = body(random, server, depth + 1);
      messages.add(new ContainerMessage(id(random, server), random.nextInt(60), body));
    }
    return messages;
  }

  private static List<Long> ids(Random random, ServerHarness server) {
    List<Long> ids = new ArrayList<>();
    for (int i = random.nextInt(20); i > 0; i--) {
      ids.add(id(random, server));
    }
    return ids;
  }

  private static byte[] noise(Random random) {
    byte[] noise = new byte[random.nextInt(200)];
    random.nextBytes(noise);
    return noise;
  }

  private static final ClientSession.Sink IGNORE =
      new ClientSession.Sink() {
        @Override
        public void send(byte[] packet) {}

        @Override
        public void result(long call, byte[] result) {}

        @Override
        public void failed(long call, String why) {}

        @Override
        public void update(AnyUpdates updates) {}

        @Override
        public void missed() {}

        @Override
        public void silent() {}

        @Override
        public void flushAfter(Duration delay) {}
      };
}

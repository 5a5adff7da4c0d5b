package dev.starling.mtproto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.starling.mtproto.Envelope.Opened.Message;
import dev.starling.tl.TlMethod;
import dev.starling.tl.TlObject;
import dev.starling.tl.api.AccountUpdateStatus;
import dev.starling.tl.api.AnyUpdates;
import dev.starling.tl.api.HelpGetConfig;
import dev.starling.tl.api.InvokeWithLayer;
import dev.starling.tl.api.UpdateConfig;
import dev.starling.tl.api.UpdateShort;
import dev.starling.tl.mt.Pong;
import dev.starling.tl.mt.RpcError;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;

/**
 * Both sides of a session, and between them a network that loses packets, reorders them and cuts
 * connections, in virtual time. Calls carry their number as the layer of a wrapper, pushes theirs
 * as a date. Calls of odd numbers have an effect, those of even ones only read.
 */
final class BadNetwork {
  private static final AuthKey KEY = AuthKeyTest.SAMPLE;
  private static final long SESSION = 0x5e5510;
  private static final int ROUNDS = 60;
  private static final int LATENCY_MS_MAX = 300;
  private static final int EVENTS_MAX = 20_000;

  /**
   * How bad it is.
   *
   * @param loss of a packet's
   * @param cut of the connection, each round
   * @param restart of the server, each round
   */
  record Weather(String name, double loss, boolean reorders, double cut, double restart) {
    static final Weather FAIR = new Weather("fair", 0, false, 0, 0);
  }

  private record Event(long at, long order, Runnable what) {}

  private final ManualClock clock = new ManualClock();
  private final Random random;
  private final PriorityQueue<Event> events =
      new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::order));
  private final Salts salts;
  private final Env env;
  private final ClientSession client;
  private final ClientSide clientSide = new ClientSide();
  private ServerSide serverSide;
  private Weather weather;

  private int connection; // 0: none
  private int connections;
  private long newestToClient;
  private long newestToServer;
  private long order;

  private final Map<Integer, Integer> executed = new HashMap<>();
  private final Map<Long, Integer> numbers = new HashMap<>();
  private final Set<Integer> answered = new HashSet<>();
  private final Set<Integer> delivered = new HashSet<>();
  private final Set<Integer> excused = new HashSet<>();
  private int calls;
  private int pushes;
  int lost;
  int cuts;
  int restarts;
  int lostAnswers;

  BadNetwork(Weather weather, long seed) {
    this.weather = weather;
    this.random = new Random(seed);
    this.env = clock.env(seed);
    this.salts = new Salts(KEY, env);
    this.client = new ClientSession(KEY, SESSION, random.nextLong(), 0, env);
    this.serverSide = new ServerSide(clock.millis() - 1000);
  }

  void run() {
    connect();
    for (int round = 0; round < ROUNDS; round++) {
      after(round * 100L + random.nextInt(100), this::round);
    }
    drain(ROUNDS * 100L + 1000);
    weather = Weather.FAIR;
    cut();
    drain(10_000);
    cut(); // what was lost on the way without a cut goes again
    drain(10_000);
    check();
  }

  private void round() {
    if (random.nextInt(3) > 0 && client.openCalls() < ClientSession.CALLS_MAX) {
      for (int i = random.nextInt(4); i >= 0; i--) {
        int number = ++calls;
        TlMethod<?> call = hasEffect(number) ? new AccountUpdateStatus(true) : new HelpGetConfig();
        numbers.put(client.call(new InvokeWithLayer<>(number, call)), number);
      }
    }
    for (int i = random.nextInt(3); i > 0; i--) {
      serverSide.session.push(
          ServerHarness.bytes(new UpdateShort(new UpdateConfig(), ++pushes)), serverSide);
    }
    if (random.nextDouble() < weather.cut) {
      cut();
    }
    if (random.nextDouble() < weather.restart) {
      restarts++;
      serverSide = new ServerSide(clock.millis());
      cut();
    }
    flush();
  }

  private static boolean hasEffect(int number) {
    return number % 2 == 1;
  }

  private void flush() {
    if (connection != 0) {
      client.flush(clientSide);
      if (serverSide.carrier == connection) {
        serverSide.session.flush(serverSide);
      }
    }
  }

  private void cut() {
    cuts++;
    connection = 0;
    after(random.nextInt(500), this::connect);
  }

  private void connect() {
    if (connection == 0) {
      connection = ++connections;
      client.attached();
      flush();
    }
  }

  private void check() {
    assertEquals(calls, answered.size(), "calls answered");
    if (restarts == 0) {
      executed.forEach(
          (call, times) ->
              assertTrue(times == 1 || !hasEffect(call), () -> times + " executions of " + call));
    }
    for (int push = 1; push <= pushes; push++) {
      assertTrue(delivered.contains(push) || excused.contains(push), "push " + push);
    }
    assertEquals(0, client.openCalls());
  }

  private void excuseAll() {
    for (int push = 1; push <= pushes; push++) {
      excused.add(push);
    }
  }

  private void after(long millis, Runnable what) {
    events.add(new Event(clock.millis() + millis, order++, what));
  }

  private void drain(long millis) {
    long end = clock.millis() + millis;
    for (int i = 0; !events.isEmpty() && events.peek().at <= end; i++) {
      assertTrue(i < EVENTS_MAX, "it never comes to rest");
      Event event = events.remove();
      clock.advance(Duration.ofMillis(event.at - clock.millis()));
      event.what.run();
    }
    clock.advance(Duration.ofMillis(end - clock.millis()));
  }

  /** When a packet arrives that is sent now, after those before it unless the weather reorders. */
  private long arrival(long newest) {
    long at = clock.millis() + 1 + random.nextInt(LATENCY_MS_MAX);
    return weather.reorders ? at : Math.max(at, newest);
  }

  private void carry(long at, Runnable delivery) {
    int on = connection;
    if (random.nextDouble() < weather.loss) {
      lost++;
      return;
    }
    after(
        at - clock.millis(),
        () -> {
          if (on == connection) {
            delivery.run();
            flush();
          }
        });
  }

  private static Message open(Side from, byte[] packet) {
    return assertInstanceOf(Message.class, Envelope.open(KEY, from, packet));
  }

  private final class ClientSide implements ClientSession.Sink {
    @Override
    public void send(byte[] packet) {
      newestToServer = arrival(newestToServer);
      ServerSide to = serverSide;
      carry(newestToServer, () -> to.take(open(Side.CLIENT, packet)));
    }

    @Override
    public void result(long call, byte[] result) {
      int number = numbers.getOrDefault(call, 0);
      assertTrue(answered.add(number), "answered twice");
      if (ServerHarness.value(result) instanceof RpcError) {
        assertTrue(hasEffect(number), "a read is not refused");
        lostAnswers++;
      } else {
        assertEquals(number, ((Pong) ServerHarness.value(result)).msgId());
      }
    }

    @Override
    public void failed(long call, String why) {
      throw new AssertionError("call " + numbers.get(call) + ": " + why);
    }

    @Override
    public void update(AnyUpdates updates) {
      assertTrue(delivered.add(((UpdateShort) updates).date()), "delivered twice");
    }

    @Override
    public void missed() {
      excuseAll();
    }

    @Override
    public void silent() {
      cut();
    }

    @Override
    public void flushAfter(Duration delay) {
      after(delay.toMillis(), BadNetwork.this::flush);
    }
  }

  private final class ServerSide implements ServerSession.Sink {
    private final ServerSession session;
    private int carrier;

    ServerSide(long bootMillis) {
      session = new ServerSession(KEY, SESSION, salts, env, bootMillis);
    }

    void take(Message message) {
      if (carrier != connection) {
        carrier = connection;
        session.attached(this);
      }
      session.receive(message, this);
    }

    @Override
    public void send(byte[] packet) {
      newestToClient = arrival(newestToClient);
      carry(newestToClient, () -> client.receive(open(Side.SERVER, packet), clientSide));
    }

    @Override
    public void request(long reqMsgId, TlObject request, int bytes) {
      int number = ((InvokeWithLayer<?>) request).layer();
      executed.merge(number, 1, Integer::sum);
      after(random.nextInt(400), () -> answer(reqMsgId, number));
    }

    private void answer(long reqMsgId, int number) {
      // Now and then one that is only announced when its call is repeated.
      byte[] noise = new byte[4 * (random.nextInt(100) == 0 ? 18_000 : random.nextInt(300))];
      random.nextBytes(noise);
      byte[] result = Bytes.concat(ServerHarness.bytes(new Pong(number, 0)), noise);
      session.answer(reqMsgId, result, this);
      flush();
    }

    @Override
    public void unknown(long reqMsgId, int layer) {
      throw new AssertionError("unknown");
    }

    @Override
    public void disconnectAfter(Duration delay) {
      assertEquals(Duration.ofSeconds(ClientSession.DISCONNECT_SECONDS), delay);
    }

    @Override
    public boolean destroySession(long sessionId) {
      throw new AssertionError("nobody asked");
    }

    @Override
    public void flushAfter(Duration delay) {
      after(delay.toMillis(), BadNetwork.this::flush);
    }

    @Override
    public void lagging() {
      excuseAll();
    }
  }

  @Override
  public String toString() {
    return "calls %d, answers lost %d, pushes %d, excused %d, packets lost %d, cuts %d, restarts %d, at %d"
        .formatted(
            calls, lostAnswers, pushes, excused.size(), lost, cuts, restarts, clock.millis());
  }
}

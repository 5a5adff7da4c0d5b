package dev.starling.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.starling.client.ClientException.Reason;
import dev.starling.tl.TlMethod;
import dev.starling.tl.api.UpdatesGetState;
import dev.starling.tl.api.UpdatesState;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A client whose packets go under temporary keys. */
@Timeout(30)
class ForwardSecrecyTest {
  private static final UpdatesState STATE = new UpdatesState(7, 1, 1000, 1, 0);
  private static final int HOUR = 3600;

  private final RealTime time = new RealTime();
  private final LinkedBlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private FakeServer server;
  private @Nullable StarlingClient client;

  @BeforeEach
  void startServer() throws IOException {
    server = new FakeServer(List.of(), time.env(1));
    server.answer = ForwardSecrecyTest::answer;
  }

  @AfterEach
  void close() throws IOException {
    if (client != null) {
      client.close();
    }
    server.close();
    time.close();
  }

  private static byte @Nullable [] answer(TlMethod<?> method) {
    return method instanceof UpdatesGetState m ? FakeServer.result(m, STATE) : null;
  }

  private StarlingClient connect(int keySeconds, @Nullable Credentials kept) {
    Settings settings = server.settings(null).withTemporaryKeys(keySeconds);
    StarlingClient connected = StarlingClient.connect(settings, kept, time.env(2));
    connected.listen(events::add);
    client = connected;
    return connected;
  }

  private <T> void await(Class<T> kind) throws InterruptedException {
    Event next;
    do {
      next = events.poll(20, TimeUnit.SECONDS);
      assertNotNull(next, "nothing came");
    } while (!kind.isInstance(next));
  }

  @Test
  void thePermanentKeyVouchesForTheOneThatIsUsed() {
    StarlingClient first = connect(HOUR, null);
    assertEquals(STATE, first.call(new UpdatesGetState()));
    Credentials kept = first.credentials();
    assertEquals(List.of(kept.key().id()), server.bindings());
    first.close();
    assertEquals(STATE, connect(HOUR, kept).call(new UpdatesGetState()));
    assertEquals(List.of(kept.key().id(), kept.key().id()), server.bindings());
  }

  @Test
  void itIsRenewedBeforeItExpires() throws InterruptedException {
    StarlingClient renewing = connect(2, null);
    await(Event.Lost.class);
    await(Event.Restored.class);
    assertEquals(STATE, renewing.call(new UpdatesGetState()));
    assertEquals(2, server.bindings().size());
  }

  @Test
  void oneThatTheServerHasForgottenIsReplaced() throws InterruptedException {
    StarlingClient forgotten = connect(HOUR, null);
    server.forgetTemporaryKeys();
    server.cut();
    await(Event.Restored.class);
    assertEquals(STATE, forgotten.call(new UpdatesGetState()));
    assertEquals(2, server.bindings().size());
  }

  @Test
  void aRefusedPermanentKeyIsTold() throws InterruptedException {
    StarlingClient refused = connect(HOUR, null);
    Credentials kept = refused.credentials();
    server.forgetKeys();
    server.cut();
    await(Event.Ended.class);
    assertReason(Reason.KEY_FORGOTTEN, () -> refused.call(new UpdatesGetState()));
    assertReason(Reason.KEY_FORGOTTEN, () -> connect(HOUR, kept));
    assertEquals(STATE, connect(HOUR, null).call(new UpdatesGetState()), "a new one is made");
  }

  private static void assertReason(Reason reason, Runnable call) {
    assertEquals(reason, assertThrows(ClientException.class, call::run).reason());
  }
}

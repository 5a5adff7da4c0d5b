package dev.starling.proxy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.starling.mtproto.Env;
import dev.starling.mtproto.Framing;
import dev.starling.mtproto.ProxySecret;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Connections that stall, half-close and reset at random, by links of every kind, to a data centre
 * that says everything back: every byte is looked at, and nothing is left open in the end.
 */
class SoakTest {
  private static final int PACKET_BYTES_MAX = 120_000;

  /** Written before anything is read: more than the proxy and the kernel hold for one peer. */
  private static final int STALLED_BYTES = 6 << 20;

  private static final List<ProxySecret.Kind> KINDS = List.of(ProxySecret.Kind.values());
  private static final int STALLED_MILLIS = 300;

  private final Env env = new TestEnv().env();
  private final AtomicLong passed = new AtomicLong();
  private InetSocketAddress address = new InetSocketAddress(0);

  @Test
  void taste() throws Exception {
    soak(60, 40L << 20, 16);
  }

  @Test
  @Tag("long")
  void tenGigabytes() throws Exception {
    soak(1000, 10L << 30, 64);
  }

  private void soak(int connections, long bytes, int atOnce) throws Exception {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    User user = new User("ann", new byte[16], "example.org", UserLimits.NONE);
    try (FakeCentre centre = new FakeCentre();
        ProxyServer proxy =
            new ProxyServer(
                new ProxySettings(List.of(any), List::of, true, 5000, 2),
                List.of(user),
                Upstream.at(centre.address()),
                env);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      address = proxy.start().getFirst();
      Semaphore places = new Semaphore(atOnce);
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < connections; i++) {
        int seed = i;
        places.acquire();
        all.add(
            threads.submit(
                () -> {
                  try {
                    talk(user, new Random(seed), bytes / connections);
                  } finally {
                    places.release();
                  }
                  return null;
                }));
      }
      for (Future<?> one : all) {
        join(one);
      }
      assertEquals(connections, proxy.stats().admitted());
      assertEquals(0, proxy.stats().defects());
      while (proxy.users().getFirst().connections() > 0) {
        Thread.onSpinWait(); // the last resets are on their way
      }
    }
    assertTrue(passed.get() > bytes / 4, "too little passed");
  }

  private static void join(Future<?> one) throws Exception {
    try {
      one.get();
    } catch (ExecutionException e) {
      throw new AssertionError("a connection failed", e.getCause());
    }
  }

  private void talk(User user, Random random, long bytes) throws IOException {
    ProxySecret.Kind kind = KINDS.get(random.nextInt(KINDS.size()));
    try (ProxyClient client =
        new ProxyClient(
            address, user.secret(kind), Framing.PADDED_INTERMEDIATE, 1 + random.nextInt(5), env)) {
      switch (random.nextInt(4)) {
        case 0 -> stall(client, random);
        case 1 -> {
          echo(client, random, bytes);
          halfClose(client, random);
        }
        case 2 -> {
          echo(client, random, random.nextLong(bytes));
          client.socket.setSoLinger(true, 0); // a reset
        }
        default -> echo(client, random, bytes);
      }
    }
  }

  private void echo(ProxyClient client, Random random, long bytes) throws IOException {
    for (long said = 0; said < bytes; ) {
      byte[] packet = packet(random);
      client.send(packet);
      check(client, packet);
      said += packet.length;
    }
  }

  private void check(ProxyClient client, byte[] packet) throws IOException {
    assertArrayEquals(packet, client.receive(packet.length));
    passed.addAndGet(packet.length);
  }

  private static byte[] packet(Random random) {
    byte[] packet = new byte[4 * (6 + random.nextInt(PACKET_BYTES_MAX / 4))];
    random.nextBytes(packet);
    return packet;
  }

  /** Says much before it reads anything, on a thread of its own, as else both would wait. */
  private void stall(ProxyClient client, Random random) throws IOException {
    List<byte[]> said = new ArrayList<>();
    for (int left = STALLED_BYTES; left > 0; left -= said.getLast().length) {
      said.add(packet(random));
    }
    Thread writer =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    for (byte[] packet : said) {
                      client.send(packet);
                    }
                  } catch (IOException _) {
                    // The reader tells.
                  }
                });
    try {
      Thread.sleep(STALLED_MILLIS);
      for (byte[] packet : said) {
        check(client, packet);
      }
      writer.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** The answer to what was said before the end still comes, then the end. */
  private void halfClose(ProxyClient client, Random random) throws IOException {
    byte[] last = packet(random);
    client.send(last);
    client.socket.shutdownOutput();
    check(client, last);
    try {
      client.receive(1);
      throw new AssertionError("more came than was said");
    } catch (EOFException _) {
      // As it is to be.
    }
  }
}

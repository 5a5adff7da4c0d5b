package dev.starling.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.starling.store.Batch;
import dev.starling.store.Lease;
import dev.starling.store.MemoryStore;
import dev.starling.store.Order;
import dev.starling.store.Partition;
import dev.starling.store.Row;
import dev.starling.store.Store;
import dev.starling.store.StoreException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsTest {
  private static final Configuration BOTH_ANY_PORT =
      Configuration.of(Map.of("listen", "127.0.0.1:0", "metrics", "127.0.0.1:0"));

  @TempDir Path folder;

  private DataFolder data() {
    return new DataFolder(folder.resolve("data")).create();
  }

  private static HttpResponse<String> ask(InetSocketAddress server, String method, String path)
      throws IOException, InterruptedException {
    URI uri = URI.create("http://" + Addresses.text(server) + path);
    HttpRequest request =
        HttpRequest.newBuilder(uri).method(method, HttpRequest.BodyPublishers.noBody()).build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(request, HttpResponse.BodyHandlers.ofString());
    }
  }

  @Test
  void aRunningServerTellsSumsAndThatItIsReady() throws IOException, InterruptedException {
    try (Wiring wiring = new Wiring(data(), BOTH_ANY_PORT)) {
      wiring.start();
      wiring.operations().ask(Json.object("command", "user.add", "name", "Alice"));
      InetSocketAddress at = wiring.metricsAddress();
      assertNotNull(at);
      HttpResponse<String> health = ask(at, "GET", "/health");
      assertEquals(200, health.statusCode());
      assertEquals("ready", Json.read(health.body()).get("status"));
      HttpResponse<String> metrics = ask(at, "GET", "/metrics");
      assertEquals(200, metrics.statusCode());
      assertWellFormed(metrics.body());
      assertTrue(metrics.body().contains("\nstarling_connections 0\n"), metrics.body());
      assertTrue(metrics.body().contains("starling_refused_total{reason=\"handshake\"} 0\n"));
      assertFalse(metrics.body().contains("Alice"));
      assertEquals(404, ask(at, "GET", "/else").statusCode());
      assertEquals(405, ask(at, "POST", "/metrics").statusCode());
      assertEquals("", ask(at, "HEAD", "/health").body());
    }
  }

  /** The grammar of the text format: each family headed once, its samples in one group. */
  private static void assertWellFormed(String page) {
    Set<String> families = new HashSet<>();
    String family = "";
    for (String line : page.lines().toList()) {
      if (line.startsWith("# HELP ")) {
        family = line.split(" ", 4)[2];
        assertTrue(families.add(family), "headed twice: " + family);
      } else if (line.startsWith("# TYPE ")) {
        assertTrue(line.matches("# TYPE " + family + " (counter|gauge|histogram)"), line);
      } else {
        String sample =
            family + "(_bucket|_sum|_count)?(\\{\\w+=\"[^\"]*\"(,\\w+=\"[^\"]*\")*\\})?";
        assertTrue(line.matches(sample + " -?[0-9.]+(e[+-]?\\d+)?"), line);
      }
    }
    assertTrue(families.size() > 20, families.toString());
  }

  @Test
  void nothingIsServedUnlessAskedFor() {
    try (Wiring wiring = new Wiring(data(), Configuration.of(Map.of("listen", "127.0.0.1:0")))) {
      wiring.start();
      assertNull(wiring.metricsAddress());
    }
  }

  @Test
  void aTakenPortIsAProblemThatNamesTheFlag() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String metrics = "127.0.0.1:" + taken.getLocalPort();
      try (Wiring wiring =
          new Wiring(
              data(), Configuration.of(Map.of("listen", "127.0.0.1:0", "metrics", metrics)))) {
        Problem problem = assertThrows(Problem.class, wiring::start);
        assertTrue(String.valueOf(problem.getMessage()).contains("by --metrics"));
      }
    }
  }

  /** A disk that may be full. */
  private static final class FullDisk implements Store {
    private final Store store = new MemoryStore();
    private boolean isFull;

    private void check() {
      if (isFull) {
        throw new StoreException.Full("the disk is full: make room", null);
      }
    }

    @Override
    public Lease acquire(Partition partition) {
      check();
      return store.acquire(partition);
    }

    @Override
    public byte @Nullable [] get(Partition partition, byte[] key) {
      return store.get(partition, key);
    }

    @Override
    public List<Row> scan(
        Partition partition, byte[] from, byte @Nullable [] to, Order order, int limit) {
      return store.scan(partition, from, to, order, limit);
    }

    @Override
    public void commit(Batch batch) {
      check();
      store.commit(batch);
    }

    @Override
    public void close() {
      store.close();
    }
  }

  @Test
  void aFullDiskIsToldUntilThereIsRoomAgain() {
    FullDisk disk = new FullDisk();
    try (MeasuredStore store = new MeasuredStore(disk)) {
      Health health = new Health(data(), store);
      assertEquals(List.of(), health.troubles());
      disk.isFull = true;
      Partition partition = Partition.of("account", 1);
      assertThrows(StoreException.Full.class, () -> store.acquire(partition));
      assertEquals(List.of("messages are refused: the disk is full: make room"), health.troubles());
      disk.isFull = false;
      assertEquals(List.of(), health.troubles(), "found out by itself");
    }
  }

  @Test
  void aFencedCallerIsNoTroubleOfTheStore() {
    try (MeasuredStore store = new MeasuredStore(new MemoryStore())) {
      Partition partition = Partition.of("account", 1);
      Lease old = store.acquire(partition);
      var _ = store.acquire(partition);
      Batch batch = new Batch().put(old, new byte[] {1}, new byte[] {1});
      assertThrows(StoreException.Fenced.class, () -> store.commit(batch));
      assertNull(store.trouble());
    }
  }

  @Test
  void aStoppingServerIsNotReady() {
    try (MeasuredStore store = new MeasuredStore(new MemoryStore())) {
      Health health = new Health(data(), store);
      health.drain();
      assertEquals(1, health.troubles().size());
    }
  }

  @Test
  void latenciesFallIntoBuckets() {
    Latency latency = new Latency();
    for (int i = 0; i < 99; i++) {
      latency.add(400_000);
    }
    latency.add(60_000_000_000L);
    assertEquals(0.5, latency.quantileMillis(0.99));
    assertEquals(Double.POSITIVE_INFINITY, latency.quantileMillis(1));
    Exposition page = new Exposition();
    latency.write(page, "x", "X.", "call", "y");
    assertTrue(page.toString().contains("x_bucket{call=\"y\",le=\"0.00025\"} 0\n"));
    assertTrue(page.toString().contains("x_bucket{call=\"y\",le=\"2.5\"} 99\n"));
    assertTrue(page.toString().contains("x_bucket{call=\"y\",le=\"+Inf\"} 100\n"));
  }
}

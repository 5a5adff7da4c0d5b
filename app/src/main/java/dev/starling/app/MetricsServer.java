package dev.starling.app;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves {@code /metrics} and {@code /health} to whoever can reach the address. */
final class MetricsServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MetricsServer.class);

  /** Prometheus comes every few seconds, a supervisor too; others wait, then are turned away. */
  private static final int THREADS = 2;

  private static final int QUEUED_MAX = 16;

  private static final int BACKLOG = 16;

  private final HttpServer server;
  private final ThreadPoolExecutor threads =
      new ThreadPoolExecutor(
          THREADS,
          THREADS,
          0,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(QUEUED_MAX),
          Thread.ofPlatform().daemon().name("metrics-", 0).factory());

  private record Page(int status, String type, String body) {}

  /**
   * Begins to serve.
   *
   * @throws Problem if the address cannot be had
   */
  MetricsServer(InetSocketAddress address, Metrics metrics) {
    // A request is one line; whoever takes longer to say it holds a thread. Seconds.
    System.setProperty("sun.net.httpserver.maxReqTime", "10");
    System.setProperty("sun.net.httpserver.maxRspTime", "10");
    try {
      server = HttpServer.create(address, BACKLOG);
    } catch (IOException e) {
      throw Listen.failure("--metrics", address, e);
    }
    server.setExecutor(threads);
    server.createContext("/", exchange -> answer(exchange, page(metrics, exchange)));
    server.start();
  }

  /** Where it listens, with the true port. */
  InetSocketAddress address() {
    return server.getAddress();
  }

  private static Page page(Metrics metrics, HttpExchange exchange) {
    if (!List.of("GET", "HEAD").contains(exchange.getRequestMethod())) {
      return new Page(405, "text/plain", "only GET and HEAD\n");
    }
    try {
      return switch (exchange.getRequestURI().getPath()) {
        case "/metrics" -> new Page(200, Exposition.CONTENT_TYPE, metrics.page());
        case "/health" -> health(metrics.health().troubles());
        default -> new Page(404, "text/plain", "there are /metrics and /health\n");
      };
    } catch (RuntimeException e) {
      LOG.error("metrics: this is a defect", e);
      return new Page(500, "text/plain", "this is a defect of Starling: its log has the trace\n");
    }
  }

  private static Page health(List<String> troubles) {
    boolean isReady = troubles.isEmpty();
    return new Page(
        isReady ? 200 : 503,
        "application/json",
        Json.write(Json.object("status", isReady ? "ready" : "degraded", "troubles", troubles))
            + "\n");
  }

  private static void answer(HttpExchange exchange, Page page) throws IOException {
    try (exchange) {
      byte[] body = page.body().getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", page.type());
      boolean isHead = exchange.getRequestMethod().equals("HEAD");
      exchange.sendResponseHeaders(page.status(), isHead ? -1 : body.length);
      if (!isHead) {
        exchange.getResponseBody().write(body);
      }
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}

package dev.starling.app;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.starling.messenger.Gateway;
import dev.starling.messenger.GatewayStats;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a running server tells of itself. Sums of all clients only: no label names a person, an
 * address or a key.
 */
record Metrics(Gateway gateway, MeasuredStore store, MeasuredMethods methods, Health health) {
  private static final String REFUSED = "starling_refused_total";
  private static final String REFUSED_HELP = "What the gateway turned away, by reason.";

  /** The page that Prometheus reads. */
  String page() {
    Exposition page = new Exposition();
    page.gauge("starling_info", "The version.", 1, "version", VersionCommand.version());
    page.gauge("starling_ready", "1 when /health is 200.", health.troubles().isEmpty() ? 1 : 0);
    gateway(page, gateway.stats());
    methods.write(page);
    store(page);
    process(page);
    return page.toString();
  }

  private static void gateway(Exposition page, GatewayStats stats) {
    page.gauge("starling_connections", "Open now.", stats.connections());
    page.gauge("starling_sessions", "Kept now, with or without a connection.", stats.sessions());
    page.counter("starling_handshakes_total", "Auth keys made.", stats.handshakes());
    page.counter("starling_packets_total", "Encrypted packets accepted.", stats.packets());
    page.counter("starling_answers_total", "API calls answered.", stats.calls());
    page.counter("starling_pushes_total", "Updates handed to sessions.", stats.pushes());
    page.counter(
        "starling_lags_total", "Sessions sent for a difference, they fell behind.", stats.lags());
    page.counter("starling_defects_total", "Calls answered by a defect of ours.", stats.defects());
    refused(page, stats.connectionsRefused(), "connections");
    refused(page, stats.handshakesRefused(), "handshake");
    refused(page, stats.unknownKeys(), "unknown-key");
    refused(page, stats.dropped(), "not-the-protocol");
    refused(page, stats.refusals(), "call");
  }

  private static void refused(Exposition page, long count, String reason) {
    page.counter(REFUSED, REFUSED_HELP, count, "reason", reason);
  }

  private void store(Exposition page) {
    String name = "starling_store_seconds";
    String help = "Time in the store; a commit is queue, write and sync.";
    store.reads.write(page, name, help, "call", "get");
    store.scans.write(page, name, help, "call", "scan");
    store.commits.write(page, name, help, "call", "commit");
    page.gauge("starling_store_commits_waiting", "Begun and not ended.", store.committing());
    page.counter("starling_store_failures_total", "Writes that failed.", store.failures.sum());
    page.gauge("starling_disk_free_bytes", "On the disk of the data.", health.freeBytes());
  }

  private static void process(Exposition page) {
    Runtime runtime = Runtime.getRuntime();
    String memory = "starling_memory_bytes";
    String help = "Memory: heap in use, its limit, buffers beside it, all of the process.";
    long heap = runtime.totalMemory() - runtime.freeMemory();
    page.gauge(memory, help, heap, "kind", "heap");
    page.gauge(memory, help, runtime.maxMemory(), "kind", "heap-limit");
    long buffers =
        ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
            .mapToLong(BufferPoolMXBean::getMemoryUsed)
            .sum();
    page.gauge(memory, help, buffers, "kind", "buffers");
    page.gauge(memory, help, residentBytes(), "kind", "resident");
    double gcSeconds =
        ManagementFactory.getGarbageCollectorMXBeans().stream()
                .mapToLong(GarbageCollectorMXBean::getCollectionTime)
                .sum()
            / 1e3;
    page.counter("starling_gc_seconds_total", "Spent collecting garbage.", gcSeconds);
    if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
      page.counter("process_cpu_seconds_total", "CPU used.", system.getProcessCpuTime() / 1e9);
      page.gauge("process_open_fds", "Files open.", system.getOpenFileDescriptorCount());
      page.gauge("process_max_fds", "Files at most.", system.getMaxFileDescriptorCount());
    }
    page.gauge(
        "process_start_time_seconds",
        "Since 1970.",
        ManagementFactory.getRuntimeMXBean().getStartTime() / 1e3);
  }

  /** "VmRSS" of proc(5); 0 where there is none. */
  static long residentBytes() {
    try {
      return Files.readAllLines(Path.of("/proc/self/status")).stream()
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
          .findFirst()
          .orElse(0);
    } catch (IOException _) {
      return 0;
    }
  }
}

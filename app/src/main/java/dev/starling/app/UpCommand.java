package dev.starling.app;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code up}: runs the server until SIGTERM or SIGINT. */
@Command(
    name = "up",
    description = "Run the server in the foreground; the first start makes its data folder.")
final class UpCommand implements Callable<Integer> {
  /** When the launcher began, microseconds since 1970: the process itself may have built first. */
  private static final String STARTED_PROPERTY = "starling.started";

  private final Console console;
  private final Verbs verbs;
  private final SettingOptions settings;
  @Mixin private final DataOptions options = new DataOptions();

  UpCommand(Console console, Verbs verbs, SettingOptions settings) {
    this.console = console;
    this.verbs = verbs;
    this.settings = settings;
  }

  @Override
  public Integer call() throws InterruptedException {
    if (verbs.debug) {
      System.setProperty("org.slf4j.simpleLogger.log.dev.starling", "debug");
    }
    Configuration configuration = Configuration.read(options.folder(), settings.given());
    DataFolder data = options.folder().create();
    Wiring wiring = new Wiring(data, configuration);
    InetSocketAddress address = wiring.start();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(wiring), "drain"));
    Ready ready = new Ready(address, wiring.identity(), data, sinceStart());
    console.print(options.json ? Json.write(ready.json()) : ready.text());
    warnOfMetrics(wiring.metricsAddress());
    Ending.onSignals();
    new CountDownLatch(1).await();
    return 0;
  }

  private void warnOfMetrics(@Nullable InetSocketAddress metrics) {
    if (metrics != null && !metrics.getAddress().isLoopbackAddress()) {
      console.remark(
          "starling: metrics are served at %s without a password: whoever reaches that address sees when how much is said"
              .formatted(Addresses.text(metrics)));
    }
  }

  /** Runs at the end of the process, whoever asked for it. */
  private void stop(Wiring wiring) {
    tell("draining", "Draining: calls under way are finished; clients come back by themselves.");
    try {
      wiring.drain();
      tell("stopped", "Stopped.");
      Runtime.getRuntime().halt(0); // else the exit code would tell of the signal
    } catch (InterruptedException | RuntimeException e) {
      console.remark("starling: stopped without draining: " + e);
      Runtime.getRuntime().halt(1);
    }
  }

  private void tell(String event, String text) {
    console.print(options.json ? Json.write(Json.object("event", event)) : text);
  }

  private static Duration sinceStart() {
    Long launched = Long.getLong(STARTED_PROPERTY);
    Instant start =
        launched != null
            ? Instant.EPOCH.plus(launched, ChronoUnit.MICROS)
            : ProcessHandle.current().info().startInstant().orElseGet(Instant::now);
    return Duration.between(start, Instant.now());
  }
}

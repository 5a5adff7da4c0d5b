package dev.starling.app;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What the machine must give. */
record MachineChecks(DataFolder data, Configuration configuration) {
  private static final int JAVA = 25;

  /** What the store and the rest of the process open beside connections. */
  private static final int OTHER_DESCRIPTORS = 1_500;

  private static final long MEMORY_MIN = 1L << 30;
  private static final long DISK_COMFORT = 2L << 30;

  private static final int SYNCS = 21;
  private static final Duration SYNC_SLOW = Duration.ofMillis(20);

  /** Faster than any disk that waits for its medium. */
  private static final Duration SYNC_UNTRUE = Duration.ofNanos(5_000);

  private static final Duration CLOCK_WATCHED = Duration.ofMillis(200);
  private static final Duration CLOCK_STEP_MAX = Duration.ofMillis(50);

  /** Starling's first data are younger. */
  private static final Instant NEVER_BEFORE = Instant.parse("2026-01-01T00:00:00Z");

  List<Finding> run() {
    List<Finding> findings = new ArrayList<>();
    findings.add(java());
    findings.add(aotCache());
    findings.add(descriptors());
    findings.addAll(memory());
    findings.add(clock());
    if (data.exists()) {
      findings.add(space());
      findings.add(sync());
    }
    return findings;
  }

  private static Finding java() {
    int feature = Runtime.version().feature();
    return feature == JAVA
        ? Finding.ok("java", Runtime.version().toString())
        : Finding.warning(
            "java",
            "Java " + feature,
            "Starling is tested on " + JAVA + " only",
            "Install a JDK " + JAVA + ", or name one by STARLING_JAVA_HOME");
  }

  private static Finding aotCache() {
    String flag = "-XX:AOTCache=";
    boolean hasCache =
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .filter(argument -> argument.startsWith(flag))
            .anyMatch(argument -> Files.isRegularFile(Path.of(argument.substring(flag.length()))));
    return hasCache
        ? Finding.ok("aot cache", "in use")
        : Finding.warning(
            "aot cache",
            "none",
            "each start takes about twice as long",
            "Start by ./starling, and remove target/apps to have it made anew");
  }

  private Finding descriptors() {
    long most =
        ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
            ? system.getMaxFileDescriptorCount()
            : Long.MAX_VALUE;
    int wanted = configuration.get(ServerSettings.CONNECTIONS) + OTHER_DESCRIPTORS;
    return most >= wanted
        ? Finding.ok("descriptors", "%,d files may be open, %,d are enough".formatted(most, wanted))
        : Finding.warning(
            "descriptors",
            "only %,d files may be open".formatted(most),
            "about %,d of %,d connections can be had, further ones fail"
                .formatted(
                    Math.max(0, most - OTHER_DESCRIPTORS),
                    configuration.get(ServerSettings.CONNECTIONS)),
            "Raise it (ulimit -n %d, or LimitNOFILE= of the unit), or lower the key connections"
                .formatted(wanted));
  }

  /** From proc(5); nothing where there is none. */
  private static List<Finding> memory() {
    List<Finding> findings = new ArrayList<>();
    long total = meminfo("MemTotal:");
    long available = meminfo("MemAvailable:");
    if (total > 0) {
      String what = "%,d MB, %,d MB of them free".formatted(total >> 20, available >> 20);
      findings.add(
          total >= MEMORY_MIN
              ? Finding.ok("memory", what)
              : Finding.warning(
                  "memory",
                  what,
                  "the process may be killed when many come at once",
                  "Give the machine 1 GB, or lower the key connections"));
      long swap = meminfo("SwapTotal:");
      findings.add(
          swap == 0
              ? Finding.ok("swap", "off")
              : Finding.warning(
                  "swap",
                  "%,d MB are on".formatted(swap >> 20),
                  "keys and messages may come to lie on the disk in plain, and answers wait for it",
                  "swapoff -a, or encrypt the swap"));
    }
    return findings;
  }

  private static long meminfo(String name) {
    try {
      return Files.readAllLines(Path.of("/proc/meminfo")).stream()
          .filter(line -> line.startsWith(name))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
          .findFirst()
          .orElse(0);
    } catch (IOException _) {
      return 0;
    }
  }

  /** Nobody else is asked: against the program's own past and the clock that only runs on. */
  private Finding clock() {
    long millis = System.currentTimeMillis();
    long nanos = System.nanoTime();
    try {
      Thread.sleep(CLOCK_WATCHED);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    long ran = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
    long step = System.currentTimeMillis() - millis - ran;
    String consequence =
        "clients whose clock is right are refused, and dates of messages are wrong";
    String mend = "Set it, and keep it by chrony or systemd-timesyncd";
    Instant now = Instant.now();
    Instant newest = newestData();
    if (now.isBefore(NEVER_BEFORE)) {
      return Finding.problem("clock", "it says " + now, consequence, mend);
    }
    if (now.plus(Duration.ofMinutes(1)).isBefore(newest)) {
      return Finding.problem(
          "clock",
          "it says %s, and data were written at %s".formatted(now, newest),
          consequence,
          mend);
    }
    return Math.abs(step) <= CLOCK_STEP_MAX.toMillis()
        ? Finding.ok("clock", now.toString())
        : Finding.warning(
            "clock", "it jumped by %d ms while looked at".formatted(step), consequence, mend);
  }

  private Instant newestData() {
    Path store = data.store();
    if (!Files.isDirectory(store)) {
      return Instant.EPOCH;
    }
    try (var files = Files.list(store)) {
      Instant newest = Instant.EPOCH;
      for (Path file : files.toList()) {
        Instant changed = Files.getLastModifiedTime(file).toInstant();
        newest = changed.isAfter(newest) ? changed : newest;
      }
      return newest;
    } catch (IOException _) {
      return Instant.EPOCH; // other checks tell what cannot be read
    }
  }

  private Finding space() {
    try {
      FileStore disk = Files.getFileStore(data.root());
      long free = disk.getUsableSpace();
      String what = "%,d MB free, %s".formatted(free >> 20, disk.type());
      if (List.of("tmpfs", "ramfs").contains(disk.type())) {
        return Finding.problem(
            "disk",
            what,
            "all data are gone after a reboot",
            "Put the data folder on a disk, by --data");
      }
      if (free >= DISK_COMFORT) {
        return Finding.ok("disk", what);
      }
      String consequence = "on a full disk messages are refused until there is room";
      return free < Health.FREE_BYTES_MIN
          ? Finding.problem("disk", what, consequence, "Make room")
          : Finding.warning("disk", what, consequence, "Make room soon");
    } catch (IOException e) {
      return Finding.problem(
          "disk", DataFolder.reason(e), "the data cannot be kept", "Mount it, or mend it");
    }
  }

  /** How long a small write takes to be safe: every acknowledgement waits for one. */
  private Finding sync() {
    long[] nanos = new long[SYNCS];
    try {
      Path probe = Files.createTempFile(data.root(), "", ".probe");
      try (FileChannel channel = FileChannel.open(probe, StandardOpenOption.WRITE)) {
        for (int i = 0; i < SYNCS; i++) {
          long start = System.nanoTime();
          channel.write(ByteBuffer.allocate(4096));
          channel.force(false);
          nanos[i] = System.nanoTime() - start;
        }
      } finally {
        Files.delete(probe);
      }
    } catch (IOException e) {
      return Finding.problem(
          "sync",
          "cannot write in %s (%s)".formatted(data.root(), DataFolder.reason(e)),
          "nothing can be kept",
          "Mend that, or name another folder by --data");
    }
    Arrays.sort(nanos);
    Duration median = Duration.ofNanos(nanos[SYNCS / 2]);
    String what = "a write is safe after %.2f ms".formatted(median.toNanos() / 1e6);
    if (median.compareTo(SYNC_UNTRUE) < 0) {
      return Finding.warning(
          "sync",
          what,
          "no disk is so fast: it says so before it is true, and a power cut loses acknowledged"
              + " messages",
          "Use a disk that honours fsync; in a virtual machine see the host's cache mode");
    }
    return median.compareTo(SYNC_SLOW) <= 0
        ? Finding.ok("sync", what)
        : Finding.warning(
            "sync", what, "each message waits so long", "Use a solid-state disk of this machine");
  }
}

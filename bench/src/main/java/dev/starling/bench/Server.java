package dev.starling.bench;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/** A server started as a user starts it, in a process and a data folder of its own. */
final class Server implements AutoCloseable {
  /** Somebody who may sign in. */
  record User(String number, String code) {}

  private static final Pattern HEAP_USED = Pattern.compile("used (\\d+)K");

  private final Map<String, Object> ready;
  private final Process process;
  private final Path data;

  private Server(Process process, Path data, Map<String, Object> ready) {
    this.process = process;
    this.data = data;
    this.ready = ready;
  }

  static Server start(Path root, Path data) throws IOException {
    Process process =
        new ProcessBuilder(
                List.of(
                    root.resolve("starling").toString(),
                    "up",
                    "--json",
                    "--data",
                    data.toString(),
                    "--listen",
                    "127.0.0.1:0"))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String line = lines.readLine();
    if (line == null) {
      throw new IOException("the server did not start");
    }
    return new Server(process, data, JSON.std.mapFrom(line));
  }

  int port() {
    return (Integer) value(ready, "port");
  }

  Path publicKey() {
    return Path.of((String) value(ready, "publicKey"));
  }

  /** By the server's own clock, from the start of the process. */
  int readyMillis() {
    return (Integer) value(ready, "readyMillis");
  }

  User addUser(String name) throws IOException {
    Map<String, Object> user = ask(Map.of("command", "user.add", "name", name));
    return new User((String) value(user, "number"), (String) value(user, "code"));
  }

  private static Object value(Map<String, Object> object, String name) {
    return Objects.requireNonNull(object.get(name), () -> object + " has no " + name);
  }

  /** Asks the server by its admin socket. */
  private Map<String, Object> ask(Map<String, Object> request) throws IOException {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(data.resolve("admin.sock")));
      String line = JSON.std.asString(request) + "\n";
      channel.write(ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8)));
      BufferedReader answer =
          new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8));
      return JSON.std.mapFrom(answer.readLine());
    }
  }

  /** The secret of the address for clients that shall pad. */
  String paddedSecret() {
    return (String) value(ready, "padded");
  }

  /** What the process holds once its garbage is collected. */
  IdleBench.Memory memory() throws IOException {
    jcmd("GC.run");
    long heap =
        HEAP_USED
            .matcher(jcmd("GC.heap_info").split("Metaspace", 2)[0])
            .results()
            .mapToLong(used -> Long.parseLong(used.group(1)))
            .sum();
    return new IdleBench.Memory(residentKilobytes(), heap);
  }

  private long residentKilobytes() throws IOException {
    for (String line :
        Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    throw new IOException("the kernel does not tell how much is resident");
  }

  private String jcmd(String command) throws IOException {
    Process jcmd =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(process.pid()),
                command)
            .redirectErrorStream(true)
            .start();
    return new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  /** CPU that the server has used, user and system together, in microseconds. */
  long cpuMicros() throws IOException {
    String stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
    // Fields are counted behind the name, which may hold spaces: utime and stime are the 12th and
    // 13th there.
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", 14);
    long ticks = Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
    return ticks * 10_000; // USER_HZ is 100 on Linux
  }

  @Override
  public void close() throws IOException {
    process.destroy();
    process.onExit().join();
  }
}

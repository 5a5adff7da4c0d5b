package dev.starling.app;

import dev.starling.store.StoreException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes an operator's requests on a socket that only the owner of the data can open: JSON objects,
 * one a line, each answered by one.
 */
final class AdminSocket implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AdminSocket.class);

  /** A request is a command and a name or number. */
  private static final int REQUEST_BYTES_MAX = 4096;

  /** One for each script that an operator may run at once; further ones wait to be accepted. */
  private static final int CONNECTIONS_MAX = 16;

  /** {@code sun_path} of unix(7) has 108 bytes, the last of them 0. */
  private static final int PATH_BYTES_MAX = 107;

  private final Path path;
  private final Operator operator;
  private final ServerSocketChannel server;
  private final Semaphore places = new Semaphore(CONNECTIONS_MAX);
  private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();

  /**
   * Begins to listen. The caller owns the data folder, so a socket that is there already was left
   * behind by a process that was killed.
   */
  AdminSocket(Path path, Operator operator) {
    this.path = usable(path);
    this.operator = operator;
    try {
      Files.deleteIfExists(this.path);
      server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      server.bind(UnixDomainSocketAddress.of(this.path), CONNECTIONS_MAX);
      Files.setPosixFilePermissions(this.path, PosixFilePermissions.fromString("rw-------"));
    } catch (IOException e) {
      throw DataFolder.failure(path, e);
    }
    Thread.ofVirtual().name("admin").start(this::accept);
  }

  /**
   * The shorter way to write a path, absolute or from the working directory, as sockets have short
   * ones.
   */
  static Path usable(Path path) {
    Path absolute = path.toAbsolutePath().normalize();
    Path relative = Path.of("").toAbsolutePath().relativize(absolute);
    Path shorter = length(relative) < length(absolute) ? relative : absolute;
    if (length(shorter) > PATH_BYTES_MAX) {
      throw new Problem(
          "the path %s has %d bytes and a socket's at most %d: name a folder with a shorter path by --data, or start in it"
              .formatted(shorter, length(shorter), PATH_BYTES_MAX));
    }
    return shorter;
  }

  private static int length(Path path) {
    return path.toString().getBytes(StandardCharsets.UTF_8).length;
  }

  private void accept() {
    try {
      while (true) {
        places.acquireUninterruptibly();
        SocketChannel channel = server.accept();
        open.add(channel);
        Thread.ofVirtual().name("admin-connection").start(() -> serve(channel));
      }
    } catch (ClosedChannelException _) {
      // The server stops.
    } catch (IOException e) {
      LOG.error("the admin socket fails; it works again after a restart", e);
    }
  }

  private void serve(SocketChannel channel) {
    try (channel) {
      JsonLines lines = new JsonLines(channel, REQUEST_BYTES_MAX);
      while (answer(lines)) {}
    } catch (IOException _) {
      // The operator went away.
    } finally {
      open.remove(channel);
      places.release();
    }
  }

  /** Answers one request; false when there are no more, or the next cannot be told from this. */
  private boolean answer(JsonLines lines) throws IOException {
    Map<String, Object> request;
    try {
      request = lines.read();
    } catch (Problem e) {
      lines.write(error(String.valueOf(e.getMessage())));
      return false;
    }
    if (request == null) {
      return false;
    }
    lines.write(answer(request));
    return true;
  }

  private Map<String, Object> answer(Map<String, Object> request) {
    try {
      return operator.ask(request);
    } catch (Problem | StoreException e) {
      return error(String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      LOG.error("an operator's request failed", e);
      return error("this is a defect of Starling: the server's log has its trace");
    }
  }

  private static Map<String, Object> error(String message) {
    return Json.object("error", message);
  }

  @Override
  public void close() {
    try {
      server.close();
      for (SocketChannel channel : open) {
        channel.close();
      }
      Files.deleteIfExists(path);
    } catch (IOException e) {
      LOG.warn("the admin socket did not close: {}", e.toString());
    }
  }
}

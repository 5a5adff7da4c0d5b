package dev.starling.e2e;

import java.io.IOException;
import java.nio.file.Path;

/** A server that may be started again, and the folder where its clients live. */
final class Home implements AutoCloseable {
  private final Path folder;
  private Service server;

  Home(Path folder) throws IOException {
    this(folder, Server.start(folder));
  }

  Home(Path folder, Service server) {
    this.folder = folder;
    this.server = server;
  }

  Service server() {
    return server;
  }

  /** A client that keeps what it keeps under {@code name}. */
  Client client(Kind kind, String name) throws IOException {
    return new Client(kind, server, folder, name);
  }

  /** Stops the server and starts it with the same data and address. */
  void restart() throws IOException {
    server.stop();
    server = server.again();
  }

  @Override
  public void close() {
    server.close();
  }
}

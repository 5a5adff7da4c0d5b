package dev.starling.proxy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** A site that says "origin" to the first bytes, and all it got back when its client ends. */
final class Origin implements AutoCloseable {
  static final String GREETING = "origin";

  final ServerSocket server;
  final BlockingQueue<byte[]> received = new LinkedBlockingQueue<>();

  Origin() throws IOException {
    server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  InetSocketAddress address() {
    return (InetSocketAddress) server.getLocalSocketAddress();
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = server.accept();
        Thread.ofVirtual().start(() -> serve(socket));
      }
    } catch (IOException _) {
      // The test is over.
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      byte[] buffer = new byte[1 << 16];
      boolean hasSpoken = false;
      for (int n = socket.getInputStream().read(buffer);
          n >= 0;
          n = socket.getInputStream().read(buffer)) {
        all.write(buffer, 0, n);
        if (!hasSpoken && speaksTo(all)) {
          hasSpoken = true;
          socket
              .getOutputStream()
              .write(GREETING.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }
      }
      received.add(all.toByteArray());
      socket.getOutputStream().write(all.toByteArray());
    } catch (IOException _) {
      // The proxy dropped it.
    }
  }

  /** As a TLS server it waits for a whole hello, and answers anything else at once. */
  private static boolean speaksTo(ByteArrayOutputStream all) {
    byte[] bytes = all.toByteArray();
    if (bytes[0] != 22) {
      return true;
    }
    return bytes.length >= 5 && bytes.length >= 5 + ((bytes[3] & 0xff) << 8 | (bytes[4] & 0xff));
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}

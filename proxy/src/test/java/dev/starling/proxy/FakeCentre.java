package dev.starling.proxy;

import dev.starling.mtproto.ProxiedHeader;
import dev.starling.mtproto.ServerTransport;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A data centre that says back every packet, and notes which data centre it was taken for. */
final class FakeCentre implements AutoCloseable {
  final ServerSocket server;
  final Queue<Integer> asked = new ConcurrentLinkedQueue<>();

  FakeCentre() throws IOException {
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
      Random random = new Random(1);
      OutputStream out = socket.getOutputStream();
      ServerTransport transport = new ServerTransport(List.of(), bytes -> {});
      byte[] header = socket.getInputStream().readNBytes(ProxiedHeader.BYTES);
      if (header.length < ProxiedHeader.BYTES) {
        return; // the client was reset before
      }
      transport.receive(header, 0, header.length, (_, _) -> {});
      asked.add(transport.dc());
      transport.trust(); // its first packet may be as long as any
      byte[] buffer = new byte[1 << 16];
      for (int n = socket.getInputStream().read(buffer);
          n >= 0;
          n = socket.getInputStream().read(buffer)) {
        Queue<byte[]> packets = new ConcurrentLinkedQueue<>();
        transport.receive(buffer, 0, n, (packet, _) -> packets.add(packet));
        for (byte[] packet : packets) {
          out.write(transport.frame(packet, random));
        }
      }
    } catch (IOException _) {
      // The client went away.
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}

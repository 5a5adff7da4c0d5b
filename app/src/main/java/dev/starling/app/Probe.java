package dev.starling.app;

import dev.starling.mtproto.ClientTransport;
import dev.starling.mtproto.Envelope;
import dev.starling.mtproto.Framing;
import dev.starling.mtproto.PacketSink;
import dev.starling.mtproto.PublicKey;
import dev.starling.tl.Decoded;
import dev.starling.tl.Layer;
import dev.starling.tl.Tl;
import dev.starling.tl.mt.ReqPqMulti;
import dev.starling.tl.mt.ResPQ;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Asks for the beginning of a handshake, which costs the server nothing and leaves nothing. */
final class Probe {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private Probe() {}

  /** Why the service of these data does not answer at an address; empty when it does. */
  static String fault(InetSocketAddress address, DataFolder data) {
    try (Socket socket = new Socket()) {
      PublicKey key =
          PublicKey.fromPem(Files.readString(data.publicKey(), StandardCharsets.ISO_8859_1));
      socket.connect(address, (int) PATIENCE.toMillis());
      socket.setSoTimeout((int) PATIENCE.toMillis());
      return ask(socket) instanceof ResPQ answer
              && answer.serverPublicKeyFingerprints().contains(key.fingerprint())
          ? ""
          : "somebody else answers";
    } catch (IOException | IllegalArgumentException e) {
      String reason = e.getMessage();
      return reason == null ? e.getClass().getSimpleName() : reason;
    }
  }

  private static Object ask(Socket socket) throws IOException {
    SecureRandom random = new SecureRandom();
    byte[] nonce = new byte[16];
    random.nextBytes(nonce);
    ClientTransport transport = new ClientTransport(Framing.INTERMEDIATE, false, null, 2, random);
    long msgId = (System.currentTimeMillis() / 1000) << 32;
    OutputStream out = socket.getOutputStream();
    out.write(transport.opening());
    out.write(
        transport.frame(Envelope.plain(msgId, Tl.encode(new ReqPqMulti(nonce), Layer.NEWEST))));
    List<byte[]> packets = new ArrayList<>();
    PacketSink sink = (packet, _) -> packets.add(packet);
    InputStream in = socket.getInputStream();
    byte[] buffer = new byte[1024];
    while (packets.isEmpty()) {
      int count = in.read(buffer);
      if (count < 0) {
        throw new IOException("the connection was closed");
      }
      if (!(transport.receive(buffer, 0, count, sink)
          instanceof ClientTransport.Verdict.Continue)) {
        throw new IOException("the answer is not the protocol");
      }
    }
    return Envelope.openPlain(packets.getFirst()) instanceof Envelope.Opened.Plain plain
            && Tl.decode(plain.body()) instanceof Decoded.Value(var value)
        ? value
        : "";
  }
}

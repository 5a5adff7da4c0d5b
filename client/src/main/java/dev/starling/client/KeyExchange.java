package dev.starling.client;

import dev.starling.client.ClientException.Reason;
import dev.starling.mtproto.ClientHandshake;
import dev.starling.mtproto.ClientHandshake.Step;
import dev.starling.mtproto.Env;
import dev.starling.mtproto.Envelope;
import dev.starling.tl.Decoded;
import dev.starling.tl.Layer;
import dev.starling.tl.Tl;
import dev.starling.tl.TlObject;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;

/** Makes an auth key over a fresh connection, which then goes on as a session's. */
final class KeyExchange {
  /** A server computes for some milliseconds; the rest is a bad network's. */
  private static final Duration ANSWER_MAX = Duration.ofSeconds(15);

  private final Wire wire;
  private final Settings settings;
  private final Env env;
  private long lastMsgId;

  KeyExchange(Wire wire, Settings settings, Env env) {
    this.wire = wire;
    this.settings = settings;
    this.env = env;
  }

  /**
   * @param expiresIn seconds that a temporary key shall live; 0 for a permanent one
   */
  Credentials run(int expiresIn) throws IOException {
    ClientHandshake machine =
        new ClientHandshake(settings.keys(), settings.endpoint().dc(), expiresIn, env);
    wire.readWithin(ANSWER_MAX);
    for (TlObject next = machine.start(); ; ) {
      wire.send(List.of(Envelope.plain(nextMsgId(), Tl.encode(next, Layer.NEWEST))));
      switch (machine.receive(answer())) {
        case Step.Send(TlObject message) -> next = message;
        case Step.Done done -> {
          wire.readWithin(Duration.ZERO);
          return new Credentials(done.key(), done.salt(), done.timeOffsetSeconds() * 1000L);
        }
        case Step.Failed(String why) -> throw new ClientException(Reason.UNTRUSTED, why);
      }
    }
  }

  private TlObject answer() throws IOException {
    byte[] packet = nextPacket();
    if (Envelope.openPlain(packet) instanceof Envelope.Opened.Plain plain
        && Tl.decode(plain.body()) instanceof Decoded.Value(TlObject value)) {
      return value;
    }
    throw new IOException("the answer to the handshake cannot be read");
  }

  private byte[] nextPacket() throws IOException {
    try {
      List<byte[]> packets = wire.read();
      while (packets.isEmpty()) {
        packets = wire.read();
      }
      return packets.getFirst();
    } catch (SocketTimeoutException _) {
      throw new IOException("no answer to the handshake");
    }
  }

  /**
   * "A client's msg_id is divisible by 4 and approximately unixtime * 2^32", and each above the
   * last.
   */
  private long nextMsgId() {
    lastMsgId = Math.max((long) env.unixSeconds() << 32, lastMsgId + 4);
    return lastMsgId;
  }
}

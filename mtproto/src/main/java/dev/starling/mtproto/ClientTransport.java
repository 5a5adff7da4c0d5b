package dev.starling.mtproto;

import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The client's end of one connection, to a server or to a proxy. Not thread-safe. */
public final class ClientTransport {
  /** A packet shorter than the shortest message is a transport error, padded or not. */
  private static final int MESSAGE_BYTES_MIN = 20;

  /** What to do with the connection. */
  public sealed interface Verdict {
    /** Go on reading. */
    record Continue() implements Verdict {}

    /** The peer breaks the protocol: close. */
    record Drop(String reason) implements Verdict {}

    /** The server's last word, such as -404 (unknown auth key) or -429 (flood). */
    record TransportError(int code) implements Verdict {}
  }

  private static final Verdict CONTINUE = new Verdict.Continue();

  private final RandomGenerator random;
  private final FrameCodec codec;
  private final byte[] opening;
  private final @Nullable Obfuscation obfuscation;
  private @Nullable Verdict poison;

  /**
   * @param secret of the proxy, or null; with one the stream is always obfuscated, and a padded one
   *     wants padded framing
   * @param dc written into an obfuscated header: +10000 = test, negative = media
   */
  public ClientTransport(
      Framing framing,
      boolean obfuscated,
      @Nullable ProxySecret secret,
      int dc,
      RandomGenerator random) {
    if (secret != null && (!obfuscated || !secret.kind().allows(framing))) {
      throw new IllegalArgumentException(
          "a " + secret.kind() + " secret does not go with this transport");
    }
    this.random = random;
    this.codec = framing.codec(Side.SERVER);
    if (obfuscated) {
      Obfuscation.Opening opened = Obfuscation.open(framing, dc, secret, random);
      this.opening = opened.header();
      this.obfuscation = opened.streams();
    } else {
      this.opening = new byte[Integer.BYTES];
      Bytes.putInt(opening, 0, framing.tag);
      this.obfuscation = null;
    }
  }

  /** What the stream begins with, before the first frame. */
  public byte[] opening() {
    return opening.clone();
  }

  /** Takes the next bytes of the stream, however they are cut. */
  public Verdict receive(byte[] in, int offset, int length, PacketSink sink) {
    if (poison == null) {
      byte[] plain = obfuscation == null ? in : obfuscation.decrypt(in, offset, length);
      String fault =
          codec.decode(
              plain, obfuscation == null ? offset : 0, length, (packet, ack) -> sort(packet, sink));
      if (fault != null && poison == null) {
        poison = new Verdict.Drop(fault);
      }
    }
    return poison == null ? CONTINUE : poison;
  }

  private void sort(byte[] packet, PacketSink sink) {
    if (poison != null) {
      return;
    }
    if (packet.length < MESSAGE_BYTES_MIN) {
      poison = new Verdict.TransportError(Bytes.intAt(packet, 0));
    } else {
      sink.packet(packet, false);
    }
  }

  /** A packet ready for the wire, in the order of the calls. */
  public byte[] frame(byte[] packet) {
    byte[] frame = codec.encode(packet, random);
    return obfuscation == null ? frame : obfuscation.encrypt(frame);
  }
}

package dev.starling.mtproto;

import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The server's end of one connection: bytes to packets and back. It finds out by the first bytes
 * what the client speaks: plain intermediate, plain padded intermediate, or obfuscated2 carrying
 * either, with one of the secrets or without. Not thread-safe.
 */
public final class ServerTransport {

  /** What to do with the connection. */
  public sealed interface Verdict {
    /** Go on reading. */
    record Continue() implements Verdict {}

    /**
     * Close without an answer: whoever probes the port learns nothing. What still comes in is
     * discarded.
     *
     * @param reason for counters, never for the peer
     */
    record Drop(String reason) implements Verdict {}
  }

  private static final Verdict CONTINUE = new Verdict.Continue();

  private final List<ProxySecret> secrets;
  private final byte[] head = new byte[Obfuscation.HEADER_BYTES];
  private int headFilled;
  private @Nullable FrameCodec codec;
  private @Nullable Obfuscation obfuscation;
  private @Nullable Verdict poison;

  /**
   * @param secrets tried in this order
   */
  public ServerTransport(List<ProxySecret> secrets) {
    this.secrets = List.copyOf(secrets);
  }

  /** Takes the next bytes of the stream, however they are cut. */
  public Verdict receive(byte[] in, int offset, int length, PacketSink sink) {
    int at = offset;
    int end = offset + length;
    while (codec == null && poison == null && at < end) {
      head[headFilled++] = in[at++];
      detect();
    }
    if (codec != null && poison == null && at < end) {
      String fault =
          obfuscation == null
              ? codec.decode(in, at, end - at, sink)
              : codec.decode(obfuscation.decrypt(in, at, end - at), 0, end - at, sink);
      if (fault != null) {
        poison = new Verdict.Drop(fault);
      }
    }
    return poison == null ? CONTINUE : poison;
  }

  private void detect() {
    switch (StreamStart.of(head, headFilled)) {
      case INTERMEDIATE -> codec = Framing.INTERMEDIATE.codec(Side.CLIENT);
      case PADDED_INTERMEDIATE -> codec = Framing.PADDED_INTERMEDIATE.codec(Side.CLIENT);
      case ABRIDGED -> poison = new Verdict.Drop("abridged framing");
      case FULL -> poison = new Verdict.Drop("full framing");
      case HTTP -> poison = new Verdict.Drop("HTTP");
      case TLS -> poison = new Verdict.Drop("TLS");
      case UNDECIDED -> {
        if (headFilled == head.length) {
          obfuscation = Obfuscation.accept(head, secrets);
          if (obfuscation == null) {
            poison = new Verdict.Drop("no secret fits");
          } else {
            codec = obfuscation.framing().codec(Side.CLIENT);
          }
        }
      }
    }
  }

  /** A packet as the client's framing has it, ready for the wire, in the order of the calls. */
  public byte[] frame(byte[] packet, RandomGenerator padding) {
    return obfuscate(detected().encode(packet, padding));
  }

  /** A transport error, such as -404 (unknown auth key) or -429 (flood). */
  public byte[] frameError(int code) {
    return obfuscate(detected().encodeError(code));
  }

  /** The secret by which the client came; null without one, and until its first bytes are read. */
  public @Nullable ProxySecret secret() {
    return obfuscation == null ? null : obfuscation.secret();
  }

  /** The data centre that an obfuscated2 header named, 0 if none: to be trusted for nothing. */
  public int dc() {
    return obfuscation == null ? 0 : obfuscation.dc();
  }

  private FrameCodec detected() {
    if (codec == null) {
      throw new IllegalStateException("no framing is known before the client's first packet");
    }
    return codec;
  }

  private byte[] obfuscate(byte[] frame) {
    return obfuscation == null ? frame : obfuscation.encrypt(frame);
  }
}

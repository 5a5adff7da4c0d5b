package dev.starling.mtproto;

import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The server's end of one connection: bytes to packets and back. It finds out by the first bytes
 * what the client speaks: any framing in plain, or obfuscated2 carrying any but full, with one of
 * the secrets or without. Not thread-safe.
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
  private byte @Nullable [] head = new byte[Obfuscation.HEADER_BYTES];
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
    while (head != null && poison == null && at < end) {
      head[headFilled++] = in[at++];
      detect(head, sink);
    }
    if (at < end) {
      decode(in, at, end - at, sink);
    }
    return poison == null ? CONTINUE : poison;
  }

  private void detect(byte[] start, PacketSink sink) {
    switch (StreamStart.of(start, headFilled)) {
      case ABRIDGED -> begin(Framing.ABRIDGED.codec(Side.CLIENT));
      case INTERMEDIATE -> begin(Framing.INTERMEDIATE.codec(Side.CLIENT));
      case PADDED_INTERMEDIATE -> begin(Framing.PADDED_INTERMEDIATE.codec(Side.CLIENT));
      case FULL -> {
        begin(Framing.FULL.codec(Side.CLIENT));
        decode(start, 0, headFilled, sink); // it has no tag: these are its first frame's
      }
      case HTTP -> poison = new Verdict.Drop("HTTP");
      case TLS -> poison = new Verdict.Drop("TLS");
      case UNDECIDED -> {
        if (headFilled == start.length) {
          obfuscation = Obfuscation.accept(start, secrets);
          if (obfuscation == null) {
            poison = new Verdict.Drop("no secret fits");
          } else {
            begin(obfuscation.framing().codec(Side.CLIENT));
          }
        }
      }
    }
  }

  private void begin(FrameCodec found) {
    codec = found;
    head = null;
  }

  private void decode(byte[] in, int offset, int length, PacketSink sink) {
    if (codec != null && poison == null) {
      String fault =
          obfuscation == null
              ? codec.decode(in, offset, length, sink)
              : codec.decode(obfuscation.decrypt(in, offset, length), 0, length, sink);
      if (fault != null) {
        poison = new Verdict.Drop(fault);
      }
    }
  }

  /** The client has proved an auth key: its packets may be as long as any from now on. */
  public void trust() {
    detected().trust();
  }

  /** Bytes held of a packet that has not come whole. */
  public int heldBytes() {
    return codec == null ? 0 : codec.heldBytes();
  }

  /** Nothing has come for a while: lets go of what is quickly made again. */
  public void rest() {
    if (obfuscation != null) {
      obfuscation.rest();
    }
  }

  /** A packet as the client's framing has it, ready for the wire, in the order of the calls. */
  public byte[] frame(byte[] packet, RandomGenerator padding) {
    return obfuscate(detected().encode(packet, false, padding));
  }

  /** A transport error, such as -404 (unknown auth key) or -429 (flood). */
  public byte[] frameError(int code) {
    return obfuscate(detected().encodeError(code));
  }

  /**
   * A quick ack, ready for the wire; empty where the framing has none.
   *
   * @param token of {@link Envelope.Opened.Message#quickAckToken}
   */
  public byte[] frameQuickAck(int token) {
    return obfuscate(detected().encodeQuickAck(token));
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

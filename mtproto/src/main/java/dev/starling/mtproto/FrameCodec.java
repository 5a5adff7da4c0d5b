package dev.starling.mtproto;

import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The framing of one connection, both ways. */
sealed interface FrameCodec permits IntermediateCodec {

  /**
   * Longest packet. A file part is at most 512 KiB up and 1 MiB down, a container about 1 MiB; what
   * claims more is no client, and its claim must not reserve memory.
   */
  int PACKET_BYTES_MAX = 2 << 20;

  /** Shortest packet: a transport error. */
  int PACKET_BYTES_MIN = 4;

  /**
   * Takes the next bytes of the stream, however they are cut, and answers what is wrong with them
   * or null.
   */
  @Nullable String decode(byte[] in, int offset, int length, PacketSink sink);

  /** The frame of a packet. */
  byte[] encode(byte[] packet, RandomGenerator padding);

  /**
   * The frame of a transport error, "a 4-byte negative int": unpadded, as clients know it by its
   * size.
   */
  byte[] encodeError(int code);
}

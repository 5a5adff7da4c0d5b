package dev.starling.app;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON objects on a blocking channel, one a line. */
final class JsonLines {
  private final SocketChannel channel;
  private final int lineMax;
  private final ByteBuffer input = ByteBuffer.allocate(4096).limit(0);

  /**
   * Reads and writes on {@code channel}.
   *
   * @param lineMax bytes of a line that the peer may send
   */
  JsonLines(SocketChannel channel, int lineMax) {
    this.channel = channel;
    this.lineMax = lineMax;
  }

  /**
   * The next object; null at the end of the stream, also in the middle of a line.
   *
   * @throws Problem if the line is too long or no JSON object
   */
  @Nullable Map<String, Object> read() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    while (true) {
      while (input.hasRemaining()) {
        byte next = input.get();
        if (next == '\n') {
          return Json.read(line.toString(StandardCharsets.UTF_8));
        }
        if (line.size() == lineMax) {
          throw new Problem("a line has more than " + lineMax + " bytes");
        }
        line.write(next);
      }
      int count = channel.read(input.clear());
      input.flip();
      if (count < 0) {
        return null;
      }
    }
  }

  void write(Map<String, Object> object) throws IOException {
    ByteBuffer bytes = StandardCharsets.UTF_8.encode(Json.write(object) + "\n");
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }
}

package dev.starling.app;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Asks a running server by its admin socket. */
final class AdminClient {
  /** The longest answer is a list of 10,000 accounts, about 150 bytes each. */
  private static final int ANSWER_BYTES_MAX = 8 << 20;

  private AdminClient() {}

  /**
   * Asks one thing.
   *
   * @return null when no server runs there
   * @throws Problem if the server cannot do it, or goes away meanwhile
   */
  static @Nullable Map<String, Object> ask(Path socket, Map<String, Object> request) {
    if (!Files.exists(socket)) {
      return null;
    }
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(AdminSocket.usable(socket)));
      JsonLines lines = new JsonLines(channel, ANSWER_BYTES_MAX);
      lines.write(request);
      Map<String, Object> answer = lines.read();
      if (answer == null) {
        throw new Problem("the server stopped before it answered: start it, then try again");
      }
      if (answer.get("error") instanceof String error) {
        throw new Problem(error);
      }
      return answer;
    } catch (ConnectException _) {
      return null; // a server that was killed left its socket behind
    } catch (IOException e) {
      throw new Problem(
          "cannot speak to the server by %s: %s".formatted(socket, e.getMessage()), e);
    }
  }
}

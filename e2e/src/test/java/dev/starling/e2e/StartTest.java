package dev.starling.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One command starts it, and it is the same server after a second start. */
class StartTest {
  @TempDir Path folder;

  @Test
  void secondStartIsTheSameServer() throws IOException {
    Service.Ready first;
    Service.Account ann;
    try (Server server = Server.start(folder)) {
      first = server.ready();
      ann = server.addUser("Ann");
      assertEquals(0, server.stop());
      assertEquals("", server.complaints());
    }
    try (Server server = Server.start(folder)) {
      assertEquals(first.fingerprint(), server.ready().fingerprint());
      assertEquals(first.secret(), server.ready().secret());
      assertEquals("dd" + first.secret(), server.ready().padded());
      assertTrue(server.ready().readyMillis() > 0);
      try (Client anns = new Client(Kind.MTCUTE, server, folder, "ann")) {
        assertEquals(ann.id(), anns.signIn(ann));
      }
    }
  }
}

package dev.starling.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.starling.tl.api.InputPeerUser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A server is lost and an older backup of it restored: devices that know more go on by themselves.
 */
class RestoreTest {
  @TempDir Path folder;

  @Test
  void clientsAheadOfTheBackupGetWhatIsNewOnceAndInOrder() throws Exception {
    Server server = Server.start(folder);
    try {
      Service.Account ann = server.addUser("Ann");
      Service.Account bob = server.addUser("Bob");
      try (Phone anns = new Phone(server, ann);
          Phone bobs = new Phone(server, bob)) {
        InputPeerUser toBob = anns.find(bob);
        anns.send(toBob, "kept 1");
        anns.send(toBob, "kept 2");
        ok("backup", "copy", "--with-keys");
        anns.send(toBob, "lost 1");
        anns.send(toBob, "lost 2");
        anns.send(toBob, "lost 3");
        assertEquals(5, bobs.awaitReceived(5).size());
        server.kill();
        Files.move(Server.data(folder), folder.resolve("gone"));
        ok("restore", "copy");
        server = server.again();
        anns.send(toBob, "new 1");
        anns.send(toBob, "new 2");
        bobs.find(ann);
        assertEquals(
            List.of("kept 1", "kept 2", "lost 1", "lost 2", "lost 3", "new 1", "new 2"),
            bobs.awaitReceived(7));
        anns.send(toBob, "new 3");
        assertEquals("new 3", bobs.awaitReceived(8).getLast());
        assertEquals(
            List.of("kept 1", "kept 2", "new 1", "new 2", "new 3"),
            bobs.everything().texts().stream().filter(t -> t.matches("[a-z]+ \\d")).toList());
      }
    } finally {
      server.close();
    }
  }

  private void ok(String verb, String... arguments) throws Exception {
    List<String> command = Starling.command(verb, "--data", Server.data(folder).toString());
    command.addAll(List.of(arguments));
    Starling.Result result = Starling.run(folder, command);
    assertEquals(0, result.exitCode(), result.toString());
  }
}

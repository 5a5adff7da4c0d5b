package dev.starling.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.starling.client.RpcException;
import dev.starling.tl.api.InputPeerUser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

/**
 * The disk fills up under a server: it acknowledges nothing that it cannot keep, goes on answering
 * what needs no disk, says so in a line, and takes messages again once there is space.
 */
class DiskFullTest {
  /** RocksDB's library, a log, and a little more. */
  private static final String DISK = "size=104m";

  private static final int MESSAGES_MAX = 10_000;

  @TempDir Path folder;

  private boolean mounted;

  @AfterEach
  void unmount() throws Exception {
    if (mounted) {
      run("umount", Server.data(folder).toString());
    }
  }

  private static boolean run(String... command) throws Exception {
    try {
      return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor() == 0;
    } catch (IOException _) {
      return false; // no such command
    }
  }

  @Test
  void nothingIsAcknowledgedThatIsNotKept() throws Exception {
    Path data = Server.data(folder);
    Files.createDirectory(data);
    mounted = run("mount", "-t", "tmpfs", "-o", DISK, "none", data.toString());
    if (!mounted) {
      throw new TestAbortedException("SKIPPED: no right to mount a small disk");
    }
    Server server = Server.start(folder);
    try {
      Service.Account bob = server.addUser("Bob");
      Service.Account ann = server.addUser("Ann");
      try (Phone bobs = new Phone(server, bob);
          Phone anns = new Phone(server, ann)) {
        InputPeerUser toBob = anns.find(bob);
        List<String> acknowledged = new ArrayList<>();
        Path ballast = data.resolve("ballast");
        Files.write(ballast, new byte[(int) Files.getFileStore(data).getUsableSpace() - (3 << 20)]);
        RpcException refusal = fill(anns, toBob, acknowledged);
        assertEquals(500, refusal.code());
        assertTrue(server.isAlive());
        assertTrue(complains(server, "store is full: free some space"), server.complaints());
        assertEquals(
            acknowledged, bobs.awaitReceived(acknowledged.size()).subList(0, acknowledged.size()));
        assertTrue(bobs.everything().texts().containsAll(acknowledged), "reads go on");

        Files.delete(ballast);
        anns.send(toBob, "there is space");
        acknowledged.add("there is space");
        server.kill();
        server = server.again();
        assertTrue(bobs.everything().texts().containsAll(acknowledged));
        assertTrue(bobs.awaitReceived(acknowledged.size()).containsAll(acknowledged));
      }
    } finally {
      server.close();
    }
  }

  /** Its standard error is read by another thread. */
  private static boolean complains(Server server, String what) throws InterruptedException {
    for (int left = 500; left > 0 && !server.complaints().contains(what); left--) {
      Thread.sleep(10);
    }
    return server.complaints().contains(what);
  }

  /** Sends until the server says no. */
  private static RpcException fill(Phone phone, InputPeerUser peer, List<String> acknowledged) {
    for (int i = 0; i < MESSAGES_MAX; i++) {
      String text = i + " " + "x".repeat(3_000);
      RpcException refusal = phone.trySend(peer, text);
      if (refusal != null) {
        return refusal;
      }
      acknowledged.add(text);
    }
    throw new AssertionError("the disk never filled");
  }
}

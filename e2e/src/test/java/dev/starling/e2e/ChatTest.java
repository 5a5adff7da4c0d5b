package dev.starling.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first flight, typed: two people in two terminals. */
class ChatTest {
  private static final int MISSED = 12;

  @TempDir Path folder;

  @Test
  void twoTerminalsTalk() throws IOException, InterruptedException {
    Server server = Server.start(folder);
    try {
      Service.Account ann = server.addUser("Ann");
      Service.Account bob = server.addUser("Bob");
      try (Terminal anns = new Terminal(folder);
          Terminal bobs = new Terminal(folder)) {
        signIn(anns, ann, "Ann");
        signIn(bobs, bob, "Bob");
        talk(anns, bobs, bob);

        bobs.type("/quit");
        assertEquals(0, bobs.exitCode());
        for (int i = 0; i < MISSED; i++) {
          anns.type("missed " + i + ".");
          anns.await("you: missed " + i + ".");
        }
        try (Terminal again = new Terminal(folder)) {
          again.await("You are Bob");
          for (int i = 0; i < MISSED; i++) {
            again.await("Ann: missed " + i + ".");
          }
          server.kill();
          anns.await("Connection lost");
          anns.type("in the dark");
          server = server.again();
          again.await("Ann: in the dark");
          anns.await("you: in the dark");
          String seen = again.shown(); // opening the chat shows its history once more
          IntStream.range(0, MISSED)
              .forEach(i -> assertEquals(1, count(seen, "Ann: missed " + i + ".")));
          assertEquals(1, count(seen, "Ann: in the dark"));
          // What came meanwhile may be shown a moment before the connection counts as back.
          for (int left = 500; left > 0 && !again.shown().contains("Connected again"); left--) {
            Thread.sleep(20);
          }
          again.type("/to Ann");
          again.await("Talking to Ann");
          again.type("I see you");
          anns.await("Bob: I see you");
          again.type("/quit");
          assertEquals(0, again.exitCode());
        }
        anns.type("/quit");
        assertEquals(0, anns.exitCode());
        assertEquals(1, count(anns.shown(), "you: in the dark"));
      }
    } finally {
      server.close();
    }
  }

  private static void signIn(Terminal terminal, Service.Account account, String name) {
    terminal.await("Your number");
    terminal.type(account.number());
    terminal.await("Your code");
    terminal.type(account.code());
    terminal.await("You are " + name);
  }

  private static void talk(Terminal anns, Terminal bobs, Service.Account bob) {
    anns.type("/username bluebird");
    anns.await("You are Ann @bluebird");
    anns.type("/to " + bob.number());
    anns.await("Talking to Bob");
    bobs.type("/to @bluebird");
    bobs.await("Talking to Ann");
    for (int i = 0; i < 3; i++) {
      anns.type("Привет, Bob 🐦 " + i);
      bobs.await("Ann: Привет, Bob 🐦 " + i);
      bobs.type("Hello, Ann " + i);
      anns.await("Bob: Hello, Ann " + i);
    }
    anns.type("/history 6");
    for (int i = 0; i < 3; i++) {
      anns.await("you: Привет, Bob 🐦 " + i);
      anns.await("Bob: Hello, Ann " + i);
    }
  }

  private static long count(String shown, String text) {
    return Pattern.compile(Pattern.quote(text)).matcher(shown).results().count();
  }
}

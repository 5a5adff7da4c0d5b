package dev.starling.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Two chats and a server in this process. */
@Timeout(60)
class ChatTest {
  private static final String END = "\0end";

  @TempDir Path folder;
  private final List<Talker> talkers = new ArrayList<>();
  private Wiring server;
  private int port;

  @BeforeEach
  void startServer() {
    server = start();
  }

  private Wiring start() {
    DataFolder data = new DataFolder(folder.resolve("data")).create();
    Wiring wiring = new Wiring(data, Configuration.of(Map.of("listen", "127.0.0.1:" + port)));
    port = wiring.start().getPort(); // the same again after a restart
    return wiring;
  }

  @AfterEach
  void stop() {
    talkers.forEach(Talker::leave);
    server.close();
  }

  /** Somebody at a terminal. */
  private final class Talker implements ChatScreen {
    private final LinkedBlockingQueue<String> typed = new LinkedBlockingQueue<>();
    private final LinkedBlockingQueue<String> shown = new LinkedBlockingQueue<>();
    private final CompletableFuture<Throwable> failure = new CompletableFuture<>();
    private final Thread thread;

    Talker(String... options) {
      List<String> arguments = new ArrayList<>(List.of(options));
      arguments.addAll(List.of("--data", folder.resolve("data").toString()));
      CommandLine command = new CommandLine(new ChatCommand(() -> this));
      command.setExecutionExceptionHandler(
          (e, _, _) -> {
            failure.complete(e);
            return 1;
          });
      thread = Thread.ofPlatform().start(() -> command.execute(arguments.toArray(String[]::new)));
      talkers.add(this);
    }

    void type(String... lines) {
      typed.addAll(List.of(lines));
    }

    void leave() {
      typed.add(END);
      try {
        thread.join(20_000);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }

    /** Waits for a line that holds {@code part}; answers it. */
    String see(String part) throws InterruptedException {
      String line;
      do {
        line = shown.poll(20, TimeUnit.SECONDS);
        assertNotNull(line, "never seen: " + part);
      } while (!line.contains(part));
      return line;
    }

    @Override
    public @Nullable String ask(String question) {
      show(question);
      return read("");
    }

    @Override
    public @Nullable String read(String prompt) {
      try {
        String line = typed.take();
        return line.equals(END) ? null : line;
      } catch (InterruptedException _) {
        return null;
      }
    }

    @Override
    public void show(String text) {
      shown.add(text);
    }

    @Override
    public void close() {}
  }

  private record Person(String number, String code) {}

  private Person add(String name) {
    Map<String, Object> user =
        server.operations().ask(Json.object("command", "user.add", "name", name));
    return new Person(Operations.text(user, "number"), Operations.text(user, "code"));
  }

  private Talker signIn(Person person) throws InterruptedException {
    Talker talker = new Talker("--number", person.number());
    talker.type(person.code());
    talker.see("You are ");
    talker.see("No chats yet");
    return talker;
  }

  @Test
  void twoTalkBothWaysAndSeeWhatWasRead() throws InterruptedException {
    Person bobs = add("Bob");
    Talker alice = signIn(add("Alice"));
    Talker bob = signIn(bobs);
    alice.type("/to " + bobs.number(), "hello\u001b[2J Bob");
    alice.see("you: hello[2J Bob \u2713");
    assertTrue(bob.see("Alice: ").endsWith("Alice: hello[2J Bob"));
    bob.type("/to Alice");
    bob.see("Talking to Alice");
    alice.see("\u2713\u2713 read by Bob");
    bob.type("hi Alice", "/username robert");
    alice.see("Bob: hi Alice");
    bob.see("@robert");
    alice.type("/to @robert");
    assertTrue(alice.see("Talking to ").startsWith("Talking to Bob @robert"));
  }

  @Test
  void messagesAreAnsweredChangedAndTakenBack() throws InterruptedException {
    Person bobs = add("Bob");
    Talker alice = signIn(add("Alice"));
    Talker bob = signIn(bobs);
    alice.type("/to " + bobs.number(), "meet at 8");
    String sent = number(alice.see("you: meet at 8"));
    String heard = number(bob.see("Alice: meet at 8"));
    bob.type("/to Alice", "/reply " + heard + " which day?");
    alice.see("Bob (to #" + sent + "): which day?");
    alice.type("/edit " + sent + " Monday at 8");
    bob.see("Alice: Monday at 8 (edited)");
    bob.type("/edit " + heard + " never");
    bob.see("somebody else's message");
    bob.type("/delete 999999");
    bob.see("no message 999999 in this chat");
    alice.type("/delete " + sent);
    bob.see("(Deleted: #" + heard + ")");
    alice.see("(Deleted: #" + sent + ")");
  }

  private static String number(String line) {
    return line.substring(1, line.indexOf(' '));
  }

  @Test
  void ofSeveralSessionsOneIsChosen() throws InterruptedException {
    for (String name : List.of("Alice", "Bob")) {
      Person person = add(name);
      Talker talker = new Talker("--number", person.number(), "--profile", name);
      talker.type(person.code());
      talker.see("No chats yet");
      talker.leave();
    }
    Talker somebody = new Talker();
    somebody.see("Whose session? Alice, Bob, or another");
    somebody.type("Bob");
    somebody.see("You are Bob");
    Talker other = new Talker();
    other.see("You are Alice"); // the only one that is free
  }

  @Test
  void whoWasAwaySeesEachMessageOnceAndInOrder() throws InterruptedException {
    Person alices = add("Alice");
    Person bobs = add("Bob");
    Talker alice = signIn(alices);
    Talker bob = signIn(bobs);
    alice.type("/to " + bobs.number(), "one");
    bob.see("Alice: one");
    bob.leave();
    alice.type("two", "three", "four");
    alice.see("four \u2713");
    Talker back = new Talker("--number", bobs.number());
    back.see("You are Bob");
    assertTrue(back.see("Alice: ").endsWith("two"));
    assertTrue(back.see("Alice: ").endsWith("three"));
    assertTrue(back.see("Alice: ").endsWith("four"));
  }

  @Test
  void aServerThatRestartsLosesAndDoublesNothing() throws InterruptedException {
    Person bobs = add("Bob");
    Talker alice = signIn(add("Alice"));
    Talker bob = signIn(bobs);
    alice.type("/to " + bobs.number(), "before");
    bob.see("Alice: before");
    server.close();
    alice.see("Connection lost");
    alice.type("while it was down");
    server = start();
    alice.see("while it was down \u2713");
    assertTrue(bob.see("Alice: ").endsWith("while it was down"));
    alice.type("after");
    assertTrue(bob.see("Alice: ").endsWith("after"));
  }

  @Test
  void namesakesAreListedAndChosenByPlace() throws InterruptedException {
    Person ann = add("Ann Smith");
    Person other = add("Ann Jones");
    Talker bob = signIn(add("Bob"));
    bob.type("/to " + ann.number(), "/to " + other.number());
    bob.see("Talking to Ann Smith");
    bob.see("Talking to Ann Jones");
    bob.type("/to ann");
    bob.see("Several are called so");
    String first = bob.see("  1  ");
    bob.type("/to 1");
    assertTrue(bob.see("Talking to ").contains(first.substring(5)));
    bob.type("/to ann smith");
    bob.see("Talking to Ann Smith");
  }

  @Test
  void whileOfflineNothingIsPassedOverInSilence() throws InterruptedException {
    Person bobs = add("Bob");
    Talker alice = signIn(add("Alice"));
    alice.type("/to " + bobs.number());
    alice.see("Nothing was said here yet");
    server.close();
    alice.see("Connection lost");
    alice.type("hello", "/logout");
    alice.see("Waits for the connection: hello");
    alice.see("No connection: not signed out");
    server = start();
    alice.see("hello \u2713");
  }

  @Test
  void signingInTellsThatTheConnectionIsLost() throws InterruptedException {
    Person alices = add("Alice");
    Talker alice = new Talker("--number", alices.number());
    alice.see("Your code:");
    server.close();
    alice.see("Connection lost");
    server = start();
    alice.see("Connected again");
    alice.type(alices.code());
    alice.see("You are Alice");
  }

  @Test
  void aWrongCodeIsToldAndAnotherAsked() throws InterruptedException {
    Person alices = add("Alice");
    Talker alice = new Talker("--number", alices.number());
    alice.type(alices.code().equals("11111") ? "22222" : "11111");
    alice.see("wrong, spent or too old");
    alice.type(alices.code());
    alice.see("You are Alice");
  }

  @Test
  void aSignedOutSessionBeginsAnew() throws InterruptedException {
    Person alices = add("Alice");
    Talker alice = signIn(alices);
    alice.type("/logout");
    alice.see("Signed out");
    alice.leave();
    Talker again = new Talker("--number", alices.number());
    again.see("Your code:");
  }

  @Test
  void nobodyThereIsOneClearLine() throws Exception {
    Talker alice = new Talker("--server", "127.0.0.1:1");
    Throwable failure = alice.failure.get(20, TimeUnit.SECONDS);
    assertEquals(Problem.class, failure.getClass());
    assertTrue(
        String.valueOf(failure.getMessage()).startsWith("no Starling answers at 127.0.0.1:1"));
  }
}

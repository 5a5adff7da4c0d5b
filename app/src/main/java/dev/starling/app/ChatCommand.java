package dev.starling.app;

import dev.starling.client.Account;
import dev.starling.client.ClientException;
import dev.starling.client.ClientException.Reason;
import dev.starling.client.Credentials;
import dev.starling.client.Device;
import dev.starling.client.Event;
import dev.starling.client.Messages;
import dev.starling.client.People;
import dev.starling.client.Position;
import dev.starling.client.RpcException;
import dev.starling.client.SavedSession;
import dev.starling.client.Settings;
import dev.starling.client.StarlingClient;
import dev.starling.mtproto.Env;
import dev.starling.tl.api.User;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code chat}: a plain client in the terminal. */
@Command(
    name = "chat",
    description = "Talk in this terminal; without options, through the server of ./data.")
final class ChatCommand implements Runnable {
  private static final Device DEVICE =
      new Device(
          1,
          "starling",
          "Starling chat",
          System.getProperty("os.name", "unknown"),
          VersionCommand.version(),
          "en");

  private final Supplier<ChatScreen> screens;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "The server's data folder, if it runs on this machine (default: ./data).")
  private Path data = Path.of("data");

  @Option(names = "--server", paramLabel = "HOST:PORT", description = "Another address.")
  private @Nullable String server;

  @Option(
      names = "--key",
      paramLabel = "PEM",
      description = "The public key of a server that runs elsewhere.")
  private @Nullable Path key;

  @Option(
      names = "--secret",
      paramLabel = "SECRET",
      description = "The secret of the address: 32 hex digits, or dd and 32.")
  private @Nullable String secret;

  @Option(names = "--number", paramLabel = "NUMBER", description = "Who you are: +888...")
  private @Nullable String number;

  @Option(
      names = "--profile",
      paramLabel = "NAME",
      description =
          "Which session of this machine (default: the number's, else the only one that no other"
              + " chat has open; of several it asks).")
  private @Nullable String profile;

  ChatCommand() {
    this(ChatScreen::open);
  }

  /**
   * A chat that is seen elsewhere than in the terminal.
   *
   * @param screens opens the screen
   */
  ChatCommand(Supplier<ChatScreen> screens) {
    this.screens = screens;
  }

  @Override
  public void run() {
    ChatServer found = ChatServer.find(new DataFolder(data), server, key, secret);
    try (SystemEnv system = new SystemEnv();
        ChatScreen screen = screens.get();
        ChatProfile claimed = ChatProfile.open(found.sessions(), chosen(screen, found))) {
      talk(found, claimed, screen, system.env());
    } catch (RpcException e) {
      throw new Problem(Chat.explain(e), e);
    } catch (ClientException e) {
      throw new Problem("the connection has ended: " + e.getMessage(), e);
    }
  }

  private @Nullable String profileName() {
    String digits = number == null ? "" : number.replaceAll("\\D", "");
    return profile != null || digits.isEmpty() ? profile : digits;
  }

  /** The profile that was named; of several that could be meant, the one that is chosen now. */
  private @Nullable String chosen(ChatScreen screen, ChatServer found) {
    String named = profileName();
    List<String> free = named == null ? ChatProfile.free(found.sessions()) : List.of();
    if (free.size() < 2) {
      return named != null || free.isEmpty() ? named : free.getFirst();
    }
    screen.show("Whose session? " + String.join(", ", free) + ", or another name for a new one.");
    String answer = screen.ask("Profile:");
    if (answer == null || answer.isBlank()) {
      throw new Problem("there are several sessions here: choose one by --profile or --number");
    }
    return answer.strip();
  }

  private void talk(ChatServer found, ChatProfile claimed, ChatScreen screen, Env env) {
    Optional<SavedSession> saved = claimed.load();
    Settings settings = new Settings(found.endpoint(), List.of(found.key()), DEVICE);
    try (StarlingClient client =
        connect(settings, saved.map(SavedSession::credentials).orElse(null), env)) {
      client.listen(event -> tell(screen, event)); // signing in may have to wait
      People people = new People();
      Account account = new Account(client, DEVICE, people);
      Optional<User> known = saved.isEmpty() ? Optional.empty() : account.me();
      User me = known.orElseGet(() -> new ChatLogin(screen, account).run(number));
      Position from = known.isEmpty() ? null : saved.map(SavedSession::position).orElse(null);
      claimed.save(new SavedSession(client.credentials(), from));
      screen.show("You are " + ChatView.person(me) + ". /help tells what there is.");
      ChatView view =
          new ChatView(
              screen,
              people,
              me,
              ZoneId.systemDefault(),
              position -> claimed.save(new SavedSession(client.credentials(), position)));
      Messages messages = new Messages(client, people, view, env);
      client.listen(messages::hear);
      boolean over;
      try (Chat chat = new Chat(screen, view, account, messages, people, env.random())) {
        messages.start(from);
        over = chat.run();
      }
      if (over) {
        claimed.forget();
      }
    }
  }

  private static void tell(ChatScreen screen, Event event) {
    switch (event) {
      case Event.Lost _ -> screen.show("(Connection lost, trying again.)");
      case Event.Restored() -> screen.show("(Connected again.)");
      case Event.Ended _, Event.Pushed _, Event.Missed _ -> {}
    }
  }

  /** Connects with the kept key, or with a new one where the server has forgotten it. */
  private static StarlingClient connect(Settings settings, @Nullable Credentials kept, Env env) {
    try {
      return StarlingClient.connect(settings, kept, env);
    } catch (ClientException e) {
      if (e.reason() == Reason.KEY_FORGOTTEN && kept != null) {
        return connect(settings, null, env);
      }
      throw new Problem(explain(e, settings.endpoint().address()), e);
    }
  }

  private static String explain(ClientException e, String address) {
    return switch (e.reason()) {
      case UNREACHABLE ->
          "no Starling answers at %s (%s): start it by starling up, or check --server and --secret"
              .formatted(address, e.getMessage());
      case UNTRUSTED ->
          "who answers at %s is not the server of this key (%s): check --key"
              .formatted(address, e.getMessage());
      default -> "cannot connect to %s: %s".formatted(address, e.getMessage());
    };
  }
}

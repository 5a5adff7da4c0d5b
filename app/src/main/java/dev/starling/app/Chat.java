package dev.starling.app;

import dev.starling.client.Account;
import dev.starling.client.ClientException;
import dev.starling.client.Messages;
import dev.starling.client.People;
import dev.starling.client.RpcException;
import dev.starling.tl.api.Message;
import dev.starling.tl.api.PeerUser;
import dev.starling.tl.api.User;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Does what the lines say. Messages are sent in their order, while typing goes on. */
final class Chat implements AutoCloseable {
  private static final int CHATS_MAX = 100;

  /** What is shown of a chat when it is opened. */
  private static final int GLANCE = 10;

  /** Config.message_length_max of the server. */
  private static final int MESSAGE_LENGTH_MAX = 4096;

  /** Lines typed or piped in that wait for the server; then the reading waits too. */
  private static final int UNDERWAY_MAX = 50;

  private static final int LEAVE_SECONDS_MAX = 15;

  private final ChatScreen screen;
  private final ChatView view;
  private final Account account;
  private final Messages messages;
  private final People people;
  private final RandomGenerator random;
  private final Semaphore room = new Semaphore(UNDERWAY_MAX);
  private final ExecutorService sending =
      Executors.newSingleThreadExecutor(Thread.ofVirtual().name("chat-sending").factory());
  private final ExecutorService reading =
      Executors.newSingleThreadExecutor(Thread.ofVirtual().name("chat-read-marks").factory());
  private List<User> listed = List.of();
  private @Nullable Message newestSeen;

  Chat(
      ChatScreen screen,
      ChatView view,
      Account account,
      Messages messages,
      People people,
      RandomGenerator random) {
    this.random = random;
    this.screen = screen;
    this.view = view;
    this.account = account;
    this.messages = messages;
    this.people = people;
    view.onSeen(this::seen);
  }

  /** Reads lines until the end; true when the session was signed out. */
  boolean run() {
    list();
    while (view.ended() == null) {
      User open = view.open();
      String line = screen.read((open == null ? "" : ChatView.name(open)) + "> ");
      ChatLine meant = line == null ? new ChatLine.Quit() : ChatLine.parse(line);
      if (meant instanceof ChatLine.Quit) {
        return false;
      }
      if (meant instanceof ChatLine.LogOut && !view.isConnected()) {
        screen.show("(No connection: not signed out. Try again when it is back, or /quit.)");
        continue;
      }
      if (meant instanceof ChatLine.LogOut) {
        finish(sending);
        account.signOut();
        screen.show("Signed out.");
        return true;
      }
      tryTo(meant);
    }
    return true;
  }

  private void tryTo(ChatLine meant) {
    try {
      carryOut(meant);
    } catch (RpcException e) {
      screen.show("(" + explain(e) + ")");
    } catch (ClientException e) {
      screen.show("(Not done: " + e.getMessage() + ")");
    }
  }

  private void carryOut(ChatLine meant) {
    boolean isLocal =
        meant instanceof ChatLine.Say
            || meant instanceof ChatLine.Reply
            || meant instanceof ChatLine.Wrong
            || meant instanceof ChatLine.Help
            || meant instanceof ChatLine.Nothing;
    if (!isLocal && !view.isConnected()) {
      screen.show("(No connection at the moment: try again when it is back.)");
      return;
    }
    switch (meant) {
      case ChatLine.Say(String text) -> say(text, 0);
      case ChatLine.Reply(int number, String text) -> say(text, number);
      case ChatLine.Edit(int number, String text) -> edit(number, text);
      case ChatLine.Delete(int number) -> delete(number);
      case ChatLine.To(String whom) -> open(whom);
      case ChatLine.ListChats() -> list();
      case ChatLine.History(int many) -> history(many);
      case ChatLine.Contacts() -> view.contacts(account.contacts());
      case ChatLine.Name(String first, String last) ->
          screen.show("You are " + ChatView.person(account.rename(first, last)) + " now.");
      case ChatLine.Username(String username) ->
          screen.show("You are " + ChatView.person(account.setUsername(username)) + " now.");
      case ChatLine.Help() -> screen.show(ChatLine.HELP);
      case ChatLine.Wrong(String why) -> screen.show("(" + why + ")");
      case ChatLine.Nothing(), ChatLine.Quit(), ChatLine.LogOut() -> {}
    }
  }

  /**
   * @param replyTo the message that is answered; 0 for none
   */
  private void say(String text, int replyTo) {
    User to = view.open();
    if (to == null) {
      screen.show("(To whom? /to @name or /to +888... opens a chat.)");
    } else if (text.length() > MESSAGE_LENGTH_MAX) {
      screen.show("(Not sent: a message has at most " + MESSAGE_LENGTH_MAX + " characters.)");
    } else {
      if (!view.isConnected()) {
        screen.show("(Waits for the connection: " + Harmless.line(text) + ")");
      }
      room.acquireUninterruptibly();
      long randomId = random.nextLong();
      sending.execute(() -> send(to, text, replyTo, randomId));
    }
  }

  private void edit(int number, String text) {
    User with = view.open();
    if (with == null) {
      screen.show("(Of which chat? /to opens one.)");
    } else {
      messages.edit(People.input(with), number, text); // the view shows it
    }
  }

  /** Ids are unique among all chats, so that it must be looked whether it is of this one. */
  private void delete(int number) {
    User with = view.open();
    if (with == null) {
      screen.show("(Of which chat? /to opens one.)");
    } else if (account.isIn(with, number)) {
      messages.delete(List.of(number));
    } else {
      screen.show("(There is no message " + number + " in this chat.)");
    }
  }

  private void send(User to, String text, int replyTo, long randomId) {
    try { // the view shows it in its place
      if (replyTo == 0) {
        messages.send(People.input(to), randomId, text);
      } else {
        messages.reply(People.input(to), replyTo, randomId, text);
      }
    } catch (RpcException e) {
      screen.show("(Not sent: " + explain(e) + ")");
    } catch (ClientException e) {
      screen.show("(Not sent: " + e.getMessage() + ")");
    } finally {
      room.release();
    }
  }

  private void list() {
    List<Account.Chat> chats = account.chats(CHATS_MAX);
    listed = chats.stream().map(Account.Chat::with).toList();
    view.chats(chats);
  }

  private void open(String whom) {
    List<User> found = find(whom);
    if (found.isEmpty()) {
      screen.show("(Nobody here is called " + Harmless.line(whom) + ".)");
    } else if (found.size() > 1) {
      listed = found; // so that their places here choose
      screen.show("Several are called so: /to and the place chooses.");
      for (int i = 0; i < found.size(); i++) {
        screen.show("%3d  %s".formatted(i + 1, ChatView.person(found.get(i))));
      }
    } else {
      view.open(found.getFirst());
      screen.show("Talking to " + ChatView.person(found.getFirst()) + ".");
      history(GLANCE);
    }
  }

  private List<User> find(String whom) {
    if (whom.startsWith("@")) {
      return account.byUsername(whom).stream().toList();
    }
    if (whom.startsWith("+")) {
      return account.byNumber(whom).stream().toList();
    }
    String wanted = whom.toLowerCase(Locale.ROOT);
    if (wanted.length() <= 3 && wanted.chars().allMatch(Character::isDigit)) {
      int place = Integer.parseInt(wanted) - 1;
      return place >= 0 && place < listed.size() ? List.of(listed.get(place)) : List.of();
    }
    List<User> begin =
        people.find(user -> People.name(user).toLowerCase(Locale.ROOT).startsWith(wanted));
    List<User> whole =
        begin.stream()
            .filter(user -> People.name(user).toLowerCase(Locale.ROOT).equals(wanted))
            .toList();
    return whole.isEmpty() ? begin : whole;
  }

  private void history(int many) {
    User with = view.open();
    if (with == null) {
      screen.show("(Of which chat? /to opens one.)");
      return;
    }
    List<Message> page = account.history(People.input(with), many);
    view.history(page);
    page.reversed().stream().filter(message -> !message.out()).findFirst().ifPresent(this::seen);
  }

  /** The newest of the messages seen is marked as read; those before it with it. */
  private synchronized void seen(Message message) {
    newestSeen = message;
    try {
      reading.execute(this::markRead);
    } catch (RejectedExecutionException _) {
      // Leaving: the next time marks it.
    }
  }

  private void markRead() {
    Message message;
    synchronized (this) {
      message = newestSeen;
      newestSeen = null;
    }
    if (message == null || !(message.peerId() instanceof PeerUser(long id))) {
      return; // marked together with a later one
    }
    User from = people.byId(id);
    if (from != null) {
      try {
        messages.markRead(People.input(from), message.id());
      } catch (RpcException | ClientException _) {
        // The next message seen marks this one too.
      }
    }
  }

  /** What a refusal means to a person. */
  static String explain(RpcException e) {
    return switch (e.error()) {
      case "USERNAME_OCCUPIED" -> "somebody else has that username";
      case "USERNAME_INVALID" -> "a username has 5 to 32 letters, digits and _, a letter first";
      case "USERNAME_NOT_MODIFIED" -> "that is your username already";
      case "FIRSTNAME_INVALID", "LASTNAME_INVALID" -> "a name has 1 to 64 characters";
      case "MESSAGE_ID_INVALID", "REPLY_MESSAGE_ID_INVALID" -> "there is no such message here";
      case "MESSAGE_AUTHOR_REQUIRED" -> "that is somebody else's message";
      case "MESSAGE_NOT_MODIFIED" -> "it says that already";
      case "MESSAGE_EDIT_TIME_EXPIRED" -> "it is too old to be changed";
      case "MESSAGE_TOO_LONG" -> "the message is too long";
      case "PEER_ID_INVALID", "USER_ID_INVALID" -> "the server does not let you write there";
      case "PHONE_NUMBER_INVALID" -> "that is no number";
      case "AUTH_KEY_UNREGISTERED", "SESSION_REVOKED" -> "this session was signed out";
      default ->
          e.floodWait()
              .map(wait -> "the server asks to wait " + wait.toSeconds() + " s")
              .orElse("the server refuses: " + e.error());
    };
  }

  /** Waits for what is being sent, as long as that is of use. */
  @Override
  public void close() {
    finish(sending);
    int unsent = UNDERWAY_MAX - room.availablePermits();
    if (unsent > 0) {
      screen.show("(" + unsent + (unsent == 1 ? " message was" : " messages were") + " not sent.)");
    }
    finish(reading);
  }

  private void finish(ExecutorService executor) {
    executor.shutdown();
    try {
      var _ =
          executor.awaitTermination(view.isConnected() ? LEAVE_SECONDS_MAX : 0, TimeUnit.SECONDS);
    } catch (InterruptedException _) {
      // Leaving at once: what is not sent is told.
    }
  }
}

package dev.starling.app;

import static java.util.stream.Collectors.joining;

import dev.starling.client.Account;
import dev.starling.client.ClientException.Reason;
import dev.starling.client.Event;
import dev.starling.client.Messages;
import dev.starling.client.People;
import dev.starling.client.Position;
import dev.starling.client.RpcException;
import dev.starling.tl.api.Message;
import dev.starling.tl.api.MessageReplyHeader;
import dev.starling.tl.api.PeerUser;
import dev.starling.tl.api.User;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What is seen of an account: messages as they come, marks, lists. Thread-safe. */
final class ChatView implements Messages.Listener {
  /** The server has it, durably. */
  private static final String SENT = " \u2713";

  private static final String READ = " \u2713\u2713";

  /** Deleted messages that are named. */
  private static final int TOLD_MAX = 10;

  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm");
  private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("d MMM HH:mm");

  private final ChatScreen screen;
  private final People people;
  private final User me;
  private final ZoneId zone;
  private final Consumer<Position> keep;
  private final Map<Long, Integer> lastSent = new HashMap<>();
  private final Map<Long, Integer> readUpTo = new HashMap<>();
  private Consumer<Message> seen = _ -> {};
  private @Nullable User open;
  private boolean hinted;
  private boolean connected = true;
  private @Nullable String ended;

  /**
   * @param keep told how far messages were shown
   */
  ChatView(ChatScreen screen, People people, User me, ZoneId zone, Consumer<Position> keep) {
    this.screen = screen;
    this.people = people;
    this.me = me;
    this.zone = zone;
    this.keep = keep;
  }

  /** Sets who is told of messages that were shown in the open chat; it must not block. */
  synchronized void onSeen(Consumer<Message> listener) {
    this.seen = listener;
  }

  /** Whom a plain line goes to. */
  synchronized @Nullable User open() {
    return open;
  }

  synchronized void open(User with) {
    open = with;
  }

  synchronized boolean isConnected() {
    return connected;
  }

  /** Why the session is over; null while it is not. */
  synchronized @Nullable String ended() {
    return ended;
  }

  @Override
  public synchronized void message(Message message) {
    long with = partner(message);
    User user = people.byId(with);
    show(message);
    if (open == null && user != null && !isMine(message) && !hinted) {
      // Never opened by itself: what is typed for one person must not go to who happens to write.
      hinted = true;
      screen.show("(/to " + name(with) + " answers.)");
    }
    if (isMine(message)) {
      lastSent.merge(with, message.id(), Math::max);
    } else if (open != null && open.id() == with) {
      seen.accept(message);
    }
  }

  @Override
  public synchronized void edited(Message message) {
    show(message);
  }

  @Override
  public synchronized void deleted(List<Integer> ids) {
    String numbers = ids.stream().limit(TOLD_MAX).map(id -> "#" + id).collect(joining(" "));
    screen.show("(Deleted: " + numbers + (ids.size() > TOLD_MAX ? " and more" : "") + ")");
  }

  /** Shows the newest messages of a chat. */
  synchronized void history(List<Message> messages) {
    if (messages.isEmpty()) {
      screen.show("(Nothing was said here yet.)");
    }
    messages.forEach(this::show);
  }

  private void show(Message message) {
    long with = partner(message);
    boolean isHere = open != null && open.id() == with;
    String who;
    if (with == me.id()) {
      who = "note to yourself";
    } else if (isMine(message)) {
      who = isHere ? "you" : "you to " + name(with);
    } else {
      who = name(with);
    }
    String text =
        message.message().isEmpty() ? "(something that a terminal cannot show)" : message.message();
    String answer =
        message.replyTo() instanceof MessageReplyHeader reply && reply.replyToMsgId() != null
            ? " (to #" + reply.replyToMsgId() + ")"
            : "";
    String changed = message.editDate() == null ? "" : " (edited)";
    screen.show(
        "#%d %s %s%s: %s%s%s"
            .formatted(
                message.id(),
                time(message.date()),
                who,
                answer,
                Harmless.text(text),
                changed,
                mark(message)));
  }

  private String mark(Message message) {
    if (!isMine(message)) {
      return "";
    }
    return message.id() <= readUpTo.getOrDefault(partner(message), 0) ? READ : SENT;
  }

  @Override
  public synchronized void readByUser(long user, int maxId) {
    int before = readUpTo.getOrDefault(user, 0);
    readUpTo.put(user, Math.max(before, maxId));
    int last = lastSent.getOrDefault(user, Integer.MAX_VALUE);
    if (before < last && maxId >= last) {
      screen.show("     " + READ + " read by " + name(user));
    }
  }

  @Override
  public void reached(Position upTo) {
    keep.accept(upTo);
  }

  @Override
  public synchronized void connection(Event event) {
    switch (event) {
      case Event.Lost _ -> {
        if (connected) {
          screen.show("(Connection lost, trying again.)");
        }
        connected = false;
      }
      case Event.Restored() -> {
        if (!connected) {
          screen.show("(Connected again.)");
        }
        connected = true;
      }
      case Event.Ended(var why) when why.reason() == Reason.KEY_FORGOTTEN ->
          end("the server does not know this session any more: start chat again to sign in");
      case Event.Ended _, Event.Pushed _, Event.Missed _ -> {}
    }
  }

  @Override
  public synchronized void refused(RpcException why) {
    end(
        why.code() == 401
            ? "this session was signed out: start chat again to sign in"
            : "the server refuses to tell what is new: " + why.error());
  }

  private void end(String why) {
    ended = why;
    screen.show("(" + why + ")");
  }

  /** Shows the list of chats, numbered. */
  synchronized void chats(List<Account.Chat> chats) {
    if (chats.isEmpty()) {
      screen.show("No chats yet: /to @name or /to +888... begins one.");
    }
    for (int i = 0; i < chats.size(); i++) {
      Account.Chat chat = chats.get(i);
      readUpTo.merge(chat.with().id(), chat.dialog().readOutboxMaxId(), Math::max);
      int unread = chat.dialog().unreadCount();
      Message newest = chat.newest();
      screen.show(
          "%3d  %s%s%s"
              .formatted(
                  i + 1,
                  person(chat.with()),
                  unread == 0 ? "" : " (" + unread + " new)",
                  newest == null ? "" : ", " + time(newest.date())));
    }
  }

  synchronized void contacts(List<User> contacts) {
    if (contacts.isEmpty()) {
      screen.show("No contacts yet.");
    }
    contacts.forEach(user -> screen.show("     " + person(user)));
  }

  /** Name, username and number, as far as they are known. */
  static String person(User user) {
    StringBuilder person = new StringBuilder(name(user));
    if (user.username() != null) {
      person.append(" @").append(Harmless.line(user.username()));
    }
    if (user.phone() != null && !user.phone().isEmpty()) {
      person.append(" +").append(Harmless.line(user.phone()));
    }
    return person.toString();
  }

  static String name(User user) {
    return Harmless.line(People.name(user));
  }

  private String name(long id) {
    User user = people.byId(id);
    return user == null ? "user " + id : name(user);
  }

  private long partner(Message message) {
    return message.peerId() instanceof PeerUser(long id) ? id : 0;
  }

  private boolean isMine(Message message) {
    return message.out() || partner(message) == me.id();
  }

  private String time(int unixSeconds) {
    ZonedDateTime at = Instant.ofEpochSecond(unixSeconds).atZone(zone);
    boolean isToday = at.toLocalDate().equals(ZonedDateTime.now(zone).toLocalDate());
    return at.format(isToday ? TIME : DAY);
  }
}

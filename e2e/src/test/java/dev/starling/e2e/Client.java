package dev.starling.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.opentest4j.TestAbortedException;

/** A client nobody here wrote, as a person uses it. */
final class Client implements AutoCloseable {
  /**
   * What clients write of their own doing. Of mtcute: it computes one auth key in 256 wrongly, says
   * so and tries again; coming back, it forgets a ping that it has under way. Of TDLib: back after
   * a restart, its difference may overtake the answer to what it sends again. Of Telethon: it cuts
   * the zeros off an auth key that begins with some, one of 256, and makes another. Of any: that
   * the server was away while it was started again. And what continues a line.
   */
  private static final Pattern OWN_SLIPS =
      Pattern.compile(
          String.join(
              "|",
              ".*\\[ERR] .* Authorization error: .*",
              ".* pong to unknown ping .*",
              ".*Connection closed while receiving.*",
              ".*Server closed the connection.*",
              ".*at connecting failed.*",
              ".*ECONNREFUSED.*",
              ".*Not connected.*",
              ".*\\[Reconnect] Closing current connection.*",
              ".*WebSocket connection failed attempt.*",
              ".*Unhandled error while receiving data",
              "Traceback .*",
              ".*IncompleteReadError: .*",
              ".*new auth_key failed: Step 3 invalid new nonce hash",
              "mtcute MtTimeoutError: Request timed out after \\d+ms",
              ".*New server message .* with an awaited message has identifier less than.*",
              ".*ping timeout, no pong for .*",
              "TgCrypto is missing!.*",
              ".*Unable to connect due to network issues: .*",
              ".*Connection failed! Trying again\\.\\.\\.",
              "}",
              "\\s.*"));

  /** GramJS writes in colours. */
  private static final Pattern COLOUR = Pattern.compile("\u001b\\[\\d*m");

  /** The service's own account: it tells codes and sign-ins to all devices. */
  static final long SERVICE = 777000;

  /** A decoration of a text; of units of UTF-16. */
  record Entity(String type, int offset, int length, String url) {
    static Entity of(String type, int offset, int length) {
      return new Entity(type, offset, length, "");
    }

    Map<String, Object> facts() {
      Map<String, Object> facts =
          new HashMap<>(Map.of("type", type, "offset", offset, "length", length));
      if (!url.isEmpty()) {
        facts.put("url", url);
      }
      return facts;
    }
  }

  /** A message as this client shows it; 0 and empty where it shows no such thing. */
  record Message(
      long messageId,
      long from,
      boolean out,
      String text,
      boolean isService,
      boolean isPinned,
      boolean isEdited,
      Set<Entity> entities,
      long replyTo,
      String quote,
      long forwardedFrom) {}

  /** A line of the chat list. */
  record Dialog(
      long peer, String top, int unread, long readOutbox, boolean isPinned, String draft) {}

  /** What is shown of a person. */
  record Profile(
      String firstName,
      String lastName,
      String username,
      String number,
      String about,
      String status,
      boolean isBlocked) {}

  /** A signed-in device. */
  record Session(String id, boolean isCurrent, String device) {}

  private final Kind kind;
  private final Driver driver;
  private final Map<String, Object> way;
  private final Set<String> commands = new HashSet<>();
  private final Set<String> events = new HashSet<>();

  /**
   * @param home where the clients of a server keep what they keep, each in a folder of its {@code
   *     name}
   */
  Client(Kind kind, Service server, Path home, String name) throws IOException {
    this(kind, server, server.ready(), home, name);
  }

  /**
   * As above, by another way than the server's own.
   *
   * @param way the address and secrets of what stands before the server
   */
  Client(Kind kind, Service server, Service.Ready way, Path home, String name) throws IOException {
    this.kind = kind;
    driver = new Driver(kind.family().command());
    this.way = new HashMap<>(kind.way(way));
    this.way.put("publicKey", server.publicKey());
    if (kind.family().isTdlib()) {
      boolean isOld = kind.family() == Kind.Family.OLD_TDLIB;
      String library = isOld ? "tdlib-1.8.33" : "@prebuilt-tdlib/linux-x64-glibc";
      this.way.put("old", isOld);
      this.way.put("library", ClientPackages.tdlib(library, home, server.publicKey()).toString());
      this.way.put("folder", Files.createDirectories(home.resolve(name)).toString());
    }
    JsonNode abilities = driver.call("abilities", Map.of());
    abilities.get("commands").forEach(command -> commands.add(command.asText()));
    abilities.get("events").forEach(event -> events.add(event.asText()));
    goOnline();
  }

  Kind kind() {
    return kind;
  }

  /** Also after {@link #goOffline()}: comes back with what it knew. */
  void goOnline() {
    call("start", way);
  }

  void goOffline() {
    call("stop", Map.of());
  }

  /** Its own account id. */
  long signIn(Service.Account account) {
    return signIn(account.number(), account.code());
  }

  long signIn(String number, String code) {
    requestCode(number);
    return enterCode(code);
  }

  /** For an account without a name yet: signs up with {@code name}. */
  long signUp(Service.Account account, String name) {
    requestCode(account.number());
    return call("enterCode", Map.of("code", account.code(), "name", name)).asLong();
  }

  void requestCode(String number) {
    call("requestCode", Map.of("number", number));
  }

  long enterCode(String code) {
    return call("enterCode", Map.of("code", code)).asLong();
  }

  void logOut() {
    call("logOut", Map.of());
  }

  void deleteAccount() {
    call("deleteAccount", Map.of());
  }

  void setUsername(String username) {
    call("setUsername", Map.of("username", username));
  }

  /** Becomes a contact with the number as its name; 0 if nobody has it. */
  long findByNumber(String number) {
    return findByNumber(number, number);
  }

  long findByNumber(String number, String name) {
    return call("findByNumber", Map.of("number", number, "name", name)).asLong();
  }

  long findByUsername(String username) {
    return call("findByUsername", Map.of("username", username)).asLong();
  }

  List<Long> contacts() {
    return ids("contacts");
  }

  void removeContact(long peer) {
    call("removeContact", Map.of("peer", peer));
  }

  /** Returns when the server has acknowledged it: the message id in this account. */
  long send(long peer, String text) {
    return call("send", Map.of("peer", peer, "text", text)).asLong();
  }

  /** Sends without waiting; one after another, messages leave in this order. */
  CompletableFuture<JsonNode> begin(long peer, String text) {
    return driver.ask("send", Map.of("peer", peer, "text", text));
  }

  long send(long peer, String text, Set<Entity> entities) {
    return call("send", Map.of("peer", peer, "text", text, "entities", facts(entities))).asLong();
  }

  long sendSilently(long peer, String text) {
    return call("send", Map.of("peer", peer, "text", text, "silent", true)).asLong();
  }

  long reply(long peer, long replyTo, String text) {
    return call("send", Map.of("peer", peer, "text", text, "replyTo", replyTo)).asLong();
  }

  long quote(long peer, long replyTo, String quote, String text) {
    return call("send", Map.of("peer", peer, "text", text, "replyTo", replyTo, "quote", quote))
        .asLong();
  }

  long forward(long peer, long messageId, long to) {
    return call("forward", Map.of("peer", peer, "messageId", messageId, "to", to)).asLong();
  }

  void edit(long peer, long messageId, String text, Set<Entity> entities) {
    call(
        "edit",
        Map.of("peer", peer, "messageId", messageId, "text", text, "entities", facts(entities)));
  }

  void delete(long peer, List<Long> messageIds, boolean both) {
    call("delete", Map.of("peer", peer, "messageIds", messageIds, "both", both));
  }

  void read(long peer, long messageId) {
    call("read", Map.of("peer", peer, "messageId", messageId));
  }

  void typing(long peer) {
    call("typing", Map.of("peer", peer));
  }

  /** An empty text clears it. */
  void draft(long peer, String text) {
    call("draft", Map.of("peer", peer, "text", text));
  }

  void pin(long peer, long messageId, boolean on) {
    call("pin", Map.of("peer", peer, "messageId", messageId, "on", on));
  }

  void pinDialog(long peer, boolean on) {
    call("pinDialog", Map.of("peer", peer, "on", on));
  }

  void archive(long peer, boolean on) {
    call("archive", Map.of("peer", peer, "on", on));
  }

  /** The whole chat, oldest first. */
  List<Message> history(long peer) {
    List<Message> all = new ArrayList<>();
    call("history", Map.of("peer", peer)).forEach(node -> all.add(message(node)));
    return all;
  }

  /** The message of the chat whose text is {@code text}. */
  Message find(long peer, String text) {
    return history(peer).stream()
        .filter(m -> m.text().equals(text))
        .findFirst()
        .orElseThrow(() -> new AssertionError(kind + " shows no '" + text + "'"));
  }

  boolean shows(long peer, String text) {
    return history(peer).stream().anyMatch(m -> m.text().equals(text));
  }

  List<String> search(long peer, String text) {
    return texts(call("search", Map.of("peer", peer, "text", text)));
  }

  List<String> searchAll(String text) {
    return texts(call("searchAll", Map.of("text", text)));
  }

  void clear(long peer, boolean both) {
    call("clear", Map.of("peer", peer, "both", both));
  }

  List<Dialog> dialogs(boolean archived) {
    List<Dialog> all = new ArrayList<>();
    for (JsonNode node : call("dialogs", Map.of("archived", archived))) {
      all.add(
          new Dialog(
              node.get("peer").asLong(),
              node.path("top").asText(),
              node.get("unread").asInt(),
              node.get("readOutbox").asLong(),
              node.get("pinned").asBoolean(),
              node.get("draft").asText()));
    }
    return all;
  }

  Dialog dialog(long peer) {
    return dialogs(false).stream()
        .filter(dialog -> dialog.peer() == peer)
        .findFirst()
        .orElseThrow(() -> new AssertionError(kind + " has no dialog with " + peer));
  }

  void block(long peer, boolean on) {
    call("block", Map.of("peer", peer, "on", on));
  }

  List<Long> blocked() {
    return ids("blocked");
  }

  void setProfile(String firstName, String lastName, String about) {
    call("setProfile", Map.of("firstName", firstName, "lastName", lastName, "about", about));
  }

  Profile profile(long peer) {
    JsonNode node = call("profile", Map.of("peer", peer));
    return new Profile(
        node.get("firstName").asText(),
        node.get("lastName").asText(),
        node.get("username").asText(),
        node.get("number").asText(),
        node.get("about").asText(),
        node.get("status").asText(),
        node.get("blocked").asBoolean());
  }

  void setOnline(boolean on) {
    call("online", Map.of("on", on));
  }

  /**
   * @param key as TL names it, without {@code privacyKey}
   */
  void setPrivacy(String key, boolean allow) {
    call("setPrivacy", Map.of("key", key, "allow", allow));
  }

  List<Session> sessions() {
    List<Session> all = new ArrayList<>();
    for (JsonNode node : call("sessions", Map.of())) {
      all.add(
          new Session(
              node.get("session").asText(),
              node.get("current").asBoolean(),
              node.get("device").asText()));
    }
    return all;
  }

  void endSession(String id) {
    call("endSession", Map.of("session", id));
  }

  /** Texts from other people in the order in which this client has reported them since it began. */
  List<String> received() {
    return received(driver.events());
  }

  /** Waits for {@code count} messages from others since this client began. */
  List<String> awaitReceived(int count) {
    driver.await(count + " messages", all -> received(all).size() >= count);
    return received();
  }

  /** Waits until it shows a message of its own account that another device sent. */
  void awaitSent(String text) {
    awaitMessage("its own '" + text + "'", true, m -> m.text().equals(text));
  }

  /** Waits for a message from another that fits {@code which}. */
  Message awaitMessage(String what, Predicate<Message> which) {
    return awaitMessage(what, false, which);
  }

  private Message awaitMessage(String what, boolean out, Predicate<Message> which) {
    return message(await("message", what, e -> isMessage(e, out) && which.test(message(e))));
  }

  /** Waits until it shows that the other side has read its message {@code messageId}. */
  void awaitRead(long messageId) {
    await(
        "read",
        "a read receipt for " + messageId,
        e -> e.get("outbox").asBoolean() && e.get("maxId").asLong() >= messageId);
  }

  /** Waits until it has told {@code name} of a kind that fits. */
  JsonNode await(String name, String what, Predicate<JsonNode> fits) {
    if (!events.contains(name)) {
      throw new TestAbortedException(kind + " does not tell " + name);
    }
    Predicate<JsonNode> which = e -> e.get("event").asText().equals(name) && fits.test(e);
    driver.await(what, all -> all.stream().anyMatch(which));
    return driver.events().stream().filter(which).findFirst().orElseThrow();
  }

  /** What its own log complained of: each notes what is not as it should be. */
  String complaints() {
    return driver
        .complaints()
        .lines()
        .map(line -> COLOUR.matcher(line).replaceAll(""))
        .filter(line -> !OWN_SLIPS.matcher(line).matches())
        .reduce("", (all, line) -> all + line + "\n");
  }

  @Override
  public void close() {
    driver.close();
  }

  private JsonNode call(String command, Map<String, ?> facts) {
    if (!commands.contains(command)) {
      throw new TestAbortedException(kind + " cannot " + command);
    }
    return driver.call(command, facts);
  }

  private List<Long> ids(String command) {
    List<Long> all = new ArrayList<>();
    call(command, Map.of()).forEach(node -> all.add(node.asLong()));
    return all;
  }

  private static List<String> texts(JsonNode nodes) {
    List<String> all = new ArrayList<>();
    nodes.forEach(node -> all.add(node.asText()));
    return all;
  }

  private static List<Map<String, Object>> facts(Set<Entity> entities) {
    return entities.stream().map(Entity::facts).toList();
  }

  private static List<String> received(List<JsonNode> events) {
    return events.stream()
        .filter(e -> isMessage(e, false) && e.get("from").asLong() != SERVICE)
        .map(e -> e.get("text").asText())
        .toList();
  }

  private static boolean isMessage(JsonNode event, boolean out) {
    return event.get("event").asText().equals("message")
        && event.get("out").asBoolean() == out
        && !event.get("service").asBoolean();
  }

  private static Message message(JsonNode node) {
    Set<Entity> entities = new HashSet<>();
    for (JsonNode entity : node.path("entities")) {
      entities.add(
          new Entity(
              entity.get("type").asText(),
              entity.get("offset").asInt(),
              entity.get("length").asInt(),
              entity.path("url").asText()));
    }
    return new Message(
        node.get("messageId").asLong(),
        node.path("from").asLong(),
        node.path("out").asBoolean(),
        node.get("text").asText(),
        node.path("service").asBoolean(),
        node.path("pinned").asBoolean(),
        node.path("edited").asBoolean(),
        entities,
        node.path("replyTo").asLong(),
        node.path("quote").isNull() ? "" : node.path("quote").asText(),
        node.path("forwardedFrom").asLong());
  }
}

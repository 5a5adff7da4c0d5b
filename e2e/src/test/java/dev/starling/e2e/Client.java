package dev.starling.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** A client nobody here wrote, as a person uses it. */
final class Client implements AutoCloseable {
  /** Which client, and how it reaches the server. */
  enum Kind {
    MTCUTE("mtcute.mjs"),
    MTCUTE_SECRET("mtcute.mjs"),
    MTCUTE_PADDED("mtcute.mjs"),
    TDLIB_SECRET("tdlib.mjs"),
    TDLIB_PADDED("tdlib.mjs");

    private final String program;

    Kind(String program) {
      this.program = program;
    }
  }

  /** A message as this client shows it. */
  record Message(long messageId, boolean out, String text) {}

  /** A line of the chat list. */
  record Dialog(long peer, String top, int unread, long readOutbox) {}

  private final Driver driver;
  private final boolean isTdlib;
  private final Map<String, Object> address;

  /**
   * @param home where the clients of a server keep what they keep, each in a folder of its {@code
   *     name}
   */
  Client(Kind kind, Server server, Path home, String name) throws IOException {
    driver = new Driver(kind.program);
    isTdlib = kind.program.equals("tdlib.mjs");
    Server.Ready ready = server.ready();
    address = new HashMap<>();
    address.put("address", ready.address());
    address.put("port", ready.port());
    switch (kind) {
      case MTCUTE -> {}
      case MTCUTE_SECRET, TDLIB_SECRET -> address.put("secret", ready.secret());
      case MTCUTE_PADDED, TDLIB_PADDED -> address.put("secret", ready.padded());
    }
    if (isTdlib) {
      Path library = ClientPackages.tdlib(home, server.publicKey());
      address.put("library", library.toString());
      address.put("folder", home.resolve(name).toString());
    } else {
      address.put("publicKey", server.publicKey());
    }
    goOnline();
  }

  /** Also after {@link #goOffline()}: comes back with what it knew. */
  void goOnline() {
    driver.call("start", address);
  }

  void goOffline() {
    driver.call("stop", Map.of());
  }

  /** Its own account id. */
  long signIn(Server.Account account) {
    return signIn(account.number(), account.code());
  }

  long signIn(String number, String code) {
    return driver.call("signIn", Map.of("number", number, "code", code)).asLong();
  }

  /** For an account without a name yet: TDLib signs up with {@code name}. */
  long signUp(Server.Account account, String name) {
    return driver
        .call("signIn", Map.of("number", account.number(), "code", account.code(), "name", name))
        .asLong();
  }

  void setUsername(String username) {
    driver.call("setUsername", Map.of("username", username));
  }

  long findByNumber(String number) {
    return driver.call("findByNumber", Map.of("number", number)).asLong();
  }

  long findByUsername(String username) {
    return driver.call("findByUsername", Map.of("username", username)).asLong();
  }

  /** Returns when the server has acknowledged it: the message id in this account. */
  long send(long peer, String text) {
    return driver.call("send", Map.of("peer", peer, "text", text)).asLong();
  }

  /** Sends without waiting; one after another, messages leave in this order. */
  CompletableFuture<JsonNode> begin(long peer, String text) {
    return driver.ask("send", Map.of("peer", peer, "text", text));
  }

  void read(long peer, long messageId) {
    driver.call("read", Map.of("peer", peer, "messageId", messageId));
  }

  /** The whole chat, oldest first. */
  List<Message> history(long peer) {
    List<Message> all = new ArrayList<>();
    driver.call("history", Map.of("peer", peer)).forEach(node -> all.add(message(node)));
    return all;
  }

  Dialog dialog(long peer) {
    for (JsonNode node : driver.call("dialogs", Map.of())) {
      if (node.get("peer").asLong() == peer) {
        return new Dialog(
            peer,
            node.path("top").asText(),
            node.get("unread").asInt(),
            node.get("readOutbox").asLong());
      }
    }
    throw new AssertionError("no dialog with " + peer);
  }

  /** Texts from others in the order in which this client has reported them since it began. */
  List<String> received() {
    return received(driver.events());
  }

  /** Waits until it shows a message of its own account that another device sent. */
  void awaitSent(String text) {
    driver.await(
        "its own '" + text + "'",
        events ->
            events.stream()
                .anyMatch(e -> isMessage(e, true) && e.get("text").asText().equals(text)));
  }

  /**
   * What TDLib's own log complained of: it notes every object that is not as it should be. Nothing
   * for mtcute, which computes one auth key in 256 wrongly, says so and tries again.
   */
  String complaints() {
    return isTdlib ? driver.complaints() : "";
  }

  /** Waits for {@code count} messages from others since this client began. */
  List<String> awaitReceived(int count) {
    driver.await(count + " messages", events -> received(events).size() >= count);
    return received();
  }

  /** Waits until it shows that the other side has read its message {@code messageId}. */
  void awaitRead(long messageId) {
    driver.await(
        "a read receipt for " + messageId,
        events ->
            events.stream()
                .anyMatch(
                    e ->
                        e.get("event").asText().equals("read")
                            && e.get("outbox").asBoolean()
                            && e.get("maxId").asLong() >= messageId));
  }

  @Override
  public void close() {
    driver.close();
  }

  private static List<String> received(List<JsonNode> events) {
    return events.stream()
        .filter(e -> isMessage(e, false))
        .map(e -> e.get("text").asText())
        .toList();
  }

  private static boolean isMessage(JsonNode event, boolean out) {
    return event.get("event").asText().equals("message") && event.get("out").asBoolean() == out;
  }

  private static Message message(JsonNode node) {
    return new Message(
        node.get("messageId").asLong(), node.get("out").asBoolean(), node.get("text").asText());
  }
}

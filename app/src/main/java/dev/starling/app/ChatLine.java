package dev.starling.app;

import java.util.Locale;

/** What a line typed in the chat means. */
sealed interface ChatLine {
  /** A text for the open chat. */
  record Say(String text) implements ChatLine {}

  record Nothing() implements ChatLine {}

  /** Answers the message that is shown with this number. */
  record Reply(int number, String text) implements ChatLine {}

  /** Changes what one's own message says. */
  record Edit(int number, String text) implements ChatLine {}

  /** Takes a message back, on both sides. */
  record Delete(int number) implements ChatLine {}

  /** Opens a chat with {@code @username}, {@code +number}, a name, or a place in the list. */
  record To(String whom) implements ChatLine {}

  record ListChats() implements ChatLine {}

  /** Shows so many of the newest messages, 1 to {@value #HISTORY_MAX}. */
  record History(int many) implements ChatLine {}

  record Contacts() implements ChatLine {}

  record Name(String first, String last) implements ChatLine {}

  record Username(String username) implements ChatLine {}

  record LogOut() implements ChatLine {}

  record Help() implements ChatLine {}

  record Quit() implements ChatLine {}

  /** The line is no command; {@code why} says what would be one. */
  record Wrong(String why) implements ChatLine {}

  int HISTORY_DEFAULT = 20;

  /** What the server gives in one answer. */
  int HISTORY_MAX = 100;

  String HELP =
      """
      /to @name, /to +888...   talk to somebody, also by a name or number of the list
      /list                    your chats
      /history [N]             the last N messages of the open chat
      /reply N text            answer message N of the open chat; its number stands before it
      /edit N text             change what your message N says
      /delete N                delete message N, on both sides
      /contacts                whom you know here
      /name First [Last]       change your name
      /username name           let others find you as @name
      /logout                  sign this session out and leave
      /quit                    leave; the session is kept
      Any other line is sent to the open chat; to send one that begins with /, write //.\
      """;

  static ChatLine parse(String line) {
    String text = line.strip();
    if (text.isEmpty()) {
      return new Nothing();
    }
    if (!text.startsWith("/")) {
      return new Say(text);
    }
    if (text.startsWith("//")) {
      return new Say(text.substring(1));
    }
    String[] words = text.split("\\s+", 2);
    String rest = words.length > 1 ? words[1] : "";
    return switch (words[0].toLowerCase(Locale.ROOT)) {
      case "/to" -> rest.isEmpty() ? new Wrong("to whom? /to @name or /to +888...") : new To(rest);
      case "/list" -> new ListChats();
      case "/history" -> history(rest);
      case "/reply", "/edit", "/delete" -> numbered(words[0].toLowerCase(Locale.ROOT), rest);
      case "/contacts" -> new Contacts();
      case "/name" -> name(rest);
      case "/username" ->
          rest.isEmpty()
              ? new Wrong("which? /username name")
              : new Username(rest.startsWith("@") ? rest.substring(1) : rest);
      case "/logout" -> new LogOut();
      case "/help" -> new Help();
      case "/quit", "/exit" -> new Quit();
      default ->
          new Wrong("there is no " + Harmless.line(words[0]) + ": /help tells what there is");
    };
  }

  private static ChatLine history(String many) {
    if (many.isEmpty()) {
      return new History(HISTORY_DEFAULT);
    }
    try {
      return new History(Math.clamp(Integer.parseInt(many), 1, HISTORY_MAX));
    } catch (NumberFormatException _) {
      return new Wrong("how many? /history 20");
    }
  }

  private static ChatLine numbered(String command, String rest) {
    String[] parts = rest.split("\\s+", 2);
    String number = parts[0].startsWith("#") ? parts[0].substring(1) : parts[0];
    boolean isNumber = number.matches("[1-9][0-9]{0,8}");
    boolean hasText = parts.length > 1 && !parts[1].isBlank();
    boolean deletes = command.equals("/delete");
    if (!isNumber || hasText == deletes) {
      return new Wrong("which? " + command + (deletes ? " 12" : " 12 text"));
    }
    int id = Integer.parseInt(number);
    return switch (command) {
      case "/reply" -> new Reply(id, parts[1]);
      case "/edit" -> new Edit(id, parts[1]);
      default -> new Delete(id);
    };
  }

  private static ChatLine name(String name) {
    String[] parts = name.split("\\s+", 2);
    return name.isEmpty()
        ? new Wrong("which? /name First Last")
        : new Name(parts[0], parts.length > 1 ? parts[1] : "");
  }
}

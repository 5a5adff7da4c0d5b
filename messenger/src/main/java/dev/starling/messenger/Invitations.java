package dev.starling.messenger;

import dev.starling.tl.api.AnyMessageEntity;
import dev.starling.tl.api.MessageEntityBotCommand;
import dev.starling.tl.api.MessageEntityCode;
import dev.starling.tl.row.AccountRow;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Who is in brings in others: {@code /invite Name} to the service is answered by a number and a
 * one-time code. Who invited whom is written down nowhere, as it would be a list of friends for
 * whoever seizes the disk or coerces the operator; the limits count under HMACs, and the number
 * stands in the inviter's own chat only, where it can be deleted.
 */
final class Invitations implements Chats.ServiceInbox {
  private static final Pattern COMMAND =
      Pattern.compile("/(?<verb>invite|help|start)(?:\\s+(?<name>.*))?", Pattern.DOTALL);

  private final Accounts accounts;
  private final Login login;
  private final Limits limits;
  private final Chats chats;

  Invitations(Accounts accounts, Login login, Limits limits, Chats chats) {
    this.accounts = accounts;
    this.login = login;
    this.limits = limits;
    this.chats = chats;
  }

  @Override
  public void heard(long from, String text) {
    Matcher command = COMMAND.matcher(text.strip());
    if (!command.matches()) {
      return; // the service is no one to talk with
    }
    if (command.group("verb").equals("invite")) {
      String name = command.group("name");
      invite(from, name == null ? "" : name.strip());
    } else {
      say(from, "/invite Name gives you a number and a one-time code for somebody new.", "/invite");
    }
  }

  private void invite(long from, String name) {
    if (name.length() > LoginMethods.NAME_LENGTH_MAX
        || name.chars().anyMatch(Character::isISOControl)) {
      say(from, "A name is one line of at most 64 characters: /invite Name", "/invite");
      return;
    }
    int wait = limits.spend(Limit.INVITE_BY_ACCOUNT, from);
    if (wait > 0) {
      say(
          from,
          "You have invited %d today, as many as one may. Ask again in %s."
              .formatted(Limit.INVITE_BY_ACCOUNT.most, spelled(wait)));
      return;
    }
    wait = limits.spend(Limit.INVITE_OF_SERVICE, "all");
    if (wait > 0) {
      say(from, "Too many were invited here today. Ask again in %s.".formatted(spelled(wait)));
      return;
    }
    AccountRow invited = accounts.create(name);
    String number = "+" + invited.phone();
    String code = login.newCode(invited.id());
    say(
        from,
        "%s may sign in once within 24 hours:\n\nNumber: %s\nCode: %s\n\n"
                .formatted(name.isEmpty() ? "Somebody new" : name, number, code)
            + "Pass both on by a way that you trust, then delete this message: nothing else here"
            + " says that you know each other.",
        number,
        code);
  }

  private static String spelled(int seconds) {
    return seconds >= 7200 ? seconds / 3600 + 1 + " hours" : seconds / 60 + 1 + " minutes";
  }

  /** Says something in which clients copy, or send, the given pieces at a touch. */
  private void say(long to, String text, String... pieces) {
    List<AnyMessageEntity> entities = new ArrayList<>();
    for (String piece : pieces) {
      int at = text.lastIndexOf(piece);
      entities.add(
          piece.startsWith("/")
              ? new MessageEntityBotCommand(at, piece.length())
              : new MessageEntityCode(at, piece.length()));
    }
    chats.fromService(to, text, entities);
  }
}

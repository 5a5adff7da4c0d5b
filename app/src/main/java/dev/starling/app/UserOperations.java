package dev.starling.app;

import dev.starling.messenger.Accounts;
import dev.starling.messenger.Deletion;
import dev.starling.messenger.Login;
import dev.starling.tl.row.AccountRow;
import java.util.Map;

/** Who may sign in. There is no SMS: the operator hands out numbers and one-time codes. */
final class UserOperations {
  /** "First name: 1 to 64 characters" (core.telegram.org/method/auth.signUp). */
  private static final int NAME_MAX = 64;

  private final Accounts accounts;
  private final Login login;
  private final Deletion deletion;

  UserOperations(Accounts accounts, Login login, Deletion deletion) {
    this.accounts = accounts;
    this.login = login;
    this.deletion = deletion;
  }

  void register(Operations operations) {
    operations
        .on("user.add", this::add)
        .on("user.list", this::list)
        .on("user.code", this::code)
        .on("user.delete", this::delete);
  }

  private Map<String, Object> add(Map<String, Object> request) {
    String name = Operations.text(request, "name").strip();
    if (name.codePointCount(0, name.length()) > NAME_MAX) {
      throw new Problem("a name has at most " + NAME_MAX + " characters: take a shorter one");
    }
    if (name.chars().anyMatch(Character::isISOControl)) {
      throw new Problem("a name has no line breaks and other control characters: leave them out");
    }
    return credentials(accounts.create(name));
  }

  private Map<String, Object> code(Map<String, Object> request) {
    return credentials(named(request));
  }

  private Map<String, Object> delete(Map<String, Object> request) {
    AccountRow account = named(request);
    deletion.delete(account.id());
    return Json.object("id", account.id(), "number", number(account));
  }

  private AccountRow named(Map<String, Object> request) {
    String number = Operations.text(request, "number");
    AccountRow account = accounts.byNumber(number);
    if (account == null) {
      throw new Problem("nobody here has the number %s: user list tells all".formatted(number));
    }
    return account;
  }

  private Map<String, Object> credentials(AccountRow account) {
    return Json.object(
        "id", account.id(), "number", number(account), "code", login.newCode(account.id()));
  }

  private Map<String, Object> list(Map<String, Object> request) {
    return Json.object("users", accounts.list().stream().map(UserOperations::describe).toList());
  }

  private static Map<String, Object> describe(AccountRow account) {
    String username = account.username();
    return Json.object(
        "id", account.id(),
        "number", number(account),
        "name", (account.firstName() + " " + account.lastName()).strip(),
        "username", username == null ? "" : username);
  }

  private static String number(AccountRow account) {
    return "+" + account.phone();
  }
}

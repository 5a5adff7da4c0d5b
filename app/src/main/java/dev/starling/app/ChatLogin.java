package dev.starling.app;

import dev.starling.client.Account;
import dev.starling.client.Account.Asked;
import dev.starling.client.Account.SignIn;
import dev.starling.client.RpcException;
import dev.starling.tl.api.User;
import org.jspecify.annotations.Nullable;

/** Asks who is there: number, code and, of a new person, a name. */
record ChatLogin(ChatScreen screen, Account account) {
  /** The server spends a code after five wrong ones. */
  private static final int ATTEMPTS_MAX = 3;

  /**
   * Signs in.
   *
   * @param given null to ask for it
   */
  User run(@Nullable String given) {
    String number = given == null ? ask("Your number (+888...):") : given;
    Asked asked = askCode(number);
    for (int attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
      SignIn outcome = account.signIn(asked, ask("Your code:"));
      if (outcome instanceof SignIn.NameRequired) {
        outcome = signUp(asked);
      }
      if (outcome instanceof SignIn.Done(User me)) {
        return me;
      }
      screen.show("That code is wrong, spent or too old.");
    }
    throw new Problem(
        "no code was right: ask the operator for another (starling user code NUMBER), then try"
            + " again");
  }

  private Asked askCode(String number) {
    try {
      return account.askCode(number);
    } catch (RpcException e) {
      if (e.error().startsWith("PHONE_NUMBER_")) {
        throw new Problem("that is no number: the operator's starling user add prints one", e);
      }
      throw e;
    }
  }

  private SignIn signUp(Asked asked) {
    String[] name = ask("Your name:").strip().split("\\s+", 2);
    return account.signUp(asked, name[0], name.length > 1 ? name[1] : "");
  }

  private String ask(String question) {
    String answer = screen.ask(question);
    if (answer == null) {
      throw new Problem("not signed in: the input ended");
    }
    return answer.strip();
  }
}

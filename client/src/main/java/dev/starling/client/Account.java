package dev.starling.client;

import dev.starling.tl.api.AccountUpdateProfile;
import dev.starling.tl.api.AccountUpdateUsername;
import dev.starling.tl.api.AnyAuthAuthorization;
import dev.starling.tl.api.AnyAuthSentCode;
import dev.starling.tl.api.AnyDialog;
import dev.starling.tl.api.AnyInputPeer;
import dev.starling.tl.api.AnyMessage;
import dev.starling.tl.api.AnyMessagesDialogs;
import dev.starling.tl.api.AnyMessagesMessages;
import dev.starling.tl.api.AnyUser;
import dev.starling.tl.api.AuthAuthorization;
import dev.starling.tl.api.AuthAuthorizationSignUpRequired;
import dev.starling.tl.api.AuthLogOut;
import dev.starling.tl.api.AuthSendCode;
import dev.starling.tl.api.AuthSentCode;
import dev.starling.tl.api.AuthSignIn;
import dev.starling.tl.api.AuthSignUp;
import dev.starling.tl.api.CodeSettings;
import dev.starling.tl.api.ContactsContacts;
import dev.starling.tl.api.ContactsGetContacts;
import dev.starling.tl.api.ContactsResolvePhone;
import dev.starling.tl.api.ContactsResolveUsername;
import dev.starling.tl.api.ContactsResolvedPeer;
import dev.starling.tl.api.Dialog;
import dev.starling.tl.api.InputMessageID;
import dev.starling.tl.api.InputPeerEmpty;
import dev.starling.tl.api.InputUserSelf;
import dev.starling.tl.api.Message;
import dev.starling.tl.api.MessagesDialogs;
import dev.starling.tl.api.MessagesDialogsSlice;
import dev.starling.tl.api.MessagesGetDialogs;
import dev.starling.tl.api.MessagesGetHistory;
import dev.starling.tl.api.MessagesGetMessages;
import dev.starling.tl.api.MessagesMessages;
import dev.starling.tl.api.MessagesMessagesSlice;
import dev.starling.tl.api.PeerUser;
import dev.starling.tl.api.User;
import dev.starling.tl.api.UsersGetUsers;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Who one is at the service, and whom one knows there. All calls block. */
public final class Account {
  /** What became of a code or a name. */
  public sealed interface SignIn {
    /** Done: the auth key now speaks for this account. */
    record Done(User me) implements SignIn {}

    /** The code was right; the account has no name yet: {@link Account#signUp} gives it one. */
    record NameRequired() implements SignIn {}

    /** The code was wrong, spent or too old: {@code PHONE_CODE_INVALID} and its like. */
    record CodeRefused(String error) implements SignIn {}
  }

  /** A code has been asked for. */
  public record Asked(String number, String codeHash) {}

  /** A private chat, and its newest message. */
  public record Chat(User with, Dialog dialog, @Nullable Message newest) {}

  private static final String CODE_ERRORS = "PHONE_CODE_";

  private final Calls calls;
  private final Device device;
  private final People people;

  public Account(Calls calls, Device device, People people) {
    this.calls = calls;
    this.device = device;
    this.people = people;
  }

  /** Oneself; empty when the auth key is signed in nowhere. */
  public Optional<User> me() {
    try {
      return calls.call(new UsersGetUsers(List.of(new InputUserSelf()))).stream()
          .map(this::known)
          .findFirst();
    } catch (RpcException e) {
      if (e.code() == 401) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /**
   * Begins to sign in.
   *
   * @throws RpcException {@code PHONE_NUMBER_INVALID} and its like
   */
  public Asked askCode(String number) {
    AnyAuthSentCode sent =
        calls.call(new AuthSendCode(number, device.apiId(), device.apiHash(), CodeSettings.of()));
    return switch (sent) {
      case AuthSentCode code -> new Asked(number, code.phoneCodeHash());
      default -> throw unexpected("auth.sentCode");
    };
  }

  /** Shows the code. */
  public SignIn signIn(Asked asked, String code) {
    try {
      AuthSignIn signIn = AuthSignIn.of(asked.number, asked.codeHash).withPhoneCode(code);
      return signedIn(calls.call(signIn));
    } catch (RpcException e) {
      if (e.error().startsWith(CODE_ERRORS)) {
        return new SignIn.CodeRefused(e.error());
      }
      throw e;
    }
  }

  /** After {@link SignIn.NameRequired}. */
  public SignIn signUp(Asked asked, String firstName, String lastName) {
    return signedIn(calls.call(AuthSignUp.of(asked.number, asked.codeHash, firstName, lastName)));
  }

  private SignIn signedIn(AnyAuthAuthorization answer) {
    return switch (answer) {
      case AuthAuthorization in -> new SignIn.Done(known(in.user()));
      case AuthAuthorizationSignUpRequired _ -> new SignIn.NameRequired();
    };
  }

  /** The auth key stays, signed in nowhere. */
  public void signOut() {
    calls.call(new AuthLogOut());
  }

  public User rename(String firstName, String lastName) {
    return known(
        calls.call(AccountUpdateProfile.of().withFirstName(firstName).withLastName(lastName)));
  }

  /** Takes a username; "" gives it up. */
  public User setUsername(String username) {
    return known(calls.call(new AccountUpdateUsername(username)));
  }

  /** Who has that number; empty when nobody has, or does not let it be found. */
  public Optional<User> byNumber(String number) {
    return found(() -> calls.call(new ContactsResolvePhone(number)), "PHONE_NOT_OCCUPIED");
  }

  /** Who has that username, written with or without its @. */
  public Optional<User> byUsername(String username) {
    String bare = username.startsWith("@") ? username.substring(1) : username;
    return found(() -> calls.call(ContactsResolveUsername.of(bare)), "USERNAME_NOT_OCCUPIED");
  }

  private Optional<User> found(Supplier<ContactsResolvedPeer> search, String nobody) {
    try {
      ContactsResolvedPeer found = search.get();
      people.add(found.users());
      return found.peer() instanceof PeerUser(long id)
          ? Optional.ofNullable(people.byId(id))
          : Optional.empty();
    } catch (RpcException e) {
      if (e.error().equals(nobody)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  public List<User> contacts() {
    if (!(calls.call(new ContactsGetContacts(0)) instanceof ContactsContacts found)) {
      throw unexpected("contacts.contacts");
    }
    people.add(found.users());
    return found.contacts().stream()
        .map(contact -> people.byId(contact.userId()))
        .filter(Objects::nonNull)
        .toList();
  }

  /** The private chats, the one with the newest message first. */
  public List<Chat> chats(int limit) {
    AnyMessagesDialogs answer =
        calls.call(MessagesGetDialogs.of(0, 0, new InputPeerEmpty(), limit, 0));
    return switch (answer) {
      case MessagesDialogs d -> chats(d.dialogs(), d.messages(), d.users());
      case MessagesDialogsSlice d -> chats(d.dialogs(), d.messages(), d.users());
      default -> throw unexpected("messages.dialogs");
    };
  }

  private List<Chat> chats(
      List<AnyDialog> dialogs, List<AnyMessage> messages, List<AnyUser> users) {
    people.add(users);
    List<Chat> chats = new ArrayList<>();
    for (AnyDialog any : dialogs) {
      if (any instanceof Dialog dialog && dialog.peer() instanceof PeerUser(long id)) {
        User with = people.byId(id);
        if (with != null) {
          chats.add(new Chat(with, dialog, newest(dialog, messages)));
        }
      }
    }
    return chats;
  }

  private static @Nullable Message newest(Dialog dialog, List<AnyMessage> messages) {
    for (AnyMessage any : messages) {
      if (any instanceof Message message && message.id() == dialog.topMessage()) {
        return message;
      }
    }
    return null;
  }

  /** The last messages of a chat, oldest first. */
  public List<Message> history(AnyInputPeer with, int limit) {
    AnyMessagesMessages answer = calls.call(new MessagesGetHistory(with, 0, 0, 0, limit, 0, 0, 0));
    List<AnyMessage> page =
        switch (answer) {
          case MessagesMessages m -> heard(m.messages(), m.users());
          case MessagesMessagesSlice m -> heard(m.messages(), m.users());
          default -> throw unexpected("messages.messages");
        };
    return page.reversed().stream()
        .filter(Message.class::isInstance)
        .map(Message.class::cast)
        .toList();
  }

  /** Whether a message is in the chat with somebody. */
  public boolean isIn(User with, int messageId) {
    AnyMessagesMessages answer =
        calls.call(new MessagesGetMessages(List.of(new InputMessageID(messageId))));
    List<AnyMessage> found =
        answer instanceof MessagesMessages m ? heard(m.messages(), m.users()) : List.of();
    return found.size() == 1
        && found.getFirst() instanceof Message message
        && message.peerId().equals(new PeerUser(with.id()));
  }

  private List<AnyMessage> heard(List<AnyMessage> messages, List<AnyUser> users) {
    people.add(users);
    return messages;
  }

  private User known(AnyUser any) {
    if (!(any instanceof User user)) {
      throw unexpected("user");
    }
    people.add(List.of(user));
    return user;
  }

  private static ClientException unexpected(String wanted) {
    return new ClientException(
        ClientException.Reason.FAILED, "the server answered something other than " + wanted);
  }
}

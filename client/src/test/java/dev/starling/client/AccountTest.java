package dev.starling.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.starling.client.Account.Asked;
import dev.starling.client.Account.SignIn;
import dev.starling.tl.TlMethod;
import dev.starling.tl.api.AuthAuthorization;
import dev.starling.tl.api.AuthAuthorizationSignUpRequired;
import dev.starling.tl.api.AuthSendCode;
import dev.starling.tl.api.AuthSentCode;
import dev.starling.tl.api.AuthSentCodeTypeApp;
import dev.starling.tl.api.AuthSignIn;
import dev.starling.tl.api.AuthSignUp;
import dev.starling.tl.api.Contact;
import dev.starling.tl.api.ContactsContacts;
import dev.starling.tl.api.ContactsGetContacts;
import dev.starling.tl.api.ContactsResolvePhone;
import dev.starling.tl.api.ContactsResolveUsername;
import dev.starling.tl.api.ContactsResolvedPeer;
import dev.starling.tl.api.InputPeerSelf;
import dev.starling.tl.api.InputPeerUser;
import dev.starling.tl.api.Message;
import dev.starling.tl.api.MessagesGetHistory;
import dev.starling.tl.api.MessagesMessages;
import dev.starling.tl.api.PeerUser;
import dev.starling.tl.api.User;
import dev.starling.tl.api.UsersGetUsers;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class AccountTest implements Calls {
  private static final Device DEVICE = new Device(7, "hash", "model", "system", "1", "en");
  private static final User ME = User.of(1).withSelf(true).withFirstName("Me");
  private static final User BOB =
      User.of(2).withAccessHash(22L).withFirstName("Bob").withLastName("B").withUsername("bob");

  private final People people = new People();
  private final Account account = new Account(this, DEVICE, people);
  private boolean named;
  private boolean signedIn;

  @Override
  public <R> CompletableFuture<R> send(TlMethod<R> method) {
    try {
      @SuppressWarnings("unchecked") // each answers its own kind
      R answer = (R) answer(method);
      return CompletableFuture.completedFuture(answer);
    } catch (RpcException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private Object answer(TlMethod<?> method) {
    return switch (method) {
      case UsersGetUsers _ when signedIn -> List.of(ME);
      case UsersGetUsers _ -> throw new RpcException(401, "AUTH_KEY_UNREGISTERED");
      case AuthSendCode m when m.phoneNumber().isEmpty() ->
          throw new RpcException(400, "PHONE_NUMBER_INVALID");
      case AuthSendCode m -> AuthSentCode.of(new AuthSentCodeTypeApp(5), "hash of " + m.apiId());
      case AuthSignIn m
          when !"12345".equals(m.phoneCode()) || !m.phoneCodeHash().equals("hash of 7") ->
          throw new RpcException(400, "PHONE_CODE_INVALID");
      case AuthSignIn _ when named -> AuthAuthorization.of(ME);
      case AuthSignIn _ -> AuthAuthorizationSignUpRequired.of();
      case AuthSignUp m -> AuthAuthorization.of(ME.withFirstName(m.firstName()));
      case ContactsResolvePhone m when m.phone().equals("+8881") -> bob();
      case ContactsResolvePhone _ -> throw new RpcException(400, "PHONE_NOT_OCCUPIED");
      case ContactsResolveUsername m when m.username().equals("bob") -> bob();
      case ContactsResolveUsername _ -> throw new RpcException(400, "USERNAME_NOT_OCCUPIED");
      case ContactsGetContacts _ ->
          new ContactsContacts(
              List.of(new Contact(2, false), new Contact(9, false)), 0, List.of(BOB));
      case MessagesGetHistory _ ->
          new MessagesMessages(List.of(message(3), message(2)), List.of(), List.of(), List.of(BOB));
      default -> throw new RpcException(500, method.methodName());
    };
  }

  private static ContactsResolvedPeer bob() {
    return new ContactsResolvedPeer(new PeerUser(2), List.of(), List.of(BOB));
  }

  private static Message message(int id) {
    return Message.of(id, new PeerUser(2), 100, "text");
  }

  @Test
  void aCodeSignsIn() {
    named = true;
    assertEquals(Optional.empty(), account.me());
    Asked asked = account.askCode("+8880");
    SignIn.CodeRefused refused =
        assertInstanceOf(SignIn.CodeRefused.class, account.signIn(asked, "54321"));
    assertEquals("PHONE_CODE_INVALID", refused.error());
    assertEquals(new SignIn.Done(ME), account.signIn(asked, "12345"));
    signedIn = true;
    assertEquals(Optional.of(ME), account.me());
  }

  @Test
  void aNewPersonIsAskedForAName() {
    Asked asked = account.askCode("+8880");
    assertInstanceOf(SignIn.NameRequired.class, account.signIn(asked, "12345"));
    SignIn.Done done = assertInstanceOf(SignIn.Done.class, account.signUp(asked, "Ann", ""));
    assertEquals("Ann", done.me().firstName());
  }

  @Test
  void whatIsNoNumberIsRefused() {
    assertThrows(RpcException.class, () -> account.askCode(""));
  }

  @Test
  void peopleAreFoundByNumberAndByName() {
    assertEquals(Optional.of(BOB), account.byNumber("+8881"));
    assertEquals(Optional.empty(), account.byNumber("+8882"));
    assertEquals(Optional.of(BOB), account.byUsername("@bob"));
    assertEquals(Optional.of(BOB), account.byUsername("bob"));
    assertEquals(Optional.empty(), account.byUsername("rob"));
    assertEquals(List.of(BOB), account.contacts());
    assertEquals(BOB, people.byId(2));
  }

  @Test
  void aHistoryBeginsWithTheOldest() {
    List<Integer> ids = account.history(new InputPeerSelf(), 10).stream().map(Message::id).toList();
    assertEquals(List.of(2, 3), ids);
  }

  @Test
  void peopleAreSpokenOfByTheirAccessHash() {
    assertEquals(new InputPeerUser(2, 22), People.input(BOB));
    assertEquals(new InputPeerSelf(), People.input(ME));
    assertEquals("Bob B", People.name(BOB));
    assertEquals("@bob", People.name(BOB.withFirstName(null).withLastName(null)));
    assertEquals("user 1", People.name(User.of(1)));
  }

  @Test
  void reducedUsersReplaceNobody() {
    people.add(List.of(BOB));
    people.add(List.of(BOB.withMin(true).withFirstName("B")));
    assertEquals(BOB, people.byId(2));
  }
}

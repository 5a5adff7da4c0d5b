package dev.starling.messenger;

import dev.starling.mtproto.Env;
import dev.starling.store.KeyRing;
import dev.starling.store.Store;

/** The messenger put together: every method of the API over one store. */
public final class Messenger {
  private final Accounts accounts;
  private final Login login;
  private final MethodTable methods = new MethodTable();

  /**
   * Puts the messenger together.
   *
   * @param store sealed, as rows hold what people wrote
   * @param ring for the keys of sensitive indexes
   */
  public Messenger(
      Store store,
      KeyRing ring,
      AuthKeys authKeys,
      Sessions sessions,
      FrontAddresses addresses,
      Env env) {
    Mailboxes mailboxes = new Mailboxes(store);
    accounts = new Accounts(store, ring, mailboxes, env);
    login = new Login(store, ring, mailboxes, authKeys, env);
    Users users = new Users(accounts, ring);
    Chats chats = new Chats(mailboxes, users, sessions, env);
    Contacts contacts = new Contacts(mailboxes, env);
    new ServiceMethods(addresses, env).register(methods);
    new LoginMethods(login, accounts, users, mailboxes, sessions, env).register(methods);
    new UserMethods(accounts, users, mailboxes).register(methods);
    new ContactMethods(accounts, contacts, users, mailboxes, env).register(methods);
    new ChatMethods(chats, mailboxes, users, env).register(methods);
    new UpdateMethods(mailboxes, users, env).register(methods);
  }

  /** What the gateway asks for every call. */
  public Methods methods() {
    return methods;
  }

  /** Accounts, as the operator manages them. */
  public Accounts accounts() {
    return accounts;
  }

  /** One-time codes, as the operator hands them out. */
  public Login login() {
    return login;
  }
}

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
    Indexes indexes = new Indexes(store, ring);
    Limits limits = new Limits(store, indexes, env);
    Settings settings = new Settings(store);
    Devices devices = new Devices(store, ring, mailboxes, authKeys, sessions, env);
    LoginCodes codes = new LoginCodes(store, ring, env);
    accounts = new Accounts(store, indexes, mailboxes, env);
    login = new Login(ring, mailboxes, devices, codes, limits);
    Users users = new Users(accounts, ring);
    Delivery delivery = new Delivery(mailboxes, users, sessions, env);
    Chats chats = new Chats(delivery);
    Contacts contacts = new Contacts(mailboxes, env);
    new ServiceMethods(addresses, env).register(methods);
    Notices notices = new Notices(accounts, mailboxes, devices, chats, sessions, env);
    new LoginMethods(login, accounts, users, mailboxes, notices, env).register(methods);
    new DeviceMethods(devices, settings, mailboxes, store).register(methods);
    new UserMethods(accounts, users, mailboxes).register(methods);
    new ContactMethods(accounts, contacts, users, mailboxes, env).register(methods);
    new SendMethods(chats, new Forwards(chats, delivery), delivery).register(methods);
    new EditMethods(new Edits(delivery), new MessageDeletions(delivery), delivery)
        .register(methods);
    new HistoryMethods(delivery).register(methods);
    new ReadMethods(new Reads(delivery), delivery).register(methods);
    new DialogMethods(delivery).register(methods);
    new DraftMethods(delivery).register(methods);
    new PinMethods(new Pins(delivery), new DialogOrder(delivery), delivery).register(methods);
    new FilterMethods(delivery).register(methods);
    new MessageSearchMethods(delivery).register(methods);
    new SavedMethods(delivery).register(methods);
    new Blocks(delivery).register(methods);
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

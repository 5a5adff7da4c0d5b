package dev.starling.messenger;

import dev.starling.mtproto.Env;
import dev.starling.store.KeyRing;
import dev.starling.store.Store;
import dev.starling.store.StoreException;
import java.time.Duration;

/** The messenger put together: every method of the API over one store. */
public final class Messenger {
  /** How often it is to be swept: so little at a time that nobody waits for it. */
  public static final Duration SWEEP_EVERY = Duration.ofSeconds(10);

  private final Accounts accounts;
  private final Login login;
  private final Deletion deletion;
  private final MethodTable methods;
  private final Limits limits;
  private final Neglect neglect;

  /**
   * Puts the messenger together.
   *
   * @param store sealed, as rows hold what people wrote
   * @param ring for the keys of sensitive indexes
   * @param operator what the operator has set
   */
  public Messenger(
      Store store,
      KeyRing ring,
      AuthKeys authKeys,
      Sessions sessions,
      FrontAddresses addresses,
      MessengerSettings operator,
      Env env) {
    Mailboxes mailboxes = new Mailboxes(store);
    Indexes indexes = new Indexes(store, ring);
    limits = new Limits(store, indexes, operator, env);
    Settings settings = new Settings(store);
    accounts = new Accounts(store, indexes, mailboxes, operator.serviceName(), env);
    Usernames usernames = new Usernames(accounts, indexes, mailboxes);
    Devices devices = new Devices(store, ring, mailboxes, authKeys, sessions, env);
    methods = new MethodTable(id -> accounts.byId(id) != null, devices::touch);
    login = new Login(ring, mailboxes, devices, new LoginCodes(store, ring, env), limits);
    Privacy privacy = new Privacy(settings, mailboxes, store);
    Presence presence = new Presence(store, mailboxes, env);
    Statuses statuses = new Statuses(presence, privacy, env);
    Users users = new Users(accounts, ring, settings, privacy, statuses);
    Circle circle = new Circle(mailboxes, users, sessions, env);
    Profiles profiles = new Profiles(accounts, users, settings, privacy);
    Delivery delivery = new Delivery(mailboxes, users, sessions, env);
    Archive archive = new Archive(settings, privacy);
    Chats chats = new Chats(delivery, archive);
    Contacts contacts = new Contacts(mailboxes, env);
    deletion =
        new Deletion(
            accounts, usernames, mailboxes, devices, indexes, settings, presence, limits, circle,
            store);
    chats.serviceInbox(new Invitations(accounts, login, limits, chats));
    Notices notices = new Notices(accounts, mailboxes, devices, chats, sessions, env);
    new ServiceMethods(addresses, env).register(methods);
    new LoginMethods(login, accounts, users, mailboxes, notices, env).register(methods);
    DeviceMethods deviceMethods = new DeviceMethods(devices, settings, mailboxes, store);
    deviceMethods.register(methods);
    new ExportMethods(devices, users, mailboxes, env).register(methods);
    new QrLogin(devices, deviceMethods, mailboxes, users, notices, sessions, env).register(methods);
    new AccountMethods(settings, privacy, presence, statuses, circle, deletion, mailboxes)
        .register(methods);
    new PrivacyMethods(privacy, users, statuses, circle, mailboxes, sessions, env)
        .register(methods);
    new NotifyMethods(settings, users, mailboxes, sessions, env).register(methods);
    new UserMethods(
            accounts, usernames, users, profiles, settings, mailboxes, limits, circle, sessions,
            env)
        .register(methods);
    new ContactMethods(accounts, contacts, users, privacy, statuses, mailboxes, sessions, env)
        .register(methods);
    new SearchMethods(accounts, usernames, contacts, users, privacy, mailboxes, limits)
        .register(methods);
    Forwards forwards = new Forwards(chats, delivery);
    forwards.privacy(profiles::forwardName);
    new SendMethods(chats, forwards, delivery).register(methods);
    new EditMethods(new Edits(delivery), new MessageDeletions(delivery), delivery)
        .register(methods);
    new HistoryMethods(delivery).register(methods);
    new ReadMethods(new Reads(delivery, privacy), delivery).register(methods);
    new DialogMethods(delivery).register(methods);
    new DraftMethods(delivery).register(methods);
    new PinMethods(new Pins(delivery, archive), new DialogOrder(delivery), delivery)
        .register(methods);
    new FilterMethods(delivery).register(methods);
    new MessageSearchMethods(delivery).register(methods);
    new SavedMethods(delivery).register(methods);
    new Blocks(delivery).register(methods);
    new UpdateMethods(mailboxes, users, env).register(methods);
    neglect = new Neglect(settings, devices, deletion, mailboxes, store, env);
    deletion.resume();
  }

  /**
   * Takes away a little of what has had its time; to be called every {@link #SWEEP_EVERY}.
   *
   * @throws StoreException if the store does not take it; the next call tries again
   */
  public void sweep() {
    limits.sweep();
    neglect.step();
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

  /** The end of accounts, as the operator brings it about. */
  public Deletion deletion() {
    return deletion;
  }
}

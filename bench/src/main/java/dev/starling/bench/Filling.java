package dev.starling.bench;

import static java.util.Objects.requireNonNull;

import dev.starling.messenger.Answer;
import dev.starling.messenger.AuthKeys;
import dev.starling.messenger.Caller;
import dev.starling.messenger.ClientInfo;
import dev.starling.messenger.Messenger;
import dev.starling.messenger.MessengerSettings;
import dev.starling.messenger.Sessions;
import dev.starling.mtproto.Env;
import dev.starling.store.FileKeyRing;
import dev.starling.store.RocksStore;
import dev.starling.store.SealedStore;
import dev.starling.store.Store;
import dev.starling.tl.Layer;
import dev.starling.tl.TlMethod;
import dev.starling.tl.api.AnyUpdates;
import dev.starling.tl.api.ContactsResolvePhone;
import dev.starling.tl.api.ContactsResolvedPeer;
import dev.starling.tl.api.InputPeerUser;
import dev.starling.tl.api.MessagesSendMessage;
import dev.starling.tl.api.User;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** Sends messages by the methods of a messenger that no gateway stands before. */
final class Filling {
  /** Who sends at once: so many share a sync. */
  private static final int SENDERS = 64;

  private static final String TEXT = "Meet at the old harbour at six, bring nobody. Number ";

  private final Messenger messenger;
  private final SecureRandom random;

  private Filling(Store store, FileKeyRing ring, SecureRandom random) {
    Env env = new Env(InstantSource.system(), random, (_, _) -> () -> {});
    this.random = random;
    this.messenger =
        new Messenger(
            store,
            ring,
            new AuthKeys(store, env),
            new Nobody(),
            (_, _) -> List.of(),
            MessengerSettings.STANDARD,
            env);
  }

  /**
   * Fills the box of {@code owner} in the folder of a server that does not run: the others and it
   * write to each other in turn.
   *
   * @return the first of the others, as the owner knows it
   */
  static InputPeerUser fill(Path data, String owner, List<String> others, int messages)
      throws Exception {
    SecureRandom random = new SecureRandom();
    FileKeyRing ring =
        FileKeyRing.openOrCreate(data.resolve("keys"), data.resolve("store"), random);
    RocksStore rocks = RocksStore.open(data.resolve("store"), data.resolve("native"));
    try (Store store = new SealedStore(rocks, ring, random)) {
      return new Filling(store, ring, random).fill(owner, others, messages);
    }
  }

  private InputPeerUser fill(String owner, List<String> others, int messages) throws Exception {
    Caller me = caller(owner);
    List<Caller> callers = others.stream().map(this::caller).toList();
    List<InputPeerUser> toMe = callers.stream().map(from -> peer(from, owner)).toList();
    List<InputPeerUser> fromMe = others.stream().map(to -> peer(me, to)).toList();
    AtomicInteger next = new AtomicInteger();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < SENDERS; i++) {
        var _ =
            threads.submit(
                () -> {
                  for (int n = next.getAndIncrement(); n < messages; n = next.getAndIncrement()) {
                    int other = n / 2 % others.size();
                    if (n % 2 == 0) {
                      send(callers.get(other), toMe.get(other), n);
                    } else {
                      send(me, fromMe.get(other), n);
                    }
                    if (n % 100_000 == 0) {
                      System.err.printf("written: %d of %d%n", n, messages);
                    }
                  }
                  return null;
                });
      }
    }
    return fromMe.getFirst();
  }

  private Caller caller(String number) {
    long id = requireNonNull(messenger.accounts().byNumber(number)).id();
    return new Caller(0, 0, Layer.NEWEST, 2, id, ClientInfo.UNKNOWN, false);
  }

  private InputPeerUser peer(Caller of, String number) {
    ContactsResolvedPeer found = call(of, new ContactsResolvePhone(number));
    User user = (User) found.users().getFirst();
    return new InputPeerUser(user.id(), requireNonNull(user.accessHash()));
  }

  private void send(Caller from, InputPeerUser to, int number) {
    call(from, MessagesSendMessage.of(to, TEXT + number, random.nextLong()));
  }

  private <R> R call(Caller from, TlMethod<R> method) {
    return switch (messenger.methods().call(from, method)) {
      case Answer.Result<?>(Object value) -> {
        @SuppressWarnings("unchecked") // Methods promises a result of the method's own type
        R result = (R) value;
        yield result;
      }
      case Answer.Refusal<?> refusal -> throw new IllegalStateException(refusal.toString());
    };
  }

  /** Nobody is there to be told. */
  private static final class Nobody implements Sessions {
    @Override
    public void push(long accountId, AnyUpdates updates, long exceptSessionId) {}

    @Override
    public void pushTo(long accountId, long sessionId, AnyUpdates updates) {}

    @Override
    public void tell(long permanentKeyId, long sessionId, AnyUpdates updates) {}

    @Override
    public boolean listens(long accountId, long exceptSessionId) {
      return false;
    }

    @Override
    public void drop(long authKeyId) {}

    @Override
    public void end(long authKeyId) {}
  }
}

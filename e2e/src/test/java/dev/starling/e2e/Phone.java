package dev.starling.e2e;

import dev.starling.client.Account;
import dev.starling.client.ClientException;
import dev.starling.client.Credentials;
import dev.starling.client.Device;
import dev.starling.client.Endpoint;
import dev.starling.client.Event;
import dev.starling.client.Messages;
import dev.starling.client.People;
import dev.starling.client.RpcException;
import dev.starling.client.Settings;
import dev.starling.client.StarlingClient;
import dev.starling.mtproto.Env;
import dev.starling.mtproto.ProxySecret;
import dev.starling.mtproto.PublicKey;
import dev.starling.tl.TlMethod;
import dev.starling.tl.api.InputPeerUser;
import dev.starling.tl.api.Message;
import dev.starling.tl.api.MessagesSendMessage;
import dev.starling.tl.api.UpdatesDifference;
import dev.starling.tl.api.UpdatesDifferenceEmpty;
import dev.starling.tl.api.UpdatesDifferenceSlice;
import dev.starling.tl.api.UpdatesGetDifference;
import dev.starling.tl.api.User;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A device with Starling's own client, for load: it starts in no time, and keeps what it was told.
 */
final class Phone implements AutoCloseable {
  private static final Device DEVICE = new Device(1, "e2e", "e2e", "JVM", "1", "en");

  /** Texts of others, as they were told, each time they were told. */
  final List<String> received = new CopyOnWriteArrayList<>();

  private final RealEnv real = new RealEnv();
  private final Env env = real.env;
  private final StarlingClient client;
  private final Account account;
  private final Messages messages;

  Phone(Server server, Service.Account owner) throws IOException {
    this(server, (Credentials) null);
    if (!(account.signIn(account.askCode(owner.number()), owner.code())
        instanceof Account.SignIn.Done)) {
      throw new AssertionError("the code was refused");
    }
    messages.start(null);
  }

  private Phone(Server server, @Nullable Credentials kept) throws IOException {
    Endpoint endpoint = new Endpoint("127.0.0.1", server.ready().port(), 2, null);
    PublicKey key = PublicKey.fromPem(server.publicKey());
    client = StarlingClient.connect(new Settings(endpoint, List.of(key), DEVICE), kept, env);
    People people = new People();
    account = new Account(client, DEVICE, people);
    messages = new Messages(client, people, new Ear(), env);
    client.listen(messages::hear);
  }

  /** What to come back with, without another sign-in. */
  Credentials credentials() {
    return client.credentials();
  }

  /**
   * Somebody new comes by the key and the secret that were published; fails if that is no way in.
   */
  static void comeBy(Server server, String publicKey, String secret) throws IOException {
    Endpoint endpoint =
        new Endpoint("127.0.0.1", server.ready().port(), 2, ProxySecret.parse(secret));
    PublicKey key = PublicKey.fromPem(publicKey);
    Settings settings = new Settings(endpoint, List.of(key), DEVICE);
    RealEnv passing = new RealEnv();
    try {
      StarlingClient.connect(settings, null, passing.env).close();
    } finally {
      passing.close();
    }
  }

  /** What a server has of the box of somebody who was signed in before. */
  static Told box(Server server, Credentials kept) throws IOException {
    try (Phone phone = new Phone(server, kept)) {
      return phone.everything();
    }
  }

  private final class Ear implements Messages.Listener {
    @Override
    public void message(Message message) {
      if (!message.out()) {
        received.add(message.message());
      }
    }

    @Override
    public void readByUser(long user, int maxId) {}

    @Override
    public void connection(Event event) {}
  }

  /** Another account, as this one may write to it. */
  InputPeerUser find(Service.Account other) {
    User user = account.byNumber(other.number()).orElseThrow();
    return new InputPeerUser(user.id(), Objects.requireNonNull(user.accessHash()));
  }

  /** Returns when the server has acknowledged it, however often it dies meanwhile. */
  void send(InputPeerUser to, String text) throws InterruptedException {
    long randomId = env.random().nextLong();
    for (long left = Child.DEADLINE_SECONDS; ; left--) {
      try {
        messages.send(to, randomId, text);
        return;
      } catch (ClientException | RpcException e) {
        if (left == 0) {
          throw e;
        }
        TimeUnit.SECONDS.sleep(1);
      }
    }
  }

  /** Sends once; answers why the server did not take it, or null. */
  @Nullable RpcException trySend(InputPeerUser to, String text) {
    try {
      call(MessagesSendMessage.of(to, text, env.random().nextLong()));
      return null;
    } catch (RpcException e) {
      return e;
    }
  }

  /** Waits until it was told so many texts. */
  List<String> awaitReceived(int count) throws InterruptedException {
    for (long left = Child.DEADLINE_SECONDS * 100; received.size() < count && left > 0; left--) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
    return List.copyOf(received);
  }

  /** All that ever happened in the box: its messages, and how many events beside its pts. */
  Told everything() {
    List<Message> heard = new ArrayList<>();
    int events = 0;
    for (int pts = 1; ; ) {
      switch (call(UpdatesGetDifference.of(pts, 1, 1))) {
        case UpdatesDifferenceSlice d -> {
          d.newMessages().forEach(m -> heard.add((Message) m));
          events += d.newMessages().size() + d.otherUpdates().size();
          pts = d.intermediateState().pts();
        }
        case UpdatesDifference d -> {
          d.newMessages().forEach(m -> heard.add((Message) m));
          events += d.newMessages().size() + d.otherUpdates().size();
          return told(heard, events, d.state().pts());
        }
        case UpdatesDifferenceEmpty _ -> {
          return told(heard, events, pts);
        }
        default -> throw new AssertionError("too long a difference");
      }
    }
  }

  private static Told told(List<Message> heard, int events, int pts) {
    List<String> texts = heard.stream().map(Message::message).toList();
    return new Told(texts, heard.stream().map(Message::date).toList(), events, pts);
  }

  /**
   * A whole box.
   *
   * @param dates those of the texts
   * @param events all that moved pts
   */
  record Told(List<String> texts, List<Integer> dates, int events, int pts) {}

  private <R> R call(TlMethod<R> method) {
    return client.call(method);
  }

  @Override
  public void close() {
    client.close();
    real.close();
  }
}

package dev.starling.messenger;

import dev.starling.mtproto.Env;
import dev.starling.store.KeyRing;
import dev.starling.store.MemoryStore;
import dev.starling.store.Partition;
import dev.starling.store.Store;
import dev.starling.tl.Layer;
import dev.starling.tl.TlMethod;
import dev.starling.tl.api.AnyInputPeer;
import dev.starling.tl.api.AnyUpdates;
import dev.starling.tl.api.AuthSendCode;
import dev.starling.tl.api.AuthSentCode;
import dev.starling.tl.api.AuthSignIn;
import dev.starling.tl.api.CodeSettings;
import dev.starling.tl.api.ContactsResolvePhone;
import dev.starling.tl.api.InputPeerUser;
import dev.starling.tl.api.User;
import dev.starling.tl.row.AccountRow;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.random.RandomGenerator;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/** A messenger without sockets: its calls, what it pushed, its clock. */
final class World implements KeyRing, Sessions, InstantSource {
  record Push(long account, AnyUpdates updates, long except) {}

  /** What one session alone was told. */
  record Told(long account, long session, AnyUpdates updates) {}

  final List<Push> pushes = new ArrayList<>();
  final List<Long> ended = new ArrayList<>();
  final List<Told> told = new ArrayList<>();
  final Store store;
  final AuthKeys authKeys;
  final Messenger messenger;
  private final RandomGenerator random = new Random(7);
  long now = 1_800_000_000;

  World() {
    this(new MemoryStore());
  }

  /** Another life of the same service over the same rows. */
  World(Store store) {
    this.store = store;
    Env env =
        new Env(
            this,
            random,
            (_, _) -> {
              throw new AssertionError("nothing here waits");
            });
    authKeys = new AuthKeys(store, env);
    messenger =
        new Messenger(
            store, this, authKeys, this, (_, _) -> List.of(), MessengerSettings.STANDARD, env);
  }

  /** A device signed in to an account. */
  final class Device {
    final long account;
    final long session;
    final long authKey;

    /** A device that nobody is signed in on. */
    private Device() {
      byte[] key = new byte[256];
      random.nextBytes(key);
      var auth = new dev.starling.mtproto.AuthKey(key);
      authKeys.create(auth, 2);
      authKey = auth.id();
      session = random.nextLong();
      account = 0;
    }

    Device(AccountRow row) {
      byte[] key = new byte[256];
      random.nextBytes(key);
      var auth = new dev.starling.mtproto.AuthKey(key);
      authKeys.create(auth, 2);
      authKey = auth.id();
      session = random.nextLong();
      String code = messenger.login().newCode(row.id());
      AuthSentCode sent =
          (AuthSentCode) ok(new AuthSendCode(row.phone(), 1, "", CodeSettings.of()));
      ok(AuthSignIn.of(row.phone(), sent.phoneCodeHash()).withPhoneCode(code));
      account = row.id();
    }

    /** A device of another life of the service, over the same rows. */
    Device(Device same) {
      account = same.account;
      session = same.session;
      authKey = same.authKey;
    }

    /** The access_hash that another account has for this one. */
    long hashOf(long id) {
      byte[] pair = ByteBuffer.allocate(16).putLong(account).putLong(id).array();
      return ByteBuffer.wrap(index("access_hash", pair)).getLong();
    }

    Caller caller() {
      return caller(World.this);
    }

    /** The same device in another life of the service. */
    Caller caller(World world) {
      var known = world.authKeys.find(authKey);
      return new Caller(
          authKey,
          session,
          Layer.NEWEST,
          2,
          known == null ? 0 : known.accountId(),
          ClientInfo.UNKNOWN,
          false);
    }

    @SuppressWarnings("unchecked")
    <R> Answer<R> call(TlMethod<R> method) {
      return (Answer<R>) messenger.methods().call(caller(), method);
    }

    <R> R ok(TlMethod<R> method) {
      return switch (call(method)) {
        case Answer.Result<R>(R value) -> value;
        case Answer.Refusal<R>(int code, String message) ->
            throw new AssertionError(code + " " + message);
      };
    }

    /** The peer that another account is for this one. */
    AnyInputPeer peer(Device other) {
      AccountRow row = account(other.account);
      User user = (User) ok(new ContactsResolvePhone(row.phone())).users().getFirst();
      return new InputPeerUser(user.id(), Objects.requireNonNull(user.accessHash()));
    }
  }

  /** The profile of an account that is known to be there. */
  AccountRow account(long id) {
    return Objects.requireNonNull(messenger.accounts().byId(id));
  }

  Device device(String name) {
    return new Device(messenger.accounts().create(name));
  }

  /** A device that nobody is signed in on. */
  Device unsigned() {
    return new Device();
  }

  List<AnyUpdates> pushed(Device device) {
    return pushes.stream().filter(p -> p.account == device.account).map(Push::updates).toList();
  }

  @Override
  public void push(long accountId, AnyUpdates updates, long exceptSessionId) {
    pushes.add(new Push(accountId, updates, exceptSessionId));
  }

  @Override
  public void pushTo(long accountId, long sessionId, AnyUpdates updates) {
    told.add(new Told(accountId, sessionId, updates));
  }

  @Override
  public void tell(long permanentKeyId, long sessionId, AnyUpdates updates) {
    pushes.add(new Push(0, updates, sessionId));
  }

  @Override
  public boolean listens(long accountId, long exceptSessionId) {
    return true;
  }

  @Override
  public void drop(long authKeyId) {}

  @Override
  public void end(long authKeyId) {
    ended.add(authKeyId);
  }

  @Override
  public Instant instant() {
    return Instant.ofEpochSecond(now);
  }

  @Override
  public int newestEpoch() {
    return 1;
  }

  @Override
  public SecretKey partitionKey(int epoch, Partition partition) {
    throw new AssertionError("rows are not sealed here");
  }

  @Override
  public byte[] index(String purpose, byte[] value) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(purpose.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      return mac.doFinal(value);
    } catch (java.security.GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }
}

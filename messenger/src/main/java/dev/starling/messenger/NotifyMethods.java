package dev.starling.messenger;

import dev.starling.mtproto.Env;
import dev.starling.tl.Layer;
import dev.starling.tl.Tl;
import dev.starling.tl.api.AccountGetNotifyExceptions;
import dev.starling.tl.api.AccountGetNotifySettings;
import dev.starling.tl.api.AccountResetNotifySettings;
import dev.starling.tl.api.AccountUpdateNotifySettings;
import dev.starling.tl.api.AnyInputNotifyPeer;
import dev.starling.tl.api.AnyNotifyPeer;
import dev.starling.tl.api.AnyUpdate;
import dev.starling.tl.api.AnyUpdates;
import dev.starling.tl.api.InputNotifyBroadcasts;
import dev.starling.tl.api.InputNotifyChats;
import dev.starling.tl.api.InputNotifyPeer;
import dev.starling.tl.api.InputNotifyUsers;
import dev.starling.tl.api.InputPeerNotifySettings;
import dev.starling.tl.api.NotificationSoundDefault;
import dev.starling.tl.api.NotifyBroadcasts;
import dev.starling.tl.api.NotifyChats;
import dev.starling.tl.api.NotifyPeer;
import dev.starling.tl.api.NotifyUsers;
import dev.starling.tl.api.PeerNotifySettings;
import dev.starling.tl.api.PeerUser;
import dev.starling.tl.api.UpdateNotifySettings;
import dev.starling.tl.api.Updates;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** When a client makes a sound: for each kind of chat, and for single ones. */
final class NotifyMethods {
  private static final String PREFIX = "notify.";
  private static final String PEER = PREFIX + "peer.";

  /** What holds for all private chats. */
  static final String USERS = PREFIX + "users";

  /** A sound may be named by the client at some length; nothing else in it is long. */
  private static final int BYTES_MAX = 1024;

  /** What holds for a whole kind of chats until the account says otherwise. */
  private static final PeerNotifySettings LOUD =
      PeerNotifySettings.of()
          .withShowPreviews(true)
          .withSilent(false)
          .withMuteUntil(0)
          .withIosSound(new NotificationSoundDefault())
          .withAndroidSound(new NotificationSoundDefault())
          .withOtherSound(new NotificationSoundDefault());

  private final Settings settings;
  private final Users users;
  private final Mailboxes mailboxes;
  private final Sessions sessions;
  private final Env env;

  NotifyMethods(Settings settings, Users users, Mailboxes mailboxes, Sessions sessions, Env env) {
    this.settings = settings;
    this.users = users;
    this.mailboxes = mailboxes;
    this.sessions = sessions;
    this.env = env;
  }

  static String ofPeer(long id) {
    return PEER + id;
  }

  void register(MethodTable table) {
    table.on(AccountGetNotifySettings.class, (me, _, m) -> get(me, m.peer()));
    table.on(AccountUpdateNotifySettings.class, this::update);
    table.on(AccountResetNotifySettings.class, (me, _, _) -> reset(me));
    table.on(AccountGetNotifyExceptions.class, this::exceptions);
  }

  /** Which chats are meant: the setting's name and how an update names them. */
  private record Scope(String name, AnyNotifyPeer peer) {}

  private @Nullable Scope scope(long me, AnyInputNotifyPeer input) {
    return switch (input) {
      case InputNotifyUsers _ -> new Scope(USERS, new NotifyUsers());
      case InputNotifyChats _ -> new Scope(PREFIX + "chats", new NotifyChats());
      case InputNotifyBroadcasts _ -> new Scope(PREFIX + "broadcasts", new NotifyBroadcasts());
      case InputNotifyPeer(var peer) -> {
        OptionalLong id = users.resolve(me, peer);
        yield id.isEmpty()
            ? null
            : new Scope(ofPeer(id.getAsLong()), new NotifyPeer(new PeerUser(id.getAsLong())));
      }
      default -> null; // topics and communities: there are none
    };
  }

  private Answer<PeerNotifySettings> get(long me, AnyInputNotifyPeer input) {
    Scope scope = scope(me, input);
    if (scope == null) {
      return Answer.refusal(400, "PEER_ID_INVALID");
    }
    PeerNotifySettings set = settings.get(me, scope.name, PeerNotifySettings.class);
    PeerNotifySettings unset = scope.peer instanceof NotifyPeer ? PeerNotifySettings.of() : LOUD;
    return Answer.result(set == null ? unset : set);
  }

  private Answer<Boolean> update(long me, Caller caller, AccountUpdateNotifySettings m) {
    Scope scope = scope(me, m.peer());
    if (scope == null) {
      return Answer.refusal(400, "PEER_ID_INVALID");
    }
    PeerNotifySettings changed = settings(m.settings());
    if (Tl.encode(changed, Layer.NEWEST).length > BYTES_MAX) {
      return Answer.refusal(400, "SETTINGS_INVALID");
    }
    return mailboxes.with(
        me,
        box -> {
          if (scope.peer instanceof NotifyPeer && changed.equals(PeerNotifySettings.of())) {
            settings.remove(box, List.of(scope.name)); // like all others of its kind again
          } else if (!settings.put(box, scope.name, changed)) {
            return Answer.refusal(400, "SETTINGS_INVALID");
          }
          AnyUpdate update = new UpdateNotifySettings(scope.peer, changed);
          sessions.push(me, updates(box, List.of(update)), caller.sessionId());
          return Answer.result(true);
        });
  }

  private static PeerNotifySettings settings(InputPeerNotifySettings input) {
    return PeerNotifySettings.of()
        .withShowPreviews(input.showPreviews())
        .withSilent(input.silent())
        .withMuteUntil(input.muteUntil())
        .withIosSound(input.sound())
        .withAndroidSound(input.sound())
        .withOtherSound(input.sound())
        .withStoriesMuted(input.storiesMuted())
        .withStoriesHideSender(input.storiesHideSender())
        .withStoriesIosSound(input.storiesSound())
        .withStoriesAndroidSound(input.storiesSound())
        .withStoriesOtherSound(input.storiesSound());
  }

  private Answer<Boolean> reset(long me) {
    return mailboxes.with(
        me,
        box -> {
          settings.remove(
              box,
              settings.all(me).keySet().stream().filter(name -> name.startsWith(PREFIX)).toList());
          return Answer.result(true);
        });
  }

  /** All of them: {@link Settings#SETTINGS_MAX} bounds the answer. */
  private Answer<AnyUpdates> exceptions(long me, Caller caller, AccountGetNotifyExceptions m) {
    boolean others =
        m.peer() instanceof InputNotifyChats || m.peer() instanceof InputNotifyBroadcasts;
    List<AnyUpdate> exceptions = new ArrayList<>();
    settings
        .all(me)
        .forEach(
            (name, value) -> {
              if (!others && name.startsWith(PEER) && value instanceof PeerNotifySettings set) {
                long id = Long.parseLong(name.substring(PEER.length()));
                exceptions.add(new UpdateNotifySettings(new NotifyPeer(new PeerUser(id)), set));
              }
            });
    return Answer.result(mailboxes.with(me, box -> updates(box, exceptions)));
  }

  private AnyUpdates updates(Mailbox box, List<AnyUpdate> updates) {
    List<Long> people = new ArrayList<>();
    for (AnyUpdate update : updates) {
      if (update instanceof UpdateNotifySettings(NotifyPeer(PeerUser(long id)), _)) {
        people.add(id);
      }
    }
    return new Updates(updates, users.views(box, people), List.of(), env.unixSeconds(), 0);
  }
}

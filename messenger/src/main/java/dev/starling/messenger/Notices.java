package dev.starling.messenger;

import dev.starling.mtproto.Env;
import dev.starling.tl.api.AnyMessageEntity;
import dev.starling.tl.api.MessageEntityBold;
import dev.starling.tl.api.UpdateNewAuthorization;
import dev.starling.tl.api.Updates;
import dev.starling.tl.row.AccountRow;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** What the service tells the devices of an account about signing in. */
final class Notices {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("dd/MM/yyyy 'at' HH:mm:ss 'UTC'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private final Accounts accounts;
  private final Mailboxes mailboxes;
  private final Devices devices;
  private final Chats chats;
  private final Sessions sessions;
  private final Env env;

  Notices(
      Accounts accounts,
      Mailboxes mailboxes,
      Devices devices,
      Chats chats,
      Sessions sessions,
      Env env) {
    this.accounts = accounts;
    this.mailboxes = mailboxes;
    this.devices = devices;
    this.chats = chats;
    this.sessions = sessions;
    this.env = env;
  }

  /** The code that signs a further device in. Clients read the digits that follow the colon. */
  void loginCode(long account, String code) {
    tell(
        account,
        "Login code:",
        " %s. Do not give this code to anyone, even if they say they are from %s!"
                .formatted(code, accounts.service().firstName())
            + "\n\nIt signs a new device in to your account. If you did not ask for it on another"
            + " device, do nothing: nobody gets in without it.");
  }

  /** The caller's device is new: the others are told, so that a thief is noticed. */
  void newLogin(long account, Caller caller) {
    long hash =
        mailboxes.with(
            account,
            box -> devices.list(box).size() < 2 ? 0 : devices.hash(box, caller.authKeyId()));
    if (hash == 0) {
      return; // there is no other to be told
    }
    ClientInfo client = caller.client();
    AccountRow row = Objects.requireNonNull(accounts.byId(account));
    tell(
        account,
        "New login.",
        " Dear %s, a new device signed in to your account on %s.\n\nDevice: %s, %s, %s\n\n"
                .formatted(
                    row.firstName(),
                    TIME.format(Instant.ofEpochSecond(env.unixSeconds())),
                    client.appVersion(),
                    client.deviceModel(),
                    client.systemVersion())
            + "If this was not you, end that session in Settings > Devices.");
    // Nothing has to be confirmed here, so the update bears the hash alone.
    var update = UpdateNewAuthorization.of(hash);
    sessions.push(
        account,
        new Updates(List.of(update), List.of(), List.of(), env.unixSeconds(), 0),
        caller.sessionId());
  }

  private void tell(long account, String title, String text) {
    List<AnyMessageEntity> bold = List.of(new MessageEntityBold(0, title.length()));
    chats.fromService(account, title + text, bold);
  }
}

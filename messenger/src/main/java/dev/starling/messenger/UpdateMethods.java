package dev.starling.messenger;

import dev.starling.mtproto.Env;
import dev.starling.tl.api.UpdatesGetDifference;
import dev.starling.tl.api.UpdatesGetState;

/** The state of a box and what a client missed. */
final class UpdateMethods {
  private final Mailboxes mailboxes;
  private final Users users;
  private final Devices devices;
  private final Env env;

  UpdateMethods(Mailboxes mailboxes, Users users, Devices devices, Env env) {
    this.mailboxes = mailboxes;
    this.users = users;
    this.devices = devices;
    this.env = env;
  }

  void register(MethodTable table) {
    table.on(
        UpdatesGetState.class,
        (me, caller, _) -> {
          devices.touch(caller);
          return Answer.result(
              mailboxes.with(me, box -> Differences.state(box, env.unixSeconds())));
        });
    table.on(
        UpdatesGetDifference.class,
        (me, _, m) ->
            Answer.result(
                mailboxes.with(me, box -> Differences.of(box, users, env.unixSeconds(), m))));
  }
}

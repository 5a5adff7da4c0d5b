package dev.starling.messenger;

import dev.starling.mtproto.Env;
import dev.starling.tl.api.UpdatesGetDifference;
import dev.starling.tl.api.UpdatesGetState;

/** The state of a box and what a client missed. */
final class UpdateMethods {
  private final Mailboxes mailboxes;
  private final Users users;
  private final Env env;

  UpdateMethods(Mailboxes mailboxes, Users users, Env env) {
    this.mailboxes = mailboxes;
    this.users = users;
    this.env = env;
  }

  void register(MethodTable table) {
    table.on(
        UpdatesGetState.class,
        (me, _, _) ->
            Answer.result(mailboxes.with(me, box -> Differences.state(box, env.unixSeconds()))));
    table.on(
        UpdatesGetDifference.class,
        (me, _, m) ->
            Answer.result(
                mailboxes.with(me, box -> Differences.of(box, users, env.unixSeconds(), m))));
  }
}

package dev.starling.messenger;

import dev.starling.mtproto.Env;
import dev.starling.tl.api.AnyInputDialogPeer;
import dev.starling.tl.api.AnyInputPeer;
import dev.starling.tl.api.AnyUpdate;
import dev.starling.tl.api.AnyUpdates;
import dev.starling.tl.api.InputDialogPeer;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * How a step on one or two boxes becomes durable and is then told: every session of each box hears
 * the draft's news, but the session whose call it was, which learns them from its answer.
 */
final class Delivery {
  private final Mailboxes mailboxes;
  private final Users users;
  private final Sessions sessions;
  private final Env env;

  Delivery(Mailboxes mailboxes, Users users, Sessions sessions, Env env) {
    this.mailboxes = mailboxes;
    this.users = users;
    this.sessions = sessions;
    this.env = env;
  }

  /** Runs a step on one's own box. */
  <T> T with(long me, Function<Mailbox, T> step) {
    return mailboxes.with(me, step);
  }

  /** Runs a step on one's own box and the peer's; the second is null when the peer is oneself. */
  <T> T with(long me, long peer, BiFunction<Mailbox, @Nullable Mailbox, T> step) {
    return me == peer
        ? mailboxes.with(me, box -> step.apply(box, null))
        : mailboxes.with(me, peer, step);
  }

  /** Runs a step for the account that {@code input} names. */
  <R> Answer<R> at(long me, AnyInputPeer input, LongFunction<Answer<R>> step) {
    OptionalLong peer = users.resolve(me, input);
    return peer.isPresent() ? step.apply(peer.getAsLong()) : Answer.refusal(400, "PEER_ID_INVALID");
  }

  /** As {@link #at(long, AnyInputPeer, LongFunction)}; of dialogs, only those with accounts are. */
  <R> Answer<R> at(long me, AnyInputDialogPeer input, LongFunction<Answer<R>> step) {
    return input instanceof InputDialogPeer(AnyInputPeer peer)
        ? at(me, peer, step)
        : Answer.refusal(400, "PEER_ID_INVALID");
  }

  /** The accounts that {@code inputs} name, each once. */
  Answer<List<Long>> all(long me, List<AnyInputDialogPeer> inputs) {
    Set<Long> peers = new LinkedHashSet<>();
    for (AnyInputDialogPeer input : inputs) {
      if (at(me, input, peer -> Answer.result(peers.add(peer))) instanceof Answer.Refusal<?> no) {
        return Answer.refusal(no.code(), no.message());
      }
    }
    return Answer.result(List.copyOf(peers));
  }

  Draft draft(Mailbox box) {
    return new Draft(box, env.unixSeconds());
  }

  int now() {
    return env.unixSeconds();
  }

  Users users() {
    return users;
  }

  /** Makes a step durable and tells it; {@code session} learns of its own from the answer. */
  void commit(Draft mine, @Nullable Draft theirs, long session) {
    if (theirs == null || theirs.isEmpty()) {
      mailboxes.commit(mine);
    } else {
      mailboxes.commit(mine, theirs);
      push(theirs, 0);
    }
    push(mine, session);
  }

  /**
   * Makes a step durable and tells it, when the call's answer carries no updates: {@code session}
   * is told where pts went, and nothing else.
   */
  void commitAside(Draft mine, long session) {
    commit(mine, null, session);
    if (!mine.carriers().isEmpty()) {
      sessions.pushTo(
          mine.mailbox().id, session, updates(mine.mailbox(), List.of(), mine.carriers()));
    }
  }

  /** Tells {@code account} what is not kept anywhere. */
  void pass(Mailbox account, Collection<Long> people, AnyUpdate update) {
    sessions.push(account.id, updates(account, people, List.of(update)), 0);
  }

  private void push(Draft draft, long except) {
    long account = draft.mailbox().id;
    if (!draft.news().isEmpty() && sessions.listens(account, except)) {
      sessions.push(account, answer(draft), except);
    }
  }

  /** The news of a draft, once it is durable, as the caller's answer. */
  AnyUpdates answer(Draft draft) {
    return updates(draft.mailbox(), draft.people(), draft.news());
  }

  /**
   * Never a short push: several clients answer each with a difference. Users are always complete.
   */
  AnyUpdates updates(Mailbox viewer, Collection<Long> people, List<AnyUpdate> updates) {
    return new dev.starling.tl.api.Updates(
        List.copyOf(updates), users.views(viewer, people), List.of(), viewer.box().date(), 0);
  }
}

package dev.starling.messenger;

import dev.starling.messenger.Chats.Letter;
import dev.starling.messenger.Chats.Outgoing;
import dev.starling.tl.api.AnyInputReplyTo;
import dev.starling.tl.api.AnyUpdates;
import dev.starling.tl.api.Message;
import dev.starling.tl.api.MessagesForwardMessages;
import dev.starling.tl.api.MessagesSendMessage;
import dev.starling.tl.api.PeerUser;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sending of texts, new ones and those of others. */
final class SendMethods {
  private final Chats chats;
  private final Forwards forwards;
  private final Delivery delivery;

  SendMethods(Chats chats, Forwards forwards, Delivery delivery) {
    this.chats = chats;
    this.forwards = forwards;
    this.delivery = delivery;
  }

  void register(MethodTable table) {
    table.on(MessagesSendMessage.class, this::send);
    table.on(MessagesForwardMessages.class, this::forward);
  }

  private Answer<AnyUpdates> send(long me, Caller caller, MessagesSendMessage m) {
    if (m.scheduleDate() != null || m.quickReplyShortcut() != null || m.richMessage() != null) {
      return Answer.refusal(400, "METHOD_NOT_SUPPORTED");
    }
    String invalid = Replies.refusal(m.replyTo());
    if (invalid != null) {
      return Answer.refusal(400, invalid);
    }
    return switch (Entities.of(m.message(), m.entities(), u -> delivery.users().resolve(me, u))) {
      case Answer.Refusal<Entities>(int code, String message) -> Answer.refusal(code, message);
      case Answer.Result<Entities>(Entities text) -> {
        Message template =
            Message.of(0, new PeerUser(me), 0, text.text())
                .withSilent(m.silent())
                .withNoforwards(m.noforwards())
                .withInvertMedia(m.invertMedia())
                .withEntities(text.entities());
        yield delivery.at(
            me,
            m.peer(),
            to -> {
              Chats.Composer composer =
                  (sender, reader, _) -> letter(template, sender, reader, to, m.replyTo());
              Outgoing outgoing = new Outgoing(List.of(m.randomId()), m.clearDraft(), composer);
              return chats.send(me, to, outgoing, caller.sessionId());
            });
      }
    };
  }

  private Answer<Letter> letter(
      Message template,
      Mailbox sender,
      @Nullable Mailbox reader,
      long to,
      @Nullable AnyInputReplyTo replyTo) {
    return switch (Replies.of(sender, reader, to, replyTo, delivery.users())) {
      case Answer.Refusal<Replies>(int code, String message) -> Answer.refusal(code, message);
      case Answer.Result<Replies>(Replies reply) ->
          Answer.result(
              reply.mine() == null
                  ? new Letter(template)
                  : new Letter(
                      template.withReplyTo(reply.mine()), template.withReplyTo(reply.theirs())));
    };
  }

  private Answer<AnyUpdates> forward(long me, Caller caller, MessagesForwardMessages m) {
    if (m.scheduleDate() != null || m.quickReplyShortcut() != null) {
      return Answer.refusal(400, "METHOD_NOT_SUPPORTED");
    }
    return delivery.at(
        me,
        m.fromPeer(),
        from ->
            delivery.at(
                me, m.toPeer(), to -> forwards.forward(me, from, to, m, caller.sessionId())));
  }
}

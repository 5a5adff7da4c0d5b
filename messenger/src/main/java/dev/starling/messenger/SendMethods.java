package dev.starling.messenger;

import dev.starling.messenger.Chats.Letter;
import dev.starling.messenger.Chats.Outgoing;
import dev.starling.tl.api.AnyUpdates;
import dev.starling.tl.api.Message;
import dev.starling.tl.api.MessagesSendMessage;
import dev.starling.tl.api.PeerUser;
import java.util.List;

/** Sending of texts. */
final class SendMethods {
  private final Chats chats;
  private final Delivery delivery;

  SendMethods(Chats chats, Delivery delivery) {
    this.chats = chats;
    this.delivery = delivery;
  }

  void register(MethodTable table) {
    table.on(MessagesSendMessage.class, this::send);
  }

  private Answer<AnyUpdates> send(long me, Caller caller, MessagesSendMessage m) {
    if (m.message().isBlank()) {
      return Answer.refusal(400, "MESSAGE_EMPTY");
    }
    if (m.message().length() > ServiceMethods.MESSAGE_LENGTH_MAX) {
      return Answer.refusal(400, "MESSAGE_TOO_LONG");
    }
    if (m.scheduleDate() != null) {
      return Answer.refusal(501, "METHOD_NOT_SUPPORTED");
    }
    Message template =
        Message.of(0, new PeerUser(me), 0, m.message())
            .withSilent(m.silent())
            .withEntities(Entities.accepted(m.entities(), m.message().length()));
    Outgoing outgoing =
        new Outgoing(
            List.of(m.randomId()),
            m.clearDraft(),
            (_, _, _) -> Answer.result(new Letter(template)));
    return delivery.at(me, m.peer(), to -> chats.send(me, to, outgoing, caller.sessionId()));
  }
}

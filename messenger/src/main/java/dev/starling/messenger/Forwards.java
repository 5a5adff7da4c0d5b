package dev.starling.messenger;

import dev.starling.messenger.Chats.Letter;
import dev.starling.messenger.Chats.Outgoing;
import dev.starling.tl.api.AnyUpdates;
import dev.starling.tl.api.Message;
import dev.starling.tl.api.MessageFwdHeader;
import dev.starling.tl.api.MessagesForwardMessages;
import dev.starling.tl.api.PeerUser;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Passing messages on, with the name of who wrote them or without. */
final class Forwards {
  /** "forwarded_count_max" of the configuration. */
  static final int IDS_MAX = 100;

  /** Whether a forwarded message may lead to who wrote it. */
  interface Privacy {
    /** The name that stands for {@code author} instead; null when the account itself may. */
    @Nullable String nameInstead(long author, long forwarder);
  }

  private record Source(@Nullable Message message, long randomId) {}

  private final Chats chats;
  private final Delivery delivery;
  private Privacy privacy = (_, _) -> null;

  Forwards(Chats chats, Delivery delivery) {
    this.chats = chats;
    this.delivery = delivery;
  }

  void privacy(Privacy decides) {
    privacy = decides;
  }

  Answer<AnyUpdates> forward(long me, long from, long to, MessagesForwardMessages m, long session) {
    if (m.id().isEmpty()) {
      return Answer.refusal(400, "MESSAGE_IDS_EMPTY");
    }
    if (m.id().size() > IDS_MAX) {
      return Answer.refusal(400, "LIMIT_INVALID");
    }
    if (m.id().size() != m.randomId().size()
        || new HashSet<>(m.randomId()).size() != m.randomId().size()) {
      return Answer.refusal(400, "RANDOM_ID_INVALID");
    }
    List<Source> sources = delivery.with(me, box -> sources(box, from, m));
    if (sources.isEmpty()) {
      return Answer.refusal(400, "MESSAGE_ID_INVALID");
    }
    for (Source source : sources) {
      if (source.message != null && source.message.noforwards()) {
        return Answer.refusal(400, "CHAT_FORWARDS_RESTRICTED");
      }
    }
    Chats.Composer composer =
        (_, _, i) -> {
          Message source = sources.get(i).message;
          return source == null
              ? Answer.refusal(400, "MESSAGE_ID_INVALID")
              : Answer.result(letter(me, from, to, source, m));
        };
    List<Long> randomIds = sources.stream().map(Source::randomId).toList();
    return chats.send(me, to, new Outgoing(randomIds, false, composer), session);
  }

  /** What there is of the messages asked for, in that order, and what was passed on before. */
  private static List<Source> sources(Mailbox box, long from, MessagesForwardMessages m) {
    List<Source> sources = new ArrayList<>();
    for (int i = 0; i < m.id().size(); i++) {
      long randomId = m.randomId().get(i);
      if (MessageRows.decodeIfPresent(box.message(from, m.id().get(i))) instanceof Message source) {
        sources.add(new Source(source, randomId));
      } else if (box.sent(randomId) != null) {
        sources.add(new Source(null, randomId));
      }
    }
    return sources;
  }

  private Letter letter(long me, long from, long to, Message source, MessagesForwardMessages m) {
    Message copy =
        Message.of(0, new PeerUser(me), 0, source.message())
            .withSilent(m.silent())
            .withNoforwards(m.noforwards())
            .withInvertMedia(source.invertMedia())
            .withEntities(source.entities());
    if (m.dropAuthor() || m.dropMediaCaptions()) {
      return new Letter(copy); // "captions can be dropped only together with the author"
    }
    MessageFwdHeader header = header(me, source);
    return me == to
        ? new Letter(
            copy.withFwdFrom(saved(header, from, source)).withSavedPeerId(new PeerUser(from)))
        : new Letter(copy.withFwdFrom(header));
  }

  /** A message passed on again still names who wrote it first. */
  private MessageFwdHeader header(long me, Message source) {
    MessageFwdHeader first = source.fwdFrom();
    if (first != null) {
      return MessageFwdHeader.of(first.date())
          .withFromId(first.fromId())
          .withFromName(first.fromName());
    }
    MessageFwdHeader header = MessageFwdHeader.of(source.date());
    long author = source.fromId() instanceof PeerUser(long id) ? id : me;
    String name = author == me ? null : privacy.nameInstead(author, me);
    return name == null ? header.withFromId(new PeerUser(author)) : header.withFromName(name);
  }

  /** In Saved Messages a message leads back to where it was. */
  private static MessageFwdHeader saved(MessageFwdHeader header, long from, Message source) {
    MessageFwdHeader saved =
        header
            .withSavedOut(source.out())
            .withSavedFromPeer(new PeerUser(from))
            .withSavedFromMsgId(source.id());
    return source.fwdFrom() == null
        ? saved
        : saved.withSavedFromId(source.fromId()).withSavedDate(source.date());
  }
}

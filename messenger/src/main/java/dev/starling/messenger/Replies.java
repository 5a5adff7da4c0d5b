package dev.starling.messenger;

import dev.starling.tl.api.AnyInputReplyTo;
import dev.starling.tl.api.AnyMessage;
import dev.starling.tl.api.AnyMessageEntity;
import dev.starling.tl.api.InputReplyToMessage;
import dev.starling.tl.api.InputReplyToMonoForum;
import dev.starling.tl.api.InputReplyToStory;
import dev.starling.tl.api.Message;
import dev.starling.tl.api.MessageFwdHeader;
import dev.starling.tl.api.MessageReplyHeader;
import dev.starling.tl.api.PeerUser;
import dev.starling.tl.row.MessageRow;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * By which header a message says what it answers: each side sees its own box's id of it.
 *
 * @param mine null when there is nothing (any more) to answer
 */
record Replies(@Nullable MessageReplyHeader mine, @Nullable MessageReplyHeader theirs) {
  /** "quote_length_max" of the clients' configuration, in UTF-16 units. */
  private static final int QUOTE_LENGTH_MAX = 1_024;

  private static final Replies NONE = new Replies(null, null);

  /** Why {@code input} can be no reply; null when it can. */
  static @Nullable String refusal(@Nullable AnyInputReplyTo input) {
    return switch (input) {
      case InputReplyToStory _ -> "STORY_ID_INVALID";
      case InputReplyToMonoForum _ -> "REPLY_TO_MONOFORUM_PEER_INVALID";
      case InputReplyToMessage _ -> null;
      case null -> null;
      default -> "REPLY_MESSAGE_ID_INVALID";
    };
  }

  /**
   * The headers for a message from {@code sender} to {@code peer}. A message that is gone meanwhile
   * is answered by a plain message, as the other side may have deleted it at any time.
   */
  static Answer<Replies> of(
      Mailbox sender,
      @Nullable Mailbox reader,
      long peer,
      @Nullable AnyInputReplyTo input,
      Users users) {
    if (!(input instanceof InputReplyToMessage reply)) {
      return Answer.result(NONE);
    }
    OptionalLong other =
        reply.replyToPeerId() == null
            ? OptionalLong.of(peer)
            : users.resolve(sender.id, reply.replyToPeerId());
    if (other.isEmpty()) {
      return Answer.refusal(400, "PEER_ID_INVALID");
    }
    MessageRow row = sender.message(other.getAsLong(), reply.replyToMsgId());
    if (row == null) {
      return Answer.result(NONE);
    }
    AnyMessage message = MessageRows.decode(row);
    MessageReplyHeader header = MessageReplyHeader.of();
    String quote = reply.quoteText();
    if (quote != null && !quote.isEmpty()) {
      int offset = message instanceof Message m ? find(m.message(), quote, reply) : -1;
      if (offset < 0 || quote.length() > QUOTE_LENGTH_MAX) {
        return Answer.refusal(400, "QUOTE_TEXT_INVALID");
      }
      header =
          header
              .withQuote(true)
              .withQuoteText(quote)
              .withQuoteEntities(within(reply.quoteEntities(), quote))
              .withQuoteOffset(offset == 0 ? null : offset);
    }
    return Answer.result(
        other.getAsLong() == peer
            ? here(sender, reader, header, reply.replyToMsgId(), row)
            : elsewhere(header, other.getAsLong(), reply.replyToMsgId(), message));
  }

  private static Replies here(
      Mailbox sender, @Nullable Mailbox reader, MessageReplyHeader header, int id, MessageRow row) {
    int theirs = reader == null ? 0 : MessageRows.idIn(reader, sender, id, row);
    return new Replies(
        header.withReplyToMsgId(id), theirs == 0 ? null : header.withReplyToMsgId(theirs));
  }

  /** The reader cannot open a message of another chat: it is shown what was quoted, and whose. */
  private static Replies elsewhere(
      MessageReplyHeader header, long dialog, int id, AnyMessage message) {
    if (!(message instanceof Message m)) {
      return NONE;
    }
    MessageFwdHeader from = MessageFwdHeader.of(m.date()).withFromId(m.fromId());
    MessageReplyHeader shown =
        header.quoteText() == null ? header.withQuoteText(head(m.message())) : header;
    MessageReplyHeader theirs = shown.withReplyFrom(from);
    return new Replies(theirs.withReplyToMsgId(id).withReplyToPeerId(new PeerUser(dialog)), theirs);
  }

  private static String head(String text) {
    int end = Math.min(text.length(), QUOTE_LENGTH_MAX);
    boolean splits = end < text.length() && Character.isHighSurrogate(text.charAt(end - 1));
    return text.substring(0, splits ? end - 1 : end);
  }

  private static int find(String text, String quote, InputReplyToMessage reply) {
    int offset = reply.quoteOffset() == null ? 0 : reply.quoteOffset();
    return text.startsWith(quote, offset) ? offset : text.indexOf(quote);
  }

  private static @Nullable List<AnyMessageEntity> within(
      @Nullable List<AnyMessageEntity> entities, String quote) {
    return switch (Entities.of(quote, entities, _ -> OptionalLong.empty())) {
      case Answer.Result<Entities>(Entities kept) when kept.text().equals(quote) -> kept.entities();
      default -> null;
    };
  }
}

package dev.starling.messenger;

import dev.starling.tl.api.AnyInputUser;
import dev.starling.tl.api.AnyMessageEntity;
import dev.starling.tl.api.InputMessageEntityMentionName;
import dev.starling.tl.api.MessageEntityBankCard;
import dev.starling.tl.api.MessageEntityBlockquote;
import dev.starling.tl.api.MessageEntityBold;
import dev.starling.tl.api.MessageEntityBotCommand;
import dev.starling.tl.api.MessageEntityCashtag;
import dev.starling.tl.api.MessageEntityCode;
import dev.starling.tl.api.MessageEntityCustomEmoji;
import dev.starling.tl.api.MessageEntityDiffDelete;
import dev.starling.tl.api.MessageEntityDiffInsert;
import dev.starling.tl.api.MessageEntityDiffReplace;
import dev.starling.tl.api.MessageEntityEmail;
import dev.starling.tl.api.MessageEntityFormattedDate;
import dev.starling.tl.api.MessageEntityHashtag;
import dev.starling.tl.api.MessageEntityItalic;
import dev.starling.tl.api.MessageEntityMention;
import dev.starling.tl.api.MessageEntityMentionName;
import dev.starling.tl.api.MessageEntityPhone;
import dev.starling.tl.api.MessageEntityPre;
import dev.starling.tl.api.MessageEntitySpoiler;
import dev.starling.tl.api.MessageEntityStrike;
import dev.starling.tl.api.MessageEntityTextUrl;
import dev.starling.tl.api.MessageEntityUnderline;
import dev.starling.tl.api.MessageEntityUnknown;
import dev.starling.tl.api.MessageEntityUrl;
import java.util.function.BiFunction;

/**
 * Where an entity lies, in UTF-16 units of the text, and how the same is made elsewhere.
 *
 * @param at makes the entity anew from an offset and a length
 */
record EntitySpan(int offset, int length, BiFunction<Integer, Integer, AnyMessageEntity> at) {
  int end() {
    return offset + length;
  }

  AnyMessageEntity entity() {
    return at.apply(offset, length);
  }

  static EntitySpan of(AnyMessageEntity entity) {
    return switch (entity) {
      case MessageEntityUnknown(int o, int n) -> new EntitySpan(o, n, MessageEntityUnknown::new);
      case MessageEntityMention(int o, int n) -> new EntitySpan(o, n, MessageEntityMention::new);
      case MessageEntityHashtag(int o, int n) -> new EntitySpan(o, n, MessageEntityHashtag::new);
      case MessageEntityBotCommand(int o, int n) ->
          new EntitySpan(o, n, MessageEntityBotCommand::new);
      case MessageEntityUrl(int o, int n) -> new EntitySpan(o, n, MessageEntityUrl::new);
      case MessageEntityEmail(int o, int n) -> new EntitySpan(o, n, MessageEntityEmail::new);
      case MessageEntityBold(int o, int n) -> new EntitySpan(o, n, MessageEntityBold::new);
      case MessageEntityItalic(int o, int n) -> new EntitySpan(o, n, MessageEntityItalic::new);
      case MessageEntityCode(int o, int n) -> new EntitySpan(o, n, MessageEntityCode::new);
      case MessageEntityPhone(int o, int n) -> new EntitySpan(o, n, MessageEntityPhone::new);
      case MessageEntityCashtag(int o, int n) -> new EntitySpan(o, n, MessageEntityCashtag::new);
      case MessageEntityUnderline(int o, int n) ->
          new EntitySpan(o, n, MessageEntityUnderline::new);
      case MessageEntityStrike(int o, int n) -> new EntitySpan(o, n, MessageEntityStrike::new);
      case MessageEntityBankCard(int o, int n) -> new EntitySpan(o, n, MessageEntityBankCard::new);
      case MessageEntitySpoiler(int o, int n) -> new EntitySpan(o, n, MessageEntitySpoiler::new);
      case MessageEntityDiffInsert(int o, int n) ->
          new EntitySpan(o, n, MessageEntityDiffInsert::new);
      case MessageEntityDiffDelete(int o, int n) ->
          new EntitySpan(o, n, MessageEntityDiffDelete::new);
      case MessageEntityDiffReplace(int o, int n, String old) ->
          new EntitySpan(o, n, (x, y) -> new MessageEntityDiffReplace(x, y, old));
      case MessageEntityPre(int o, int n, String language) ->
          new EntitySpan(o, n, (x, y) -> new MessageEntityPre(x, y, language));
      case MessageEntityTextUrl(int o, int n, String url) ->
          new EntitySpan(o, n, (x, y) -> new MessageEntityTextUrl(x, y, url));
      case MessageEntityMentionName(int o, int n, long user) ->
          new EntitySpan(o, n, (x, y) -> new MessageEntityMentionName(x, y, user));
      case InputMessageEntityMentionName(int o, int n, AnyInputUser user) ->
          new EntitySpan(o, n, (x, y) -> new InputMessageEntityMentionName(x, y, user));
      case MessageEntityCustomEmoji(int o, int n, long document) ->
          new EntitySpan(o, n, (x, y) -> new MessageEntityCustomEmoji(x, y, document));
      case MessageEntityBlockquote(boolean collapsed, int o, int n) ->
          new EntitySpan(o, n, (x, y) -> new MessageEntityBlockquote(collapsed, x, y));
      case MessageEntityFormattedDate date ->
          new EntitySpan(date.offset(), date.length(), (x, y) -> date.withOffset(x).withLength(y));
    };
  }
}

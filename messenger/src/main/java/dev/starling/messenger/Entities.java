package dev.starling.messenger;

import dev.starling.tl.api.AnyInputUser;
import dev.starling.tl.api.AnyMessageEntity;
import dev.starling.tl.api.InputMessageEntityMentionName;
import dev.starling.tl.api.MessageEntityBlockquote;
import dev.starling.tl.api.MessageEntityBold;
import dev.starling.tl.api.MessageEntityDiffDelete;
import dev.starling.tl.api.MessageEntityDiffInsert;
import dev.starling.tl.api.MessageEntityDiffReplace;
import dev.starling.tl.api.MessageEntityItalic;
import dev.starling.tl.api.MessageEntityMentionName;
import dev.starling.tl.api.MessageEntitySpoiler;
import dev.starling.tl.api.MessageEntityStrike;
import dev.starling.tl.api.MessageEntityTextUrl;
import dev.starling.tl.api.MessageEntityUnderline;
import dev.starling.tl.api.MessageEntityUnknown;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A text and its formatting as a message keeps them: white space around the text is cut and the
 * entities move along; links, mentions and the like that nobody marked are found
 * (core.telegram.org/api/entities).
 *
 * @param entities null when there are none
 */
record Entities(String text, @Nullable List<AnyMessageEntity> entities) {
  /** "A message can contain at most 100 entities" (core.telegram.org/api/entities). */
  private static final int ENTITIES_MAX = 100;

  /** Entities looked at in one text; what clients send beyond a few hundred is no formatting. */
  private static final int ENTITIES_SENT_MAX = 1_000;

  /** Longest address of a link, as browsers take it. */
  private static final int URL_LENGTH_MAX = 2_048;

  /**
   * The text and formatting of a message, or why it is none.
   *
   * @param users finds whom a mention without username means
   */
  static Answer<Entities> of(
      String raw,
      @Nullable List<AnyMessageEntity> sent,
      Function<AnyInputUser, OptionalLong> users) {
    if (raw.length() > ServiceMethods.MESSAGE_LENGTH_MAX) {
      return Answer.refusal(400, "MESSAGE_TOO_LONG");
    }
    String text = raw.strip();
    if (text.isEmpty()) {
      return Answer.refusal(400, "MESSAGE_EMPTY");
    }
    if (sent != null && sent.size() > ENTITIES_SENT_MAX) {
      return Answer.refusal(400, "ENTITIES_TOO_LONG");
    }
    int cut = raw.indexOf(text);
    List<EntitySpan> spans = new ArrayList<>();
    for (AnyMessageEntity entity : sent == null ? List.<AnyMessageEntity>of() : sent) {
      EntitySpan span = EntitySpan.of(entity);
      if (isOutside(span, raw)) {
        return Answer.refusal(400, "ENTITY_BOUNDS_INVALID");
      }
      AnyMessageEntity kept = kept(entity, users);
      if (kept == null && entity instanceof InputMessageEntityMentionName) {
        return Answer.refusal(400, "ENTITY_MENTION_USER_INVALID");
      }
      int from = Math.max(span.offset() - cut, 0);
      int to = Math.min(span.end() - cut, text.length());
      if (kept != null && from < to) {
        spans.add(new EntitySpan(from, to - from, EntitySpan.of(kept).at()));
      }
    }
    addFound(text, spans);
    List<AnyMessageEntity> entities =
        spans.stream()
            .sorted(
                Comparator.comparingInt(EntitySpan::offset)
                    .thenComparing(EntitySpan::length, Comparator.reverseOrder()))
            .limit(ENTITIES_MAX)
            .map(EntitySpan::entity)
            .toList();
    return Answer.result(new Entities(text, entities.isEmpty() ? null : entities));
  }

  /**
   * The formatting of a draft, whose text stays as it is typed: what does not fit is left out,
   * because a draft is saved without anybody asking for it.
   */
  static @Nullable List<AnyMessageEntity> ofDraft(
      String text,
      @Nullable List<AnyMessageEntity> sent,
      Function<AnyInputUser, OptionalLong> users) {
    if (sent == null) {
      return null;
    }
    List<AnyMessageEntity> kept = new ArrayList<>();
    for (AnyMessageEntity entity : sent) {
      AnyMessageEntity one = isOutside(EntitySpan.of(entity), text) ? null : kept(entity, users);
      if (one != null && kept.size() < ENTITIES_MAX) {
        kept.add(one);
      }
    }
    return kept.isEmpty() ? null : kept;
  }

  /** Offsets and lengths are UTF-16 units within the text, and split no character in two. */
  private static boolean isOutside(EntitySpan span, String text) {
    return span.offset() < 0
        || span.length() < 0
        || span.offset() > text.length() - span.length()
        || splits(text, span.offset())
        || splits(text, span.end());
  }

  private static boolean splits(String text, int at) {
    return at > 0
        && at < text.length()
        && Character.isLowSurrogate(text.charAt(at))
        && Character.isHighSurrogate(text.charAt(at - 1));
  }

  /** The entity as it is kept; null when it is not. */
  private static @Nullable AnyMessageEntity kept(
      AnyMessageEntity entity, Function<AnyInputUser, OptionalLong> users) {
    return switch (entity) {
      case InputMessageEntityMentionName(int offset, int length, AnyInputUser user) -> {
        OptionalLong id = users.apply(user);
        yield id.isPresent() ? new MessageEntityMentionName(offset, length, id.getAsLong()) : null;
      }
      case MessageEntityTextUrl(_, _, String url) ->
          url.isBlank() || url.length() > URL_LENGTH_MAX ? null : entity;
      // Only the server makes these: an id in it was checked by nobody.
      case MessageEntityMentionName _,
          MessageEntityUnknown _,
          MessageEntityDiffInsert _,
          MessageEntityDiffReplace _,
          MessageEntityDiffDelete _ ->
          null;
      default -> entity;
    };
  }

  /** Adds what the text says by itself, where nothing was marked that excludes it. */
  private static void addFound(String text, List<EntitySpan> spans) {
    List<EntitySpan> marked = spans.stream().filter(span -> !isDecoration(span)).toList();
    for (AnyMessageEntity entity : TextLinks.in(text)) {
      EntitySpan found = EntitySpan.of(entity);
      if (marked.stream().noneMatch(m -> m.offset() < found.end() && found.offset() < m.end())) {
        spans.add(found);
      }
    }
  }

  /** Whether a link may lie within it or over it. */
  private static boolean isDecoration(EntitySpan span) {
    return switch (span.entity()) {
      case MessageEntityBold _,
          MessageEntityItalic _,
          MessageEntityUnderline _,
          MessageEntityStrike _,
          MessageEntitySpoiler _,
          MessageEntityBlockquote _ ->
          true;
      default -> false;
    };
  }
}

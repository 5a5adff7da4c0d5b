package dev.starling.messenger;

import dev.starling.tl.api.AnyMessageEntity;
import dev.starling.tl.api.MessageEntityBold;
import dev.starling.tl.api.MessageEntityCode;
import dev.starling.tl.api.MessageEntityItalic;
import dev.starling.tl.api.MessageEntityPre;
import dev.starling.tl.api.MessageEntityStrike;
import dev.starling.tl.api.MessageEntityUnderline;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Formatting of a text: what is plain decoration passes, within the text's bounds. */
final class Entities {
  /** "A message can contain at most 100 entities" (core.telegram.org/api/entities). */
  private static final int ENTITIES_MAX = 100;

  private Entities() {}

  /**
   * Those of {@code entities} that lie within {@code length} UTF-16 units; null when none is left.
   */
  static @Nullable List<AnyMessageEntity> accepted(
      @Nullable List<AnyMessageEntity> entities, int length) {
    if (entities == null) {
      return null;
    }
    List<AnyMessageEntity> accepted =
        entities.stream().filter(entity -> fits(entity, length)).limit(ENTITIES_MAX).toList();
    return accepted.isEmpty() ? null : accepted;
  }

  private static boolean fits(AnyMessageEntity entity, int textLength) {
    return switch (entity) {
      case MessageEntityBold(int offset, int length) -> within(offset, length, textLength);
      case MessageEntityItalic(int offset, int length) -> within(offset, length, textLength);
      case MessageEntityUnderline(int offset, int length) -> within(offset, length, textLength);
      case MessageEntityStrike(int offset, int length) -> within(offset, length, textLength);
      case MessageEntityCode(int offset, int length) -> within(offset, length, textLength);
      case MessageEntityPre(int offset, int length, _) -> within(offset, length, textLength);
      default -> false;
    };
  }

  private static boolean within(int offset, int length, int textLength) {
    return offset >= 0 && length > 0 && offset <= textLength - length;
  }
}

package dev.starling.tl;

import dev.starling.tl.api.InputReplyToMessage;
import dev.starling.tl.api.ReactionEmoji;
import dev.starling.tl.api.TextWithEntities;
import dev.starling.tl.api.Username;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a field that has since changed its type is made of the canonical component, and the component
 * of it. The order is that of the wire tables; which field takes which is in the compiler's {@code
 * Adapters}.
 */
enum Conversion {
  /** The field is the component. */
  NONE {
    @Override
    @Nullable Object older(Object canonical) {
      return canonical;
    }

    @Override
    Object canonical(@Nullable Object soFar, Object older) {
      return older;
    }
  },
  /** A plain string became a TextWithEntities. */
  TEXT {
    @Override
    Object older(Object canonical) {
      return ((TextWithEntities) canonical).text();
    }

    @Override
    Object canonical(@Nullable Object soFar, Object older) {
      return new TextWithEntities((String) older, List.of());
    }
  },
  /** An emoji became one kind of Reaction. */
  EMOTICON {
    @Override
    @Nullable Object older(Object canonical) {
      return canonical instanceof ReactionEmoji emoji ? emoji.emoticon() : null;
    }

    @Override
    Object canonical(@Nullable Object soFar, Object older) {
      return new ReactionEmoji((String) older);
    }
  },
  /** Whole seconds became a fraction. */
  SECONDS {
    @Override
    Object older(Object canonical) {
      return (int) Math.round((Double) canonical);
    }

    @Override
    Object canonical(@Nullable Object soFar, Object older) {
      return (double) (Integer) older;
    }
  },
  /** The message replied to became a part of inputReplyToMessage. */
  REPLY_TO {
    @Override
    @Nullable Object older(Object canonical) {
      return canonical instanceof InputReplyToMessage reply ? reply.replyToMsgId() : null;
    }

    @Override
    Object canonical(@Nullable Object soFar, Object older) {
      int id = (Integer) older;
      return soFar instanceof InputReplyToMessage reply
          ? reply.withReplyToMsgId(id)
          : InputReplyToMessage.of(id);
    }
  },
  /** The topic replied in became a part of inputReplyToMessage. */
  REPLY_TOP {
    @Override
    @Nullable Object older(Object canonical) {
      return canonical instanceof InputReplyToMessage reply ? reply.topMsgId() : null;
    }

    @Override
    Object canonical(@Nullable Object soFar, Object older) {
      int id = (Integer) older;
      return (soFar instanceof InputReplyToMessage reply ? reply : InputReplyToMessage.of(id))
          .withTopMsgId(id);
    }
  },
  /** One username became a list of them. */
  USERNAME {
    @Override
    @Nullable Object older(Object canonical) {
      for (Object element : (List<?>) canonical) {
        if (element instanceof Username username && username.active()) {
          return username.username();
        }
      }
      return null;
    }

    @Override
    Object canonical(@Nullable Object soFar, Object older) {
      String name = (String) older;
      return name.isEmpty() ? List.of() : List.of(new Username(true, true, name));
    }
  };

  /** The older field; null if nothing of the component can be said in it. */
  abstract @Nullable Object older(Object canonical);

  /**
   * The component.
   *
   * @param soFar what earlier fields have made of it
   */
  abstract Object canonical(@Nullable Object soFar, Object older);
}

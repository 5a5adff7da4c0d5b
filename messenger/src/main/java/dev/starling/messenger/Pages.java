package dev.starling.messenger;

import dev.starling.tl.api.AnyMessage;
import dev.starling.tl.api.AnyMessagesMessages;
import dev.starling.tl.api.Message;
import dev.starling.tl.api.MessageEmpty;
import dev.starling.tl.api.MessagesMessages;
import dev.starling.tl.api.MessagesMessagesNotModified;
import dev.starling.tl.api.MessagesMessagesSlice;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Messages as an answer: with everybody they name, whole or as a slice of more. */
record Pages(Mailbox box, Users users) {
  /**
   * A page of {@code count} messages.
   *
   * @param hash of the page that the client has; 0 when it has none
   */
  AnyMessagesMessages of(List<AnyMessage> messages, int count, long hash) {
    // "Not modified" only to who said what it has: TDLib stops at one that it did not ask for.
    if (hash != 0 && hash == hash(messages)) {
      return new MessagesMessagesNotModified(count);
    }
    var people = users.views(box, people(messages));
    return messages.size() >= count
        ? new MessagesMessages(messages, List.of(), List.of(), people)
        : MessagesMessagesSlice.of(count, messages, List.of(), List.of(), people);
  }

  Set<Long> people(List<AnyMessage> messages) {
    Set<Long> people = new LinkedHashSet<>();
    people.add(box.id);
    messages.forEach(message -> people.addAll(MessageRows.people(message)));
    return people;
  }

  /**
   * The hash of core.telegram.org/api/offsets over the ids of the messages. An edit date joins in
   * when there is one, so that a page with an edited message is never taken for unchanged.
   */
  static long hash(List<AnyMessage> messages) {
    long hash = 0;
    for (AnyMessage message : messages) {
      hash = mix(hash, MessageRows.id(message));
      if (message instanceof Message m && m.editDate() != null) {
        hash = mix(hash, m.editDate());
      }
    }
    return hash;
  }

  static long mix(long hash, long number) {
    long mixed = hash;
    mixed ^= mixed >>> 21;
    mixed ^= mixed << 35;
    mixed ^= mixed >>> 4;
    return mixed + number;
  }

  /** A message by its id alone. */
  AnyMessage byId(int id) {
    AnyMessage message = MessageRows.decodeIfPresent(box.message(id));
    return message == null ? MessageEmpty.of(id) : message;
  }
}

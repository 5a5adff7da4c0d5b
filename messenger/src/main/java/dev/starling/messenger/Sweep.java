package dev.starling.messenger;

import dev.starling.messenger.Mailbox.EventEntry;
import dev.starling.tl.row.EventSentMessage;
import dev.starling.tl.row.SweepRow;
import java.util.List;

/**
 * Forgets random_ids that nobody will send again. The log of events says which there are and how
 * old, so a box needs no index of them: every so many sends look at a few of its oldest events.
 */
final class Sweep {
  /** Clients send a message again within days at most; after a month it is another message. */
  static final int RANDOM_ID_SECONDS = 30 * 24 * 3600;

  /** Sends between two looks, and events in one: twice as many, so that it catches up. */
  static final int EVERY = 64;

  private static final int EVENTS = 2 * EVERY;

  private Sweep() {}

  /** Adds to a step of sending what is now too old. */
  static void into(Draft draft) {
    Mailbox box = draft.mailbox();
    if (!box.sweepIsDue(draft.date())) {
      return;
    }
    SweepRow swept = box.row(SweepRow.class, Rows.key(Rows.SWEEP));
    int from = swept == null ? 0 : swept.pts();
    int reached = from;
    List<EventEntry> events = box.eventsAfter(from, EVENTS);
    for (EventEntry entry : events) {
      if (entry.event() instanceof EventSentMessage(int date, _, _, long randomId)) {
        if (date > draft.date() - RANDOM_ID_SECONDS) {
          box.sweepAfter(date + RANDOM_ID_SECONDS);
          break;
        }
        draft.delete(Rows.key(Rows.SENT, randomId));
      }
      reached = entry.pts();
    }
    if (reached > from) {
      draft.put(Rows.key(Rows.SWEEP), new SweepRow(reached));
    }
  }
}

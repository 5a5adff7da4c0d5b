package dev.starling.client;

import dev.starling.tl.api.AnyUpdates;

/** What a client hears without having asked. */
public sealed interface Event {
  /** The server pushed updates. */
  record Pushed(AnyUpdates updates) implements Event {}

  /** Pushes may have been missed: it is time for {@code updates.getDifference}. */
  record Missed() implements Event {}

  /** The connection is lost and is being made anew; calls wait. */
  record Lost(String why) implements Event {}

  /** The connection is back; calls go on. */
  record Restored() implements Event {}

  /** The client has ended; all further calls fail with {@code why}. */
  record Ended(ClientException why) implements Event {}
}

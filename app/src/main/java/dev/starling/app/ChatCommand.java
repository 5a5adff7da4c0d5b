package dev.starling.app;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code chat}: a plain client in the terminal. */
@Command(name = "chat", description = "Talk in this terminal.")
final class ChatCommand implements Runnable {
  @Mixin private final DataOptions options = new DataOptions();

  @Override
  public void run() {
    throw new Problem("chat is not there yet: use another client with " + options.folder().root());
  }
}

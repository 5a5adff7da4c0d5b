package dev.starling.app;

import picocli.CommandLine.Command;

/** {@code client-kit}: all that clients of the service need. */
@Command(
    name = "client-kit",
    description = "All that clients need: addresses, key, links, ready programs.")
final class ClientKitCommand implements Runnable {
  private final Console console;

  ClientKitCommand(Console console) {
    this.console = console;
  }

  @Override
  public void run() {
    console.print("");
  }
}

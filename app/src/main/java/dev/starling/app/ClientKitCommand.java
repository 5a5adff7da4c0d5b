package dev.starling.app;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code client-kit}: all that clients of the service need. */
@Command(
    name = "client-kit",
    description =
        "All that clients need: address, key, link, and with --out a program for each library.")
final class ClientKitCommand implements Runnable {
  private final Console console;
  @Mixin private final ServiceOptions service = new ServiceOptions();

  @Option(names = "--out", paramLabel = "DIR", description = "Write the programs there.")
  private @Nullable Path out;

  ClientKitCommand(Console console) {
    this.console = console;
  }

  @Override
  public void run() {
    Service found = service.find();
    ClientKit kit = new ClientKit(found);
    if (out != null) {
      kit.write(out);
    }
    console.print(service.json() ? Json.write(kit.json()) : text(found));
  }

  private String text(Service found) {
    StringBuilder text = new StringBuilder();
    text.append("address      %s, data centre %d%n".formatted(found.address(), found.dc()));
    text.append("fingerprint  %s%n".formatted(found.fingerprint()));
    found
        .link()
        .ifPresent(
            link -> text.append("proxy link   %s%n%n%s%n".formatted(link, QrCode.text(link))));
    text.append(
        out == null
            ? "Programs for mtcute, GramJS, Telethon, Kurigram, gotd, TDLib:  starling client-kit"
                + " --out DIR"
            : "Programs and what to know of them: " + out.resolve("README.md"));
    text.append("\nYour copy of TDLib or Telegram Desktop:  starling client-kit patch FILE");
    return text.toString();
  }
}

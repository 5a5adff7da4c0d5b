package dev.starling.app;

import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code backup}: asks the running server; without one, opens its data itself. */
@Command(
    name = "backup",
    description = "Copy the data into a new folder, while the server serves; restore reads it.")
final class BackupCommand implements Runnable {
  private final Console console;
  @Mixin private final DataOptions options = new DataOptions();

  @Parameters(paramLabel = "FOLDER", description = "Where to; it must not be there yet.")
  private Path folder = Path.of("");

  @Option(
      names = "--with-keys",
      description = "Put the keys into it: whoever has such a backup can read everything.")
  private boolean withKeys;

  BackupCommand(Console console) {
    this.console = console;
  }

  @Override
  public void run() {
    DataFolder data = options.folder();
    Map<String, Object> answer =
        Operators.with(
            data,
            Json.object(
                "command",
                "backup",
                "folder",
                folder.toAbsolutePath().normalize().toString(),
                "keys",
                withKeys));
    if (options.json) {
      console.print(Json.write(answer));
      return;
    }
    console.print(
        "Backup of %s files, %s bytes, in %s"
            .formatted(answer.get("files"), answer.get("bytes"), answer.get("folder")));
    console.print(
        withKeys
            ? "THE KEYS ARE IN IT: whoever has this folder can read every message. Guard it as the"
                + " server itself."
            : "The keys are not in it. Keep %s of %s elsewhere: without them it cannot be restored."
                .formatted(Restore.names(data), data.root()));
  }
}

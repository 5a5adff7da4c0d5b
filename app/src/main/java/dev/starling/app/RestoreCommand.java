package dev.starling.app;

import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code restore}: makes a new data folder out of a backup. */
@Command(
    name = "restore",
    description = "Make a new data folder, named by --data, out of a backup.")
final class RestoreCommand implements Runnable {
  private final Console console;
  @Mixin private final DataOptions options = new DataOptions();

  @Parameters(paramLabel = "BACKUP", description = "The folder that starling backup made.")
  private Path backup = Path.of("");

  @Option(
      names = "--keys",
      paramLabel = "DIR",
      description = "Where the key files are, if they are not in the backup.")
  private @Nullable Path keys;

  RestoreCommand(Console console) {
    this.console = console;
  }

  @Override
  public void run() {
    DataFolder target = options.folder();
    AdminSocket.usable(target.adminSocket());
    try (SystemEnv system = new SystemEnv()) {
      Restore.Done done = new Restore(backup, keys, target, system.env()).run();
      Instant made = Instant.ofEpochSecond(done.list().made());
      if (options.json) {
        console.print(
            Json.write(
                Json.object(
                    "folder", target.root().toString(),
                    "made", done.list().made(),
                    "rows", done.rows(),
                    "accounts", done.accounts())));
        return;
      }
      console.print(
          "Restored %d rows of %d accounts, each opened and right, as they were at %s."
              .formatted(done.rows(), done.accounts(), made));
      console.print(
          "What happened later is lost: devices that were signed out since are signed in again, and"
              + " unused codes are void.");
      console.print("Serve from it: starling up --data " + target.root());
    }
  }
}

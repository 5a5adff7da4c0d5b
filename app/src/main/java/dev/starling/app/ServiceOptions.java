package dev.starling.app;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which service a verb is about: that of a data folder on this machine, or another. */
final class ServiceOptions {
  @Mixin private final DataOptions options = new DataOptions();

  @Option(
      names = "--server",
      paramLabel = "HOST:PORT",
      description = "Where clients reach the service, if the data folder does not tell.")
  private @Nullable String server;

  @Option(
      names = "--key",
      paramLabel = "PEM",
      description = "The public key of a service that runs elsewhere.")
  private @Nullable Path key;

  Service find() {
    return Service.find(options.folder(), server, key);
  }

  boolean json() {
    return options.json;
  }
}

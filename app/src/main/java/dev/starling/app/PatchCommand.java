package dev.starling.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code client-kit patch}: makes a stock client trust and find this service. */
@Command(
    name = "patch",
    description = {
      "Put the service's key and address in the place of Telegram's in your own copy of TDLib",
      "(libtdjson.so) or Telegram Desktop. Makes a copy beside it; the original stays as it is."
    })
final class PatchCommand implements Runnable {
  /** Three times the largest client. */
  private static final long BYTES_MAX = 512L << 20;

  private final Console console;
  @Mixin private final ServiceOptions service = new ServiceOptions();

  @Parameters(paramLabel = "FILE", description = "The library or program.")
  private Path file = Path.of("");

  @Option(names = "--to", paramLabel = "FILE", description = "Where the copy goes.")
  private @Nullable Path to;

  @Option(names = "--in-place", description = "Change FILE itself instead.")
  private boolean inPlace;

  PatchCommand(Console console) {
    this.console = console;
  }

  /** What was done to a file. */
  private record Done(Path file, int keys, boolean addresses) {}

  @Override
  public void run() {
    Service found = service.find();
    byte[] bytes = read();
    Binary binary = new Binary(bytes);
    boolean isOurs = binary.contains(found.pem());
    int keys = BuiltInKeys.replace(binary, found.pem());
    if (keys == 0) {
      if (!isOurs) {
        throw new Problem(
            file
                + " holds none of Telegram's keys: it is no TDLib or Telegram Desktop, or was"
                + " patched for another service; give an original");
      }
      print(found, new Done(file, 0, false));
      return;
    }
    Optional<String> address = found.ipv4();
    boolean addresses =
        address.isPresent() && BuiltInAddresses.replace(binary, address.get(), found.port());
    Path target = target();
    write(bytes, target);
    print(found, new Done(target, keys, addresses));
  }

  private byte[] read() {
    try {
      if (Files.size(file) > BYTES_MAX) {
        throw new Problem(
            file + " is too long for a client: give TDLib or Telegram Desktop itself");
      }
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new Problem(
          "cannot read %s (%s): name the client's own file".formatted(file, DataFolder.reason(e)),
          e);
    }
  }

  private Path target() {
    if (inPlace) {
      return file;
    }
    if (to != null) {
      return to;
    }
    String name = file.toAbsolutePath().normalize().getFileName().toString();
    int dot = name.lastIndexOf('.');
    int cut = dot > 0 ? dot : name.length();
    return file.resolveSibling(name.substring(0, cut) + "-starling" + name.substring(cut));
  }

  /** Whole or not at all, with the modes of the original. */
  private void write(byte[] bytes, Path target) {
    try {
      Path folder = target.toAbsolutePath().getParent();
      Path fresh = Files.createTempFile(folder, "", ".new");
      try {
        Files.write(fresh, bytes);
        Files.setPosixFilePermissions(fresh, Files.getPosixFilePermissions(file));
        Files.move(fresh, target, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(fresh);
      }
    } catch (IOException e) {
      throw new Problem(
          "cannot write %s (%s): name another place by --to"
              .formatted(target, DataFolder.reason(e)),
          e);
    }
  }

  private void print(Service found, Done done) {
    if (service.json()) {
      console.print(Json.write(json(found, done)));
      return;
    }
    if (done.keys == 0) {
      console.print(done.file + " is patched for this service already: nothing was done");
      return;
    }
    console.print("patched    " + done.file);
    console.print(
        "key        %d of Telegram's replaced by this service's, fingerprint %s"
            .formatted(done.keys, found.fingerprint()));
    if (done.addresses) {
      console.print(
          "addresses  all built-in ones are %s:%d now; IPv6 ones lead nowhere"
              .formatted(found.host(), found.port()));
    } else {
      console.print(
          "addresses  not replaced, %s; add the service as a proxy before the first sign-in:\n           %s"
              .formatted(
                  found.ipv4().isEmpty()
                      ? found.host() + " is no IPv4 address"
                      : "this build keeps them where they are not known",
                  found.link().orElse("with the link that the operator gives you")));
    }
    console.print(
        "caution    where it cannot connect the client may ask public DNS services for Telegram's"
            + " addresses; it does not trust who answers there");
  }

  private static Map<String, Object> json(Service found, Done done) {
    return Json.object(
        "file",
        done.file.toString(),
        "keys",
        done.keys,
        "addresses",
        done.addresses,
        "fingerprint",
        found.fingerprint());
  }
}

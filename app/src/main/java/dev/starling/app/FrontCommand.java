package dev.starling.app;

import dev.starling.mtproto.Front;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code front}: proxies that stand before the service. */
@Command(
    name = "front",
    description = "Proxies that stand before the service.",
    synopsisSubcommandLabel = "(add)")
final class FrontCommand {

  @Command(
      name = "add",
      description = "Make a front's secrets; the server knows them from its next start.")
  static final class Add implements Runnable {
    private final Console console;
    @Mixin private final DataOptions options = new DataOptions();

    @Parameters(paramLabel = "NAME", description = "How the front is called here.")
    private String name = "";

    @Option(
        names = "--domain",
        required = true,
        paramLabel = "SITE",
        description = "The site that the front seems to visit here: one that may lead here.")
    private String domain = "";

    Add(Console console) {
      this.console = console;
    }

    @Override
    public void run() {
      String site = ProxyKeys.DOMAIN.value(domain);
      DataFolder data = options.folder();
      if (!data.exists()) {
        throw new Problem(
            "there is no data folder %s: name the server's by --data, or make one by starling up"
                .formatted(data.root()));
      }
      Front front;
      try (SystemEnv system = new SystemEnv()) {
        front = Fronts.add(data.fronts(), name, site, system.env().random());
      }
      String link = front.secret().format();
      String cell = front.cells().getFirst().format();
      console.print(
          options.json
              ? Json.write(Json.object("name", front.name(), "link", link, "cell", cell))
              : """
              in the front's proxy.conf:
                upstream = THIS-SERVER:PORT
                link = %s
              in its file users, with the site that its clients seem to visit:
                first %s SITE
              Then start this server anew.\
              """
                  .formatted(link, cell));
    }
  }
}

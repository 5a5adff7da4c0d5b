package dev.starling.app;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The verbs of the command line, all of them. */
@Command(
    name = "starling",
    description = "A messenger that cannot be switched off.",
    synopsisSubcommandLabel = "VERB")
final class Verbs {
  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "Show traces of defects, and log more.")
  boolean debug;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Tell what there is.")
  boolean help;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Tell the version.")
  boolean version;

  private Verbs() {}

  static CommandLine commandLine(Console console) {
    Verbs verbs = new Verbs();
    Failures failures = new Failures(console, verbs);
    SettingOptions settings = new SettingOptions();
    CommandLine all = new CommandLine(verbs);
    all.getCommandSpec().version(VersionCommand.text());
    return all.addSubcommand(
            SettingOptions.on(new CommandLine(new UpCommand(console, verbs, settings)), settings))
        .addSubcommand(
            new CommandLine(new ConfigCommand())
                .addSubcommand(
                    SettingOptions.on(
                        new CommandLine(new ConfigCommand.Print(console, settings)), settings))
                .addSubcommand(new ConfigCommand.Check(console)))
        .addSubcommand(
            new CommandLine(new UserCommand())
                .addSubcommand(new UserCommand.Add(console))
                .addSubcommand(new UserCommand.ListAll(console))
                .addSubcommand(new UserCommand.Code(console))
                .addSubcommand(new UserCommand.Delete(console)))
        .addSubcommand(
            new CommandLine(new KeyCommand())
                .addSubcommand(new KeyCommand.ListAll(console))
                .addSubcommand(new KeyCommand.Rotate(console))
                .addSubcommand(new KeyCommand.Renew(console)))
        .addSubcommand(new BackupCommand(console))
        .addSubcommand(new RestoreCommand(console))
        .addSubcommand(new StatusCommand(console))
        .addSubcommand(new StopCommand(console))
        .addSubcommand(new DoctorCommand(console))
        .addSubcommand(proxy(console))
        .addSubcommand(
            new CommandLine(new FrontCommand()).addSubcommand(new FrontCommand.Add(console)))
        .addSubcommand(new ChatCommand())
        .addSubcommand(
            new CommandLine(new ClientKitCommand(console)).addSubcommand(new PatchCommand(console)))
        .addSubcommand(new VersionCommand(console))
        .addSubcommand(new TrainCommand())
        .addSubcommand(new HelpCommand())
        .setOut(console.out())
        .setErr(console.err())
        .setParameterExceptionHandler(failures)
        .setExecutionExceptionHandler(failures);
  }

  private static CommandLine proxy(Console console) {
    SettingOptions settings = new SettingOptions();
    return new CommandLine(new ProxyCommand())
        .addSubcommand(new ProxyCommand.Init(console))
        .addSubcommand(
            SettingOptions.on(
                new CommandLine(new ProxyCommand.Run(console, settings)), settings, ProxyKeys.ALL))
        .addSubcommand(new ProxyCommand.Share(console))
        .addSubcommand(
            new CommandLine(new ProxyUsersCommand())
                .addSubcommand(new ProxyUsersCommand.Add(console))
                .addSubcommand(new ProxyUsersCommand.ListAll(console))
                .addSubcommand(new ProxyUsersCommand.Revoke(console)))
        .addSubcommand(new ProxyCommand.Impact(console))
        .addSubcommand(new ProxyCommand.Status(console))
        .addSubcommand(new ProxyCommand.Config(console))
        .addSubcommand(new ProxyCommand.Doctor(console))
        .addSubcommand(new ProxyCommand.Stop(console));
  }
}

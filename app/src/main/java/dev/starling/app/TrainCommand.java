package dev.starling.app;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import picocli.CommandLine.Command;

/**
 * {@code train}: starts a server on data of its own, uses it, stops it. The build runs this so that
 * the JVM can note which classes every start loads (its AOT cache).
 */
@Command(name = "train", hidden = true)
final class TrainCommand implements Runnable {
  @Override
  public void run() {
    try {
      Path folder = Files.createTempDirectory("starling");
      try {
        train(new DataFolder(folder));
      } finally {
        delete(folder);
      }
    } catch (IOException | InterruptedException e) {
      throw new Problem("the training run failed: " + e, e);
    }
  }

  private static void train(DataFolder data) throws InterruptedException {
    Console quiet =
        new Console(
            new PrintWriter(PrintWriter.nullWriter()), new PrintWriter(PrintWriter.nullWriter()));
    String folder = data.root().toString();
    Wiring wiring = new Wiring(data, new Listen().convert("127.0.0.1:0"));
    wiring.start(null);
    for (String verb : new String[] {"user add Alice", "user list", "status", "version"}) {
      String[] words = (verb + " --json --data " + folder).split(" ");
      Verbs.commandLine(quiet).execute(words);
    }
    wiring.drain();
  }

  private static void delete(Path folder) throws IOException {
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, IOException e)
              throws IOException {
            Files.delete(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}

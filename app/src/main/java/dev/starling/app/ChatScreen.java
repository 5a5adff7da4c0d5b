package dev.starling.app;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jspecify.annotations.Nullable;

/** Where a chat is read and written. */
interface ChatScreen extends AutoCloseable {
  /** Asks a question and waits for the answer; null at the end of the input. */
  @Nullable String ask(String question);

  /** Waits for a line of the chat; null at the end of the input. */
  @Nullable String read(String prompt);

  /** Prints above whatever is being typed. Any thread may. */
  void show(String text);

  @Override
  void close();

  /** A terminal that can move its cursor, else plain lines. */
  static ChatScreen open() {
    // There is none, null, where input or output is a pipe.
    boolean isTerminal =
        Optional.ofNullable(System.console()).map(java.io.Console::isTerminal).orElse(false);
    if (isTerminal && !"dumb".equals(System.getenv("TERM"))) {
      try {
        return new OnTerminal(
            TerminalBuilder.builder()
                .system(true)
                .dumb(false)
                .encoding(StandardCharsets.UTF_8)
                .build());
      } catch (IOException | IllegalStateException _) {
        // Some terminals cannot be had: plain lines go everywhere.
      }
    }
    return new Plain(System.in, System.out);
  }

  /** Lines in, lines out: for pipes, programs and dumb terminals. */
  final class Plain implements ChatScreen {
    private final BufferedReader in;
    private final PrintStream out;

    Plain(InputStream in, PrintStream out) {
      this.in = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
      this.out = new PrintStream(out, true, StandardCharsets.UTF_8);
    }

    @Override
    public @Nullable String ask(String question) {
      show(question);
      return read("");
    }

    @Override
    public @Nullable String read(String prompt) {
      try {
        return in.readLine();
      } catch (IOException _) {
        return null;
      }
    }

    @Override
    public void show(String text) {
      out.println(text);
    }

    @Override
    public void close() {
      out.flush();
    }
  }

  /** With line editing; what others say appears above the line being typed. */
  final class OnTerminal implements ChatScreen {
    private final Terminal terminal;
    private final LineReader reader;

    OnTerminal(Terminal terminal) {
      this.terminal = terminal;
      if (terminal.getWidth() == 0) {
        terminal.setSize(new Size(80, 24)); // some do not tell, and nothing fits into no columns
      }
      this.reader =
          LineReaderBuilder.builder()
              .terminal(terminal)
              .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true) // "!" is no history command
              .option(LineReader.Option.ERASE_LINE_ON_FINISH, true) // it comes back with its mark
              .build();
    }

    @Override
    public @Nullable String ask(String question) {
      reader.setVariable(LineReader.DISABLE_HISTORY, true); // a code is nothing to be called back
      try {
        return read(question + " ");
      } finally {
        reader.setVariable(LineReader.DISABLE_HISTORY, false);
      }
    }

    @Override
    public @Nullable String read(String prompt) {
      try {
        return reader.readLine(prompt);
      } catch (UserInterruptException | EndOfFileException _) {
        return null;
      }
    }

    @Override
    public void show(String text) {
      reader.printAbove(text);
    }

    @Override
    public void close() {
      try {
        terminal.close();
      } catch (IOException _) {
        // The process ends anyway.
      }
    }
  }
}

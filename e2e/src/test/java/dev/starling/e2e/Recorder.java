package dev.starling.e2e;

import dev.starling.messenger.Answer;
import dev.starling.messenger.Caller;
import dev.starling.messenger.Methods;
import dev.starling.messenger.Sessions;
import dev.starling.tl.Layer;
import dev.starling.tl.Tl;
import dev.starling.tl.TlMethod;
import dev.starling.tl.TlObject;
import dev.starling.tl.api.AnyUpdates;
import dev.starling.tl.mt.DestroyAuthKey;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.GZIPOutputStream;

/**
 * Writes down what a messenger answers and pushes, one of each form: in the canonical layer, from
 * which every other is made. Between the gateway and the messenger, so nothing of it is in the
 * product.
 */
final class Recorder {
  /** In the place of a method: a push. */
  static final String PUSH = "-";

  /** Form → the line that tells it. */
  private final Map<String, String> lines = new TreeMap<>();

  /** {@code messenger}, whose answers are noted. */
  Methods methods(Methods messenger) {
    return (caller, method) -> answer(messenger, caller, method);
  }

  private <R> Answer<?> answer(Methods messenger, Caller caller, TlMethod<R> method) {
    Answer<?> answer = messenger.call(caller, method);
    boolean isApi = !(method instanceof DestroyAuthKey); // which is of MTProto itself
    if (isApi && answer instanceof Answer.Result<?>(Object value)) {
      @SuppressWarnings("unchecked") // Methods promises a result of the method's own type
      R result = (R) value;
      note(method.methodName(), value, Tl.encodeResult(method, result, Layer.NEWEST));
    }
    return answer;
  }

  /** {@code gateway}, what is pushed to which is noted. */
  Sessions sessions(Sessions gateway) {
    return new Sessions() {
      @Override
      public void push(long accountId, AnyUpdates updates, long exceptSessionId) {
        note(updates);
        gateway.push(accountId, updates, exceptSessionId);
      }

      @Override
      public void pushTo(long accountId, long sessionId, AnyUpdates updates) {
        note(updates);
        gateway.pushTo(accountId, sessionId, updates);
      }

      @Override
      public void tell(long permanentKeyId, long sessionId, AnyUpdates updates) {
        note(updates);
        gateway.tell(permanentKeyId, sessionId, updates);
      }

      @Override
      public boolean listens(long accountId, long exceptSessionId) {
        return gateway.listens(accountId, exceptSessionId);
      }

      @Override
      public void drop(long authKeyId) {
        gateway.drop(authKeyId);
      }

      @Override
      public void end(long authKeyId) {
        gateway.end(authKeyId);
      }
    };
  }

  private void note(TlObject updates) {
    note(PUSH, updates, Tl.encode(updates, Layer.NEWEST));
  }

  /** Numbers apart, and the lengths of lists, what is said alike has one form. */
  private synchronized void note(String method, Object value, byte[] canonical) {
    String parts = value.toString().replaceAll("\\d+", "0");
    String form = method + ' ' + new TreeSet<>(List.of(parts.split("[\\[\\]]+", -1)));
    lines.putIfAbsent(form, method + ' ' + HexFormat.of().formatHex(canonical));
  }

  /** One line each: the method, or {@link #PUSH}, and the bytes in hex. */
  synchronized void write(Path file) throws IOException {
    try (Writer out =
        new OutputStreamWriter(
            new GZIPOutputStream(Files.newOutputStream(file)), StandardCharsets.US_ASCII)) {
      for (String line : new TreeSet<>(lines.values())) {
        out.write(line + '\n');
      }
    }
  }
}

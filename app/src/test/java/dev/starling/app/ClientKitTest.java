package dev.starling.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.zxing.BinaryBitmap;
import com.google.zxing.DecodeHintType;
import com.google.zxing.RGBLuminanceSource;
import com.google.zxing.common.HybridBinarizer;
import com.google.zxing.qrcode.QRCodeReader;
import dev.starling.mtproto.ServerKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClientKitTest {
  private static final Pattern PLACEHOLDER = Pattern.compile("@[A-Z][A-Z0-9_]*@");
  private static final int PIXELS = 4;

  @TempDir Path folder;

  /** What a camera sees of the drawing: white where a character is drawn. */
  private static String scan(String drawing) throws Exception {
    List<String> lines = drawing.lines().toList();
    int width = lines.getFirst().length() * PIXELS;
    int height = (lines.size() * 2 - 1) * PIXELS; // of the last line the lower half is beyond
    int[] pixels = new int[width * height];
    Arrays.fill(pixels, 0xffffff);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        char c = lines.get(y / PIXELS / 2).charAt(x / PIXELS);
        boolean isUpper = y / PIXELS % 2 == 0;
        boolean isLight = c == '\u2588' || c == (isUpper ? '\u2580' : '\u2584');
        pixels[y * width + x] = isLight ? 0xffffff : 0;
      }
    }
    var image =
        new BinaryBitmap(new HybridBinarizer(new RGBLuminanceSource(width, height, pixels)));
    return new QRCodeReader().decode(image, Map.of(DecodeHintType.PURE_BARCODE, true)).getText();
  }

  @Test
  void qrCodesCanBeRead() throws Exception {
    for (int length : new int[] {1, 50, 100, 300}) {
      String text = "tg://proxy?secret=" + "5a".repeat(length);
      assertEquals(text, scan(QrCode.text(text)));
    }
  }

  @Test
  void theKitOfARunningServerNamesItAndItsLink() throws Exception {
    DataFolder data = new DataFolder(folder.resolve("data")).create();
    try (Wiring wiring = new Wiring(data, Configuration.of(Map.of("listen", "127.0.0.1:0")))) {
      int port = wiring.start().getPort();
      Run run = Run.verb("client-kit", "--data", data.root().toString());
      assertEquals(0, run.exitCode(), run.err());
      assertTrue(run.out().contains("127.0.0.1:" + port + ", data centre 2"), run.out());
      String link =
          "tg://proxy?server=127.0.0.1&port=%d&secret=%s"
              .formatted(port, wiring.identity().padded().format());
      assertTrue(run.out().contains("proxy link   " + link + "\n"), run.out());
      String drawing =
          String.join(
              "\n",
              run.out().lines().filter(l -> l.matches("[\u2580\u2584\u2588 ]{20,}")).toList());
      assertEquals(link, scan(drawing));
      Run json = Run.verb("client-kit", "--json", "--data", data.root().toString());
      assertEquals(port, Json.read(json.out()).get("port"));
      assertEquals(link, Json.read(json.out()).get("proxy"));
    }
  }

  @Test
  void everyProgramIsFilledIn() throws IOException {
    ServerKey key = ServerKey.generate(new Random(7));
    Service service = new Service("203.0.113.5", 443, 2, key.publicPem(), null);
    new ClientKit(service).write(folder.resolve("kit"));
    for (String name : ClientKit.FILES) {
      String text = Files.readString(folder.resolve("kit").resolve(name));
      assertFalse(PLACEHOLDER.matcher(text).find(), name);
      assertTrue(text.contains("203.0.113.5"), name);
    }
    assertEquals(425, Files.size(folder.resolve("kit/public.pem")));
  }

  @Test
  void aServiceElsewhereNeedsNoDataFolder() throws IOException {
    ServerKey key = ServerKey.generate(new Random(7));
    Path pem = Files.writeString(folder.resolve("public.pem"), key.publicPem() + "\n");
    Run run =
        Run.verb("client-kit", "--server", "[2001:db8::1]:443", "--key", pem.toString(), "--json");
    assertEquals("2001:db8::1", Json.read(run.out()).get("host"));
    assertEquals("", Json.read(run.out()).get("proxy"));
    Run none = Run.verb("client-kit", "--data", folder.resolve("none").toString());
    assertEquals(1, none.exitCode());
    assertTrue(none.isOneLine(), none.err());
  }
}

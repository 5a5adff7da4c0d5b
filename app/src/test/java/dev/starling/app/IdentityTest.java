package dev.starling.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.starling.mtproto.ProxySecret;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdentityTest {
  private static final String SECRET = "00112233445566778899aabbccddeeff";

  @TempDir Path folder;

  @Test
  void aFlippedBitOfTheSecretIsFound() throws Exception {
    DataFolder data = new DataFolder(folder);
    ProxySecret secret = Identity.openOrCreate(data, new Random(1)).secret();
    byte[] bytes = Files.readAllBytes(data.secret());
    int found = 0;
    for (int bit = 0; bit < 8 * bytes.length; bit++) {
      byte[] flipped = bytes.clone();
      flipped[bit / 8] ^= (byte) (1 << (bit % 8));
      try {
        String text = new String(flipped, StandardCharsets.ISO_8859_1);
        assertEquals(secret, Identity.parseSecret(text), "bit " + bit); // "A" for "a"
      } catch (IllegalArgumentException _) {
        found++;
      }
    }
    assertTrue(found > bytes.length);
  }

  @Test
  void aSecretPutThereByHandNeedsNoChecksum() {
    assertEquals(ProxySecret.parse(SECRET), Identity.parseSecret(SECRET + "\n"));
  }
}

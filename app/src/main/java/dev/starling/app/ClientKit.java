package dev.starling.app;

import dev.starling.mtproto.PublicKey;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A folder for whoever writes or runs a client: what to know, and a program for each library. */
record ClientKit(Service service) {
  static final List<String> FILES =
      List.of(
          "README.md",
          "with_mtcute.mjs",
          "with_gramjs.cjs",
          "with_telethon.py",
          "with_kurigram.py",
          "with_gotd.go",
          "with_tdlib.mjs");

  /**
   * Fills a folder, over what an earlier kit left there.
   *
   * @throws Problem if it cannot be written
   */
  void write(Path folder) {
    try {
      Files.createDirectories(folder);
      Files.writeString(folder.resolve("public.pem"), service.pem());
      Files.writeString(folder.resolve("service.json"), Json.write(json()) + "\n");
      for (String file : FILES) {
        Files.writeString(folder.resolve(file), filled(template(file)));
      }
    } catch (IOException e) {
      throw new Problem(
          "cannot write %s (%s): name another folder by --out"
              .formatted(folder, DataFolder.reason(e)),
          e);
    }
  }

  Map<String, Object> json() {
    return Json.object(
        "host", service.host(),
        "port", service.port(),
        "dc", service.dc(),
        "fingerprint", service.fingerprint(),
        "publicKey", service.pem(),
        "secret", service.padded().map(secret -> secret.format()).orElse(""),
        "proxy", service.link().orElse(""));
  }

  private static String template(String file) throws IOException {
    try (InputStream in = ClientKit.class.getResourceAsStream("/client-kit/" + file)) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private String filled(String template) {
    PublicKey key = PublicKey.fromPem(service.pem());
    boolean isIpv6 = service.host().contains(":");
    Map<String, String> values = new LinkedHashMap<>();
    values.put("HOST", service.host());
    values.put("PORT", Integer.toString(service.port()));
    values.put("ADDRESS", service.address());
    values.put("DC", Integer.toString(service.dc()));
    values.put("IPV6", Boolean.toString(isIpv6));
    values.put("IPV6_JS", isIpv6 ? ", ipv6: true" : "");
    values.put("PEM", service.pem());
    values.put("FINGERPRINT", service.fingerprint());
    values.put("SIGNED", Long.toString(key.fingerprint()));
    values.put("N", key.n().toString());
    values.put("E", key.e().toString());
    values.put("LINK", service.link().orElse("the link that the operator gives you"));
    values.put("OPTIONS", "--server " + service.address() + " --key public.pem");
    String text = template;
    for (Map.Entry<String, String> value : values.entrySet()) {
      text = text.replace("@" + value.getKey() + "@", value.getValue());
    }
    return text;
  }
}

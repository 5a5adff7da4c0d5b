package dev.starling.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stock TDLib that {@code client-kit patch} has patched finds the service without any proxy. */
class PatchedClientTest {
  private static final Path LIBRARY =
      ClientPackages.FOLDER.resolve("node_modules/@prebuilt-tdlib/linux-x64-glibc/libtdjson.so");

  @TempDir Path folder;

  @Test
  void tdlibSignsInDirectly() throws IOException {
    ClientPackages.fetch();
    try (Server server = Server.start(folder)) {
      Path copy = folder.resolve("libtdjson.so");
      String data = Server.data(folder).toString();
      Starling.Result patched =
          Starling.run(
              folder,
              "client-kit",
              "patch",
              LIBRARY.toString(),
              "--to",
              copy.toString(),
              "--data",
              data,
              "--json");
      assertEquals(0, patched.exitCode(), patched.complaints());
      JsonNode told = Server.JSON.readTree(patched.output());
      assertEquals(2, told.get("keys").intValue());
      assertTrue(told.get("addresses").booleanValue());
      Service.Account ann = server.addUser("Ann");
      Starling.Result client =
          Starling.run(
              ClientPackages.FOLDER,
              List.of(
                  "node",
                  "direct.mjs",
                  copy.toString(),
                  ann.number(),
                  ann.code(),
                  folder.resolve("tdlib").toString()));
      assertEquals(0, client.exitCode(), client.toString());
      assertEquals("Ann", client.output().strip());
    }
  }
}

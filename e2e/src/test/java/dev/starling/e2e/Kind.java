package dev.starling.e2e;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Which client, of which version and layer, and how it reaches the server. */
enum Kind {
  MTCUTE(Family.MTCUTE, Transport.INTERMEDIATE),
  MTCUTE_SECRET(Family.MTCUTE, Transport.SECRET),
  MTCUTE_PADDED(Family.MTCUTE, Transport.PADDED),
  MTCUTE_TLS(Family.MTCUTE, Transport.TLS),
  MTCUTE_PFS(Family.MTCUTE, Transport.INTERMEDIATE, true),
  MTCUTE_WEBSOCKET(Family.MTCUTE, Transport.WEBSOCKET),
  TDLIB_SECRET(Family.TDLIB, Transport.SECRET),
  TDLIB_PADDED(Family.TDLIB, Transport.PADDED),
  TDLIB_TLS(Family.TDLIB, Transport.TLS),
  TDLIB_PFS(Family.TDLIB, Transport.SECRET, true),
  OLD_TDLIB_SECRET(Family.OLD_TDLIB, Transport.SECRET),
  OLD_TDLIB_PADDED(Family.OLD_TDLIB, Transport.PADDED),
  OLD_TDLIB_TLS(Family.OLD_TDLIB, Transport.TLS),
  GRAMJS(Family.GRAMJS, Transport.FULL),
  GRAMJS_ABRIDGED(Family.GRAMJS, Transport.ABRIDGED),
  GRAMJS_OBFUSCATED(Family.GRAMJS, Transport.OBFUSCATED),
  GRAMJS_WEBSOCKET(Family.GRAMJS, Transport.WEBSOCKET),
  GRAMJS_SECRET(Family.GRAMJS, Transport.SECRET),
  TELETHON(Family.TELETHON, Transport.FULL),
  TELETHON_ABRIDGED(Family.TELETHON, Transport.ABRIDGED),
  TELETHON_INTERMEDIATE(Family.TELETHON, Transport.INTERMEDIATE),
  TELETHON_OBFUSCATED(Family.TELETHON, Transport.OBFUSCATED),
  TELETHON_SECRET(Family.TELETHON, Transport.SECRET),
  TELETHON_PADDED(Family.TELETHON, Transport.PADDED),
  OLD_TELETHON(Family.OLD_TELETHON, Transport.FULL),
  OLDEST_TELETHON(Family.OLDEST_TELETHON, Transport.FULL),
  PYROGRAM(Family.PYROGRAM, Transport.ABRIDGED),
  HYDROGRAM(Family.HYDROGRAM, Transport.ABRIDGED),
  KURIGRAM(Family.KURIGRAM, Transport.ABRIDGED),
  GOTD(Family.GOTD, Transport.INTERMEDIATE);

  /** Which a client of fake TLS says that it visits. */
  static final String SITE = "www.example.org";

  private static final byte[] HOST = SITE.getBytes(StandardCharsets.US_ASCII);

  private final Family family;
  private final Transport transport;
  private final boolean pfs;

  Kind(Family family, Transport transport) {
    this(family, transport, false);
  }

  Kind(Family family, Transport transport, boolean pfs) {
    this.family = family;
    this.transport = transport;
    this.pfs = pfs;
  }

  Family family() {
    return family;
  }

  /** What its driver is told about the way to {@code server}. */
  Map<String, Object> way(Service.Ready server) {
    String secret =
        switch (transport) {
          case SECRET -> server.secret();
          case PADDED -> server.padded();
          case TLS -> "ee" + server.secret() + HexFormat.of().formatHex(HOST);
          case INTERMEDIATE, ABRIDGED, FULL, OBFUSCATED, WEBSOCKET -> "";
        };
    return Map.of(
        "address", server.address(),
        "port", server.port(),
        "fingerprint", server.fingerprint(),
        "transport", transport.name().toLowerCase(Locale.ROOT),
        "secret", secret,
        "pfs", pfs);
  }

  /** How the bytes lie on the wire. */
  private enum Transport {
    INTERMEDIATE,
    ABRIDGED,
    FULL,
    /** obfuscated2 without a secret. */
    OBFUSCATED,
    /** obfuscated2 with a plain secret. */
    SECRET,
    /** obfuscated2 with a {@code dd} secret. */
    PADDED,
    /** Fake TLS, by an {@code ee} secret. */
    TLS,
    /** Without TLS, as behind a terminator. */
    WEBSOCKET
  }

  /** A client and its version. */
  enum Family {
    /** Layer 227. */
    MTCUTE,
    /** 1.8.67, layer 229. */
    TDLIB,
    /** 1.8.33, layer 184. */
    OLD_TDLIB,
    /** 2.26.22, layer 198. */
    GRAMJS,
    /** 1.45.0, layer 229; SHA1 padding. */
    TELETHON,
    /** 1.28.5, layer 155; SHA1 padding. */
    OLD_TELETHON,
    /** 1.25.4, layer 144; SHA1 padding. */
    OLDEST_TELETHON,
    /** 2.0.106, layer 158; SHA1 padding. */
    PYROGRAM,
    /** 0.2.0, layer 181; SHA1 padding. */
    HYDROGRAM,
    /** 2.2.26, layer 229; SHA1 padding. */
    KURIGRAM,
    /** 0.93.0, layer 170. */
    GOTD;

    /** Whether its layer has replies but no quotes. */
    boolean isBeforeQuotes() {
      return this == OLD_TELETHON || this == OLDEST_TELETHON || this == PYROGRAM;
    }

    boolean isTdlib() {
      return this == TDLIB || this == OLD_TDLIB;
    }

    /** Its driver, a program in {@link ClientPackages#FOLDER}. */
    List<String> command() throws IOException {
      return switch (this) {
        case MTCUTE -> node("mtcute.mjs");
        case TDLIB, OLD_TDLIB -> node("tdlib.mjs");
        case GRAMJS -> node("gramjs.mjs");
        case TELETHON -> python("telethon_driver.py", "telethon==1.45.0", "cryptg==0.6.0");
        case OLD_TELETHON -> python("telethon_driver.py", "telethon==1.28.5", "cryptg==0.6.0");
        case OLDEST_TELETHON -> python("telethon_driver.py", "telethon==1.25.4", "cryptg==0.6.0");
        case PYROGRAM -> pyrogram("pyrogram", "pyrogram==2.0.106");
        case HYDROGRAM -> pyrogram("hydrogram", "hydrogram==0.2.0");
        case KURIGRAM -> pyrogram("pyrogram", "kurigram==2.2.26");
        case GOTD -> List.of(ClientPackages.go("gotd").toString());
      };
    }

    private static List<String> node(String program) throws IOException {
      ClientPackages.fetch();
      return List.of("node", program);
    }

    /**
     * @param module as which the package is imported
     */
    private static List<String> pyrogram(String module, String versioned) throws IOException {
      List<String> command = new ArrayList<>(python("pyrogram_driver.py", versioned));
      command.add(module);
      command.add(versioned.substring(0, versioned.indexOf('=')));
      return command;
    }

    private static List<String> python(String program, String... packages) throws IOException {
      return List.of(ClientPackages.python(packages).toString(), program);
    }
  }
}

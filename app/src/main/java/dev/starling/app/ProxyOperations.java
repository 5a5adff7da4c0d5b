package dev.starling.app;

import dev.starling.mtproto.Env;
import dev.starling.mtproto.ProxySecret;
import dev.starling.proxy.Impact;
import dev.starling.proxy.ProxyServer;
import dev.starling.proxy.ProxyStats;
import dev.starling.proxy.User;
import dev.starling.proxy.UserLimits;
import dev.starling.proxy.UserLines;
import dev.starling.proxy.UserStats;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a volunteer may ask of a proxy; without a server, of its folder alone. */
final class ProxyOperations {
  private final Configuration configuration;
  private final @Nullable ProxyServer server;
  private final ProxyLinks links;
  private final ProxyUsers users;
  private final ProxyFolder folder;

  ProxyOperations(
      ProxyFolder folder,
      Configuration configuration,
      @Nullable ProxyServer server,
      ProxyLinks links,
      Env env) {
    this.folder = folder;
    this.configuration = configuration;
    this.server = server;
    this.links = links;
    this.users = new ProxyUsers(folder, configuration, env);
  }

  void register(Operations operations) {
    operations
        .on("users.list", this::list)
        .on("users.put", this::put)
        .on("users.revoke", this::revoke);
    if (server != null) {
      operations.on("status", this::status).on("impact", this::impact).on("stop", this::stop);
    }
  }

  private Map<String, Object> list(Map<String, Object> request) {
    List<Map<String, Object>> found =
        server == null
            ? folder.readUsers().stream().map(this::json).toList()
            : server.users().stream().map(this::json).toList();
    return Json.object("users", found);
  }

  private Map<String, Object> json(User user) {
    ProxySecret secret = user.secret(ProxySecret.Kind.FAKE_TLS);
    Map<String, Object> json =
        Json.object(
            "name", user.name(),
            "domain", user.domain(),
            "limits", UserLines.limits(user.limits()),
            "tg", links.tg(secret),
            "web", links.web(secret));
    if (configuration.get(ProxyKeys.UNDISGUISED)) {
      json.put("padded", links.tg(user.secret(ProxySecret.Kind.PADDED)));
      json.put("plain", links.tg(user.secret(ProxySecret.Kind.PLAIN)));
    }
    return json;
  }

  private Map<String, Object> json(UserStats stats) {
    Map<String, Object> json = json(stats.user());
    json.put("connections", stats.connections());
    json.put("addresses", stats.addresses());
    json.put("connectionsEver", stats.connectionsEver());
    json.put("up", stats.up());
    json.put("down", stats.down());
    return json;
  }

  private synchronized Map<String, Object> put(Map<String, Object> request) {
    Map<String, String> limits = new LinkedHashMap<>();
    if (request.get("limits") instanceof Map<?, ?> given) {
      given.forEach((name, value) -> limits.put((String) name, String.valueOf(value)));
    }
    try {
      UserLimits parsed = UserLines.limits(limits);
      User user =
          users.put(Operations.text(request, "name"), Operations.text(request, "domain"), parsed);
      if (server != null) {
        server.put(user);
      }
      return json(user);
    } catch (IllegalArgumentException e) {
      throw new Problem(String.valueOf(e.getMessage()), e);
    }
  }

  private synchronized Map<String, Object> revoke(Map<String, Object> request) {
    String name = Operations.text(request, "name");
    users.remove(name);
    boolean drop = Boolean.TRUE.equals(request.get("drop"));
    if (server != null) {
      server.revoke(name, drop);
    }
    return Json.object("revoked", name, "dropped", drop);
  }

  private ProxyServer running() {
    if (server == null) {
      throw new IllegalStateException("registered with a server only");
    }
    return server;
  }

  private Map<String, Object> status(Map<String, Object> request) {
    ProxyStats stats = running().stats();
    Map<String, Object> foreign =
        Json.object(
            "noHello", stats.noHello(),
            "unknown", stats.unknown(),
            "unanswerable", stats.unanswerable(),
            "wrongName", stats.wrongName(),
            "skewed", stats.skewed(),
            "replayed", stats.replayed());
    return Json.object(
        "version", VersionCommand.version(),
        "pid", ProcessHandle.current().pid(),
        "address", Addresses.text(links.address()),
        "connections", stats.connections(),
        "open", stats.open(),
        "relaying", stats.relaying(),
        "clients", stats.admitted(),
        "fronted", stats.fronted(),
        "foreign", foreign,
        "overLimit", stats.overLimit(),
        "broken", stats.broken(),
        "originFailures", stats.originFailures(),
        "upstreamFailures", stats.upstreamFailures(),
        "medianSkewSeconds", stats.medianSkewSeconds(),
        "defects", stats.defects(),
        "upstream", configuration.get(ProxyKeys.UPSTREAM));
  }

  private Map<String, Object> impact(Map<String, Object> request) {
    Impact.Day today = running().impact();
    long bytes = running().users().stream().mapToLong(user -> user.up() + user.down()).sum();
    return Json.object("day", today.day().toString(), "people", today.people(), "bytes", bytes);
  }

  private Map<String, Object> stop(Map<String, Object> request) {
    Thread.ofPlatform().name("stop").start(() -> System.exit(0));
    return Json.object("stopping", true, "pid", ProcessHandle.current().pid());
  }
}

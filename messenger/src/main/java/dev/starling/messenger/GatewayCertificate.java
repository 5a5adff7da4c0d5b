package dev.starling.messenger;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.nio.file.Path;
import javax.net.ssl.SSLException;

/**
 * The certificate by which a gateway ends TLS for WebSockets, on the same port as all else: a hello
 * that no secret's holder made is answered with it.
 */
public final class GatewayCertificate {
  private final SslContext context;

  private GatewayCertificate(SslContext context) {
    this.context = context;
  }

  /**
   * Reads it.
   *
   * @param chain PEM, the server's certificate first
   * @param key PEM, PKCS#8 ("BEGIN PRIVATE KEY"), not encrypted
   * @throws IllegalArgumentException if they cannot be read or do not belong together
   */
  public static GatewayCertificate load(Path chain, Path key) {
    try {
      return new GatewayCertificate(
          SslContextBuilder.forServer(chain.toFile(), key.toFile())
              .sslProvider(SslProvider.JDK)
              .protocols("TLSv1.3", "TLSv1.2")
              .build());
    } catch (SSLException e) {
      throw new IllegalArgumentException("certificate and key do not go together", e);
    }
  }

  /** The handler that ends the TLS of one connection. */
  ChannelHandler handler(ByteBufAllocator allocator) {
    return context.newHandler(allocator);
  }
}

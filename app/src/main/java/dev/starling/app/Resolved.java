package dev.starling.app;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A name's addresses, looked up now and then, so that nobody who needs them waits. */
final class Resolved implements Supplier<List<InetSocketAddress>>, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Resolved.class);

  /** As long as most names' records are good for. */
  private static final long AGAIN_MILLIS = 300_000;

  /** While there is no answer. */
  private static final long SOON_MILLIS = 5_000;

  private final InetSocketAddress name;
  private final Thread thread;
  private boolean complained;
  private volatile List<InetSocketAddress> addresses = List.of();

  /** Looks up once before it returns, and again for ever. */
  Resolved(InetSocketAddress name) {
    this.name = name;
    lookUp();
    thread = Thread.ofVirtual().name("names").start(this::run);
  }

  private void run() {
    try {
      while (true) {
        Thread.sleep(addresses.isEmpty() ? SOON_MILLIS : AGAIN_MILLIS);
        lookUp();
      }
    } catch (InterruptedException _) {
      // The proxy stops.
    }
  }

  private void lookUp() {
    try {
      addresses =
          Arrays.stream(InetAddress.getAllByName(name.getHostString()))
              .map(address -> new InetSocketAddress(address, name.getPort()))
              .toList();
    } catch (UnknownHostException _) {
      if (addresses.isEmpty() && !complained) {
        complained = true;
        LOG.warn("the name {} has no address: strangers are reset", name.getHostString());
      } // else the last ones are the best guess
    }
  }

  /** Best first; empty while nobody knows any. */
  @Override
  public List<InetSocketAddress> get() {
    return addresses;
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}

package dev.graceful.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;

/**
 * What the node remembers of where it sent connections to a Service. A pod that went away without a
 * word leaves entries that point at it, for minutes: whoever comes from the same address and port
 * again is sent to where nobody is.
 */
final class Conntrack {

  private Conntrack() {}

  /**
   * Forgets all connections to a Service, while nobody is sending to it. Somebody else's node is
   * not ours to change; there it is the clients alone, each with an address of its own and ports
   * that come back late, who run into none.
   */
  static void forget(String serviceUrl) {
    if (!Cluster.isOwn()) {
      return;
    }
    String address = URI.create(serviceUrl).getHost();
    try {
      // It ends with 1 where there was nothing to forget.
      Process conntrack =
          new ProcessBuilder("conntrack", "--delete", "--proto", "tcp", "--orig-dst", address)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      int exitCode = conntrack.waitFor();
      if (exitCode > 1) {
        throw new IllegalStateException(
            "conntrack --delete --orig-dst " + address + " ended with exit code " + exitCode);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot run conntrack: is its Debian package installed?", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}

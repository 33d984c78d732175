package dev.graceful.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graceful.observe.Knock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class KnockerTest {

  private static final String LOOPBACK = "127.0.0.1";

  @Test
  void listenerAccepts() throws IOException {
    try (var server = new ServerSocket(0, 1, InetAddress.ofLiteral(LOOPBACK))) {
      assertThat(Knocker.knock(LOOPBACK, server.getLocalPort())).isEqualTo(Knock.Outcome.Accepted);
    }
  }

  @Test
  void closedListenerRefuses() throws IOException {
    int port;
    try (var server = new ServerSocket(0, 1, InetAddress.ofLiteral(LOOPBACK))) {
      port = server.getLocalPort();
    }

    assertThat(Knocker.knock(LOOPBACK, port)).isEqualTo(Knock.Outcome.Refused);
  }
}

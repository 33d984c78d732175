package dev.graceful.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graceful.http.Attempt.Obstacle;
import io.netty.channel.ConnectTimeoutException;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ConnectFailureTest {

  static Stream<Arguments> connecting() {
    return Stream.of(
        Arguments.of(new ConnectException("Connection refused"), Obstacle.Refused),
        Arguments.of(
            new ConnectException("finishConnect(..) failed: Connection refused: /10.0.0.1:80"),
            Obstacle.Refused),
        Arguments.of(new SocketTimeoutException("Connect timed out"), Obstacle.TimedOut),
        Arguments.of(
            new ConnectTimeoutException("connection timed out after 1000 ms: /10.0.0.1:80"),
            Obstacle.TimedOut),
        Arguments.of(new SocketException("Connection reset by peer"), Obstacle.Reset),
        Arguments.of(new NoRouteToHostException("No route to host"), Obstacle.Unreachable),
        Arguments.of(new ConnectException("Network is unreachable"), Obstacle.Unreachable),
        Arguments.of(new ConnectException(), Obstacle.Unreachable),
        Arguments.of(new IllegalArgumentException("no address"), Obstacle.Unreachable));
  }

  @ParameterizedTest
  @MethodSource
  void connecting(Exception failure, Obstacle obstacle) {
    assertThat(ConnectFailure.connecting(failure)).isEqualTo(obstacle);
  }

  static Stream<Arguments> shakingHands() {
    return Stream.of(
        Arguments.of(new SocketTimeoutException("Read timed out"), Obstacle.TimedOut),
        Arguments.of(
            new SSLHandshakeException("closed", new EOFException("SSL peer shut down")),
            Obstacle.Reset),
        Arguments.of(new SocketException("Broken pipe"), Obstacle.Reset),
        Arguments.of(new SSLHandshakeException("no cipher in common"), Obstacle.Unreachable),
        Arguments.of(new IOException("odd"), Obstacle.Reset));
  }

  @ParameterizedTest
  @MethodSource
  void shakingHands(IOException failure, Obstacle obstacle) {
    assertThat(ConnectFailure.shakingHands(failure)).isEqualTo(obstacle);
  }

  @Test
  void whatFailsAsTheOperatorStopsProvesNothing() {
    Thread.currentThread().interrupt();

    Obstacle obstacle = ConnectFailure.shakingHands(new SocketException("Closed by interrupt"));

    assertThat(Thread.interrupted()).isTrue();
    assertThat(obstacle).isEqualTo(Obstacle.Unreachable);
  }
}

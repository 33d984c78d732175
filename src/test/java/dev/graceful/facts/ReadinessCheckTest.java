package dev.graceful.facts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graceful.api.v1alpha1.ReadinessProbe;
import dev.graceful.facts.ReadinessCheck.Action;
import dev.graceful.facts.ReadinessCheck.Grpc;
import dev.graceful.facts.ReadinessCheck.HttpGet;
import dev.graceful.facts.ReadinessCheck.TcpSocket;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ReadinessCheckTest {

  private static final ContainerFacts CONTAINER =
      ContainerFacts.from(
          read(
              "{name: app, ports: [{containerPort: 9090, name: grpc}, {containerPort: 8080, name:"
                  + " http}, {containerPort: 7070}]}",
              Container.class));

  static Stream<Arguments> actions() {
    return Stream.of(
        Arguments.of("{httpGet: {path: /ready, port: http}}", new HttpGet("/ready", false), 8080),
        Arguments.of("{httpGet: {path: /, port: 1, scheme: HTTP}}", new HttpGet("/", false), 1),
        Arguments.of(
            "{httpGet: {path: /, port: 8443, scheme: HTTPS}}", new HttpGet("/", true), 8443),
        Arguments.of("{tcpSocket: {port: 7070}}", new TcpSocket(), 7070),
        Arguments.of("{tcpSocket: {port: http}}", new TcpSocket(), 8080),
        Arguments.of("{grpc: {port: grpc}}", new Grpc(""), 9090),
        Arguments.of("{grpc: {port: 9090, service: shop.Cart}}", new Grpc("shop.Cart"), 9090));
  }

  @ParameterizedTest
  @MethodSource("actions")
  void eachAction(String probe, Action action, int port) {
    assertThat(ReadinessCheck.of(probe(probe), CONTAINER))
        .isEqualTo(new ReadinessCheck(action, port, 1));
  }

  @Test
  void statedTimeout() {
    assertThat(ReadinessCheck.of(probe("{tcpSocket: {port: 1}, timeoutSeconds: 7}"), CONTAINER))
        .isEqualTo(new ReadinessCheck(new TcpSocket(), 1, 7));
  }

  @Test
  void nameThatTheContainerDoesNotDeclare() {
    assertThat(ReadinessCheck.of(probe("{tcpSocket: {port: admin}}"), CONTAINER)).isNull();
  }

  /** What is written into a container is what was stated, and a number for the port. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{httpGet: {path: /ready, port: http}}|{\"httpGet\":{\"path\":\"/ready\",\"port\":8080}}",
        "{httpGet: {path: /, port: 1, scheme: HTTPS}, periodSeconds: 5}"
            + "|{\"httpGet\":{\"path\":\"/\",\"port\":8080,\"scheme\":\"HTTPS\"},\"periodSeconds\":5}",
        "{tcpSocket: {port: http}, timeoutSeconds: 2}"
            + "|{\"tcpSocket\":{\"port\":8080},\"timeoutSeconds\":2}",
        "{grpc: {port: http, service: a}, failureThreshold: 1}"
            + "|{\"grpc\":{\"port\":8080,\"service\":\"a\"},\"failureThreshold\":1}",
        "{grpc: {port: http}}|{\"grpc\":{\"port\":8080}}",
      })
  void withPortNumberAsKubernetesTakesIt(String stated, String json) {
    assertThat(Serialization.asJson(probe(stated).withPort(8080))).isEqualTo(json);
  }

  private static ReadinessProbe probe(String yaml) {
    return read(yaml, ReadinessProbe.class);
  }

  private static <T> T read(String yaml, Class<T> type) {
    return Serialization.unmarshal("---\n" + yaml, type);
  }
}

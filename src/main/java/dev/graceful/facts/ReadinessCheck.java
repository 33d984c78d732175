package dev.graceful.facts;

import dev.graceful.api.v1alpha1.HttpGetAction.Scheme;
import dev.graceful.api.v1alpha1.ReadinessProbe;
import io.fabric8.kubernetes.api.model.IntOrString;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a readiness probe asks of a pod.
 *
 * @param port the number
 * @param timeoutSeconds how long the answer may take
 */
public record ReadinessCheck(Action action, int port, int timeoutSeconds) {

  /** How it asks. */
  public sealed interface Action {}

  /** A GET. */
  public record HttpGet(String path, boolean tls) implements Action {}

  /** A connection. */
  public record TcpSocket() implements Action {}

  /**
   * A question to the gRPC health service.
   *
   * @param service empty: the server as a whole
   */
  public record Grpc(String service) implements Action {}

  /**
   * What a probe would ask of this container. A port's name is that of a port which the container
   * declares.
   *
   * @return null: the container declares no port of that name
   */
  public static @Nullable ReadinessCheck of(ReadinessProbe probe, ContainerFacts container) {
    if (probe.httpGet() != null) {
      var get = new HttpGet(probe.httpGet().path(), probe.httpGet().scheme() == Scheme.HTTPS);
      return of(probe, get, probe.httpGet().port(), container);
    }
    if (probe.tcpSocket() != null) {
      return of(probe, new TcpSocket(), probe.tcpSocket().port(), container);
    }
    var grpc = Objects.requireNonNull(probe.grpc(), "the schema takes no probe without an action");
    return of(
        probe, new Grpc(Objects.requireNonNullElse(grpc.service(), "")), grpc.port(), container);
  }

  private static @Nullable ReadinessCheck of(
      ReadinessProbe probe, Action action, IntOrString port, ContainerFacts container) {
    @Nullable Integer number =
        port.getIntVal() == null ? container.namedPorts().get(port.getStrVal()) : port.getIntVal();
    return number == null
        ? null
        : new ReadinessCheck(action, number, probe.timeoutSecondsOrDefault());
  }
}

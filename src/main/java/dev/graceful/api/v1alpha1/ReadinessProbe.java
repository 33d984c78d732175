package dev.graceful.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.IntOrString;
import org.jspecify.annotations.Nullable;

/**
 * A readiness probe, written as Kubernetes writes it: exactly one of the actions, and no more of
 * the rest than is stated. It names no other host, sends no headers and runs no command.
 *
 * @param httpGet null: another action
 * @param tcpSocket null: another action
 * @param grpc null: another action
 * @param periodSeconds null: Kubernetes' default, 10
 * @param timeoutSeconds null: Kubernetes' default, 1
 * @param failureThreshold null: Kubernetes' default, 3
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value =
        "[has(self.httpGet), has(self.tcpSocket), has(self.grpc)].filter(given, given).size() == 1",
    message =
        "a readinessProbe has one action: give httpGet, tcpSocket or grpc, and leave out the other"
            + " two")
public record ReadinessProbe(
    @JsonPropertyDescription("Ready when a GET of the path answers with a status from 200 to 399.")
        @Nullable HttpGetAction httpGet,
    @JsonPropertyDescription("Ready when the port accepts a connection.")
        @Nullable TcpSocketAction tcpSocket,
    @JsonPropertyDescription(
            "Ready when the gRPC health service (grpc.health.v1.Health, without TLS) answers"
                + " SERVING.")
        @Nullable GrpcAction grpc,
    @Min(1)
        @Max(300)
        @JsonPropertyDescription(
            "How many seconds lie between two checks. Unset: Kubernetes' default, 10.")
        @Nullable Integer periodSeconds,
    @Min(1)
        @Max(60)
        @JsonPropertyDescription(
            "After how many seconds without an answer a check has failed. Unset: Kubernetes'"
                + " default, 1.")
        @Nullable Integer timeoutSeconds,
    @Min(1)
        @Max(30)
        @JsonPropertyDescription(
            "After how many failed checks in a row a pod is no longer ready. Unset: Kubernetes'"
                + " default, 3.")
        @Nullable Integer failureThreshold) {

  /** The seconds that a check may take, or Kubernetes' default. */
  public int timeoutSecondsOrDefault() {
    return timeoutSeconds == null ? 1 : timeoutSeconds;
  }

  /**
   * The same with a port known by number: as JSON, what Kubernetes takes for a container's {@code
   * readinessProbe}.
   */
  public ReadinessProbe withPort(int number) {
    var port = new IntOrString(number);
    return new ReadinessProbe(
        httpGet == null ? null : new HttpGetAction(httpGet.path(), port, httpGet.scheme()),
        tcpSocket == null ? null : new TcpSocketAction(port),
        grpc == null ? null : new GrpcAction(port, grpc.service()),
        periodSeconds,
        timeoutSeconds,
        failureThreshold);
  }
}

package dev.graceful.shape;

import dev.graceful.api.v1alpha1.GrpcAction;
import dev.graceful.api.v1alpha1.HttpGetAction;
import dev.graceful.api.v1alpha1.HttpGetAction.Scheme;
import dev.graceful.api.v1alpha1.ReadinessProbe;
import dev.graceful.observe.ContainerFacts;
import dev.graceful.observe.ReadinessCheck;
import dev.graceful.observe.TemplateContainer;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether a policy's readiness probe may be given to a container. A probe that does not work turns
 * a serving app into no ready pods, so it must have been seen to work on a running pod.
 */
public final class Readiness {

  /**
   * A probe that could be given to a container.
   *
   * @param probe with the port's number
   */
  public record Trial(String container, ReadinessProbe probe, ReadinessCheck check) {}

  private Readiness() {}

  /** The one container that could be given the probe; null: there is none. */
  public static @Nullable Trial trial(
      ReadinessProbe probe, List<TemplateContainer> serving, Set<Integer> servingPorts) {
    for (TemplateContainer container : serving) {
      ReadinessCheck check = ReadinessCheck.of(probe, container.facts());
      boolean itsOwn =
          check != null
              && servingPorts.contains(check.port())
              && (container.facts().ports().contains(check.port()) || serving.size() == 1);
      if (check != null && itsOwn) {
        return new Trial(container.name(), probe.withPort(check.port()), check);
      }
    }
    return null;
  }

  /** What a probe is for a container, its port by number; null: it has no port of that name. */
  public static @Nullable ReadinessProbe probeFor(ReadinessProbe probe, ContainerFacts container) {
    ReadinessCheck check = ReadinessCheck.of(probe, container);
    return check == null ? null : probe.withPort(check.port());
  }

  /** Whether a container has a probe with all that this one states. */
  public static boolean has(TemplateContainer container, ReadinessProbe stated) {
    return container.readinessProbe() != null && says(container.readinessProbe(), stated);
  }

  /**
   * Whether a probe has all that another states; what it leaves out is Kubernetes' to fill in.
   *
   * @param actual as the API server has it
   */
  private static boolean says(ReadinessProbe actual, ReadinessProbe stated) {
    return asks(actual.httpGet(), stated.httpGet())
        && Objects.equals(actual.tcpSocket(), stated.tcpSocket())
        && asks(actual.grpc(), stated.grpc())
        && unstatedOrEqual(stated.periodSeconds(), actual.periodSeconds())
        && unstatedOrEqual(stated.timeoutSeconds(), actual.timeoutSeconds())
        && unstatedOrEqual(stated.failureThreshold(), actual.failureThreshold());
  }

  private static boolean asks(@Nullable HttpGetAction actual, @Nullable HttpGetAction stated) {
    if (actual == null || stated == null) {
      return Objects.equals(actual, stated);
    }
    return actual.path().equals(stated.path())
        && actual.port().equals(stated.port())
        && schemeOf(actual) == schemeOf(stated);
  }

  private static boolean asks(@Nullable GrpcAction actual, @Nullable GrpcAction stated) {
    if (actual == null || stated == null) {
      return Objects.equals(actual, stated);
    }
    return actual.port().equals(stated.port())
        && Objects.requireNonNullElse(actual.service(), "")
            .equals(Objects.requireNonNullElse(stated.service(), ""));
  }

  private static Scheme schemeOf(HttpGetAction action) {
    return Objects.requireNonNullElse(action.scheme(), Scheme.HTTP);
  }

  private static boolean unstatedOrEqual(@Nullable Integer stated, @Nullable Integer actual) {
    return stated == null || stated.equals(actual);
  }
}

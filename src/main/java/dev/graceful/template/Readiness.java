package dev.graceful.template;

import dev.graceful.api.v1alpha1.GrpcAction;
import dev.graceful.api.v1alpha1.HttpGetAction;
import dev.graceful.api.v1alpha1.HttpGetAction.Scheme;
import dev.graceful.api.v1alpha1.ReadinessProbe;
import dev.graceful.facts.ContainerFacts;
import dev.graceful.facts.ReadinessCheck;
import dev.graceful.facts.TemplateContainer;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A policy's readiness probe and the containers that can have it. A probe that fails takes all pods
 * of a serving app out of their Service, so a running pod must pass it before it is written.
 */
public final class Readiness {

  /**
   * A probe for a running pod to pass.
   *
   * @param container the one that gets the probe
   * @param probe with the port's number
   * @param check the request that the probe makes
   */
  public record Trial(String container, ReadinessProbe probe, ReadinessCheck check) {}

  private Readiness() {}

  /** The probe for the first container that serves the probe's port; null: none does. */
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

  /** A probe with the number of the container's port; null: it has no port of that name. */
  public static @Nullable ReadinessProbe probeFor(ReadinessProbe probe, ContainerFacts container) {
    ReadinessCheck check = ReadinessCheck.of(probe, container);
    return check == null ? null : probe.withPort(check.port());
  }

  /** Whether a container's probe has all that this one states; Kubernetes fills in the rest. */
  public static boolean has(TemplateContainer container, ReadinessProbe stated) {
    return container.readinessProbe() != null && says(container.readinessProbe(), stated);
  }

  private static boolean says(ReadinessProbe actual, ReadinessProbe stated) {
    return Objects.equals(filledIn(actual.httpGet()), filledIn(stated.httpGet()))
        && Objects.equals(actual.tcpSocket(), stated.tcpSocket())
        && Objects.equals(filledIn(actual.grpc()), filledIn(stated.grpc()))
        && unstatedOrEqual(stated.periodSeconds(), actual.periodSeconds())
        && unstatedOrEqual(stated.timeoutSeconds(), actual.timeoutSeconds())
        && unstatedOrEqual(stated.failureThreshold(), actual.failureThreshold());
  }

  private static @Nullable HttpGetAction filledIn(@Nullable HttpGetAction get) {
    return get == null || get.scheme() != null
        ? get
        : new HttpGetAction(get.path(), get.port(), Scheme.HTTP);
  }

  private static @Nullable GrpcAction filledIn(@Nullable GrpcAction grpc) {
    return grpc == null || grpc.service() != null ? grpc : new GrpcAction(grpc.port(), "");
  }

  private static boolean unstatedOrEqual(@Nullable Integer stated, @Nullable Integer actual) {
    return stated == null || stated.equals(actual);
  }
}

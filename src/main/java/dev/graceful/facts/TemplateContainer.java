package dev.graceful.facts;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graceful.api.v1alpha1.ReadinessProbe;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Lifecycle;
import io.fabric8.kubernetes.api.model.Probe;
import org.jspecify.annotations.Nullable;

/**
 * A container of a Deployment's pod template, with what is known of who wrote it.
 *
 * @param hasLifecycle whether it has a lifecycle, be it an empty one
 * @param lifecycleHasMore whether that has anything besides preStop
 * @param preStopDeclared whether anyone but the operator says that its preStop is to be
 * @param readinessProbe its probe as far as a policy can say one; null: it has none
 * @param readinessDeclared whether anyone but the operator says that the probe is to be
 */
public record TemplateContainer(
    ContainerFacts facts,
    boolean hasLifecycle,
    boolean lifecycleHasMore,
    boolean preStopDeclared,
    @Nullable ReadinessProbe readinessProbe,
    boolean readinessDeclared) {

  /** What a policy cannot say of a probe (exec, headers, a delay) is not read. */
  private static final ObjectMapper LENIENT =
      new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  static TemplateContainer from(Container container, Declarations declarations) {
    Lifecycle lifecycle = container.getLifecycle();
    Probe probe = container.getReadinessProbe();
    String name = container.getName();
    return new TemplateContainer(
        ContainerFacts.from(container),
        lifecycle != null,
        lifecycle != null
            && (lifecycle.getPostStart() != null || lifecycle.getStopSignal() != null),
        declarations.preStop(name),
        probe == null ? null : sayable(LENIENT.convertValue(probe, ReadinessProbe.class)),
        declarations.readinessProbe(name));
  }

  /** No policy can say a longer path or service, so it need not be known. */
  private static ReadinessProbe sayable(ReadinessProbe probe) {
    boolean tooLong =
        (probe.httpGet() != null && isTooLong(probe.httpGet().path()))
            || (probe.grpc() != null && isTooLong(probe.grpc().service()));
    return tooLong
        ? new ReadinessProbe(
            null,
            null,
            null,
            probe.periodSeconds(),
            probe.timeoutSeconds(),
            probe.failureThreshold())
        : probe;
  }

  private static boolean isTooLong(@Nullable String text) {
    return text != null && text.length() > ContainerFacts.LONGEST_PATH;
  }

  /** Its name. */
  public String name() {
    return facts.name();
  }

  /** The seconds of its preStop sleep; 0: none, or a hook of another kind. */
  public int sleepSeconds() {
    return facts.sleepSeconds();
  }
}

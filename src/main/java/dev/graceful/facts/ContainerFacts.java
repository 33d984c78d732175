package dev.graceful.facts;

import dev.graceful.facts.HookSleep.Kind;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.HTTPGetAction;
import io.fabric8.kubernetes.api.model.Lifecycle;
import io.fabric8.kubernetes.api.model.LifecycleHandler;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A regular container of a pod template.
 *
 * @param hasPreStop whether it has a preStop hook of any kind
 * @param sleepSeconds the seconds of its preStop sleep; 0: none, or a hook of another kind
 * @param hookSleep how long its preStop hook takes; null: it has none, or its text does not tell
 * @param httpReadiness the GET of its readiness probe; null: it has no such probe, its path is
 *     longer than {@link #LONGEST_PATH}, or its headers are none that the operator sends
 * @param ports the container ports that it declares; declaring them is optional
 * @param namedPorts those of them that have a name, by it
 */
public record ContainerFacts(
    String name,
    boolean hasPreStop,
    int sleepSeconds,
    @Nullable HookSleep hookSleep,
    boolean hasReadinessProbe,
    @Nullable HttpReadiness httpReadiness,
    Set<Integer> ports,
    Map<String, Integer> namedPorts) {

  /**
   * In characters, as a policy's own path may be. The API sets no limit, and what the operator
   * keeps of every pod template of the cluster is to stay small.
   */
  static final int LONGEST_PATH = 1024;

  private static final Pattern FIELD_PATH =
      Pattern.compile("spec\\.(?:c|initC)ontainers\\{([a-z0-9-]{1,63})}");

  /**
   * A readiness probe that sends a GET.
   *
   * @param port null: the container declares none of the probe's name
   */
  public record HttpReadiness(
      String path, @Nullable Integer port, boolean tls, ProbeHeaders headers) {

    /** Without headers of its own. */
    public HttpReadiness(String path, @Nullable Integer port, boolean tls) {
      this(path, port, tls, ProbeHeaders.NONE);
    }
  }

  /** With a hook that is a native sleep, or one whose text does not tell how long it takes. */
  public ContainerFacts(
      String name,
      boolean hasPreStop,
      int sleepSeconds,
      boolean hasReadinessProbe,
      @Nullable HttpReadiness httpReadiness,
      Set<Integer> ports,
      Map<String, Integer> namedPorts) {
    this(
        name,
        hasPreStop,
        sleepSeconds,
        sleepSeconds == 0 ? null : new HookSleep(sleepSeconds * 1_000L, Kind.Native),
        hasReadinessProbe,
        httpReadiness,
        ports,
        namedPorts);
  }

  /** Whether it has a preStop hook that is no native sleep: it may fail, or take longer. */
  public boolean hasCustomPreStop() {
    return hasPreStop && (hookSleep == null || hookSleep.kind() != Kind.Native);
  }

  /** How long its preStop hook takes, in milliseconds; null: not known. */
  public @Nullable Long hookMillis() {
    if (!hasPreStop) {
      return 0L;
    }
    return hookSleep == null || hookSleep.kind() == Kind.AtLeast ? null : hookSleep.millis();
  }

  /** How long its preStop hook takes at least, as far as is known, in milliseconds. */
  public long hookMillisAtLeast() {
    return hookSleep == null ? 0 : hookSleep.millis();
  }

  /**
   * The name of the container that a Kubernetes Event is about.
   *
   * @param fieldPath such as {@code spec.containers{app}}; null: none
   * @return empty: it is about none
   */
  public static String nameIn(@Nullable String fieldPath) {
    Matcher container = FIELD_PATH.matcher(fieldPath == null ? "" : fieldPath);
    return container.matches() ? container.group(1) : "";
  }

  /** Reads a container of the API. */
  public static ContainerFacts from(Container container) {
    Lifecycle lifecycle = container.getLifecycle();
    LifecycleHandler preStop = lifecycle == null ? null : lifecycle.getPreStop();
    int sleepSeconds =
        preStop == null || preStop.getSleep() == null || preStop.getSleep().getSeconds() == null
            ? 0
            : Math.clamp(preStop.getSleep().getSeconds(), 0, Integer.MAX_VALUE);
    Map<String, Integer> namedPorts =
        container.getPorts().stream()
            .filter(port -> port.getName() != null)
            .collect(
                Collectors.toUnmodifiableMap(
                    ContainerPort::getName, ContainerPort::getContainerPort, (a, b) -> a));
    var probe = container.getReadinessProbe();
    return new ContainerFacts(
        container.getName(),
        preStop != null,
        sleepSeconds,
        HookSleep.of(preStop),
        probe != null,
        probe == null ? null : httpReadiness(probe.getHttpGet(), namedPorts),
        container.getPorts().stream()
            .map(ContainerPort::getContainerPort)
            .collect(Collectors.toUnmodifiableSet()),
        namedPorts);
  }

  private static @Nullable HttpReadiness httpReadiness(
      @Nullable HTTPGetAction get, Map<String, Integer> namedPorts) {
    // A probe of another host says nothing of the pod.
    if (get == null || (get.getHost() != null && !get.getHost().isEmpty())) {
      return null;
    }
    var port = get.getPort();
    Integer number =
        port == null
            ? null
            : port.getIntVal() != null ? port.getIntVal() : namedPorts.get(port.getStrVal());
    String path = get.getPath() == null || get.getPath().isEmpty() ? "/" : get.getPath();
    ProbeHeaders headers = ProbeHeaders.of(get.getHttpHeaders());
    return path.length() > LONGEST_PATH || headers == null
        ? null
        : new HttpReadiness(path, number, "HTTPS".equals(get.getScheme()), headers);
  }
}

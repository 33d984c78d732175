package dev.graceful.evidence;

import dev.graceful.facts.ContainerFacts;
import dev.graceful.facts.UnfitPath;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was known of a pod when its deletion was seen.
 *
 * @param graceSeconds of the deletion, as first seen; later deletions may shorten it
 * @param fullGraceSeconds what its template gives it; 0: not known
 * @param propagationSeconds how long clients may come after the pod has left its endpoints
 * @param connects whether the policy has the pod connected to at all
 * @param asked what is requested of it; null: nothing
 * @param ports the ports that clients use
 * @param unfit what is not requested, as it was answered badly before; null: there is none
 * @param serving the containers that serve its endpoints
 * @param proxy a known proxy in front of the app; null: none
 * @param ownAddress whether it may be asked at its address
 * @param everReady whether it was ever seen ready
 * @param exposed whether any EndpointSlice that clients use had it
 * @param unready null: one had it as ready
 * @param probed whether the probe plays its clients
 */
public record Setting(
    long graceSeconds,
    long fullGraceSeconds,
    int propagationSeconds,
    boolean connects,
    @Nullable ProbedPath asked,
    ProbedPorts ports,
    @Nullable UnfitPath unfit,
    List<ContainerFacts> serving,
    @Nullable String proxy,
    boolean ownAddress,
    boolean everReady,
    boolean exposed,
    @Nullable Unready unready,
    boolean probed) {

  /**
   * How much earlier than its status was seen the kubelet may have begun the hook: it hands the
   * status to a writer and does not wait. On a node with much to do the write came 0.9 s later.
   */
  private static final long TAKEN_EARLIER_MILLIS = 1_000;

  /** How much later than its status was seen the kubelet begins the hook at most. */
  private static final long TAKEN_LATER_MILLIS = 500;

  /** How much earlier than the operator the kubelet may have heard of the deletion. */
  private static final long HEARD_EARLIER_MILLIS = 250;

  /** How late the kubelet takes up a deletion: with its next look at the node's containers. */
  private static final long KUBELET_LATE_MILLIS = 2_500;

  /** How long a container runtime may take to start a hook's command. Chosen for a busy node. */
  private static final long COMMAND_LATE_MILLIS = 2_000;

  /** The longest preStop sleep of the serving containers; 0: none. */
  public int sleepSeconds() {
    return serving.stream().mapToInt(ContainerFacts::sleepSeconds).max().orElse(0);
  }

  /**
   * How long the preStop hook takes, in milliseconds, where that is the same in all serving
   * containers. The kubelet waits for none beyond the grace period.
   *
   * @return null: not known, so that it is not known when SIGTERM comes either
   */
  public @Nullable Long hookMillis() {
    List<@Nullable Long> all =
        serving.stream().<@Nullable Long>map(ContainerFacts::hookMillis).distinct().toList();
    if (all.size() > 1) {
      return null;
    }
    Long hook = all.isEmpty() ? Long.valueOf(0) : all.getFirst();
    return hook == null ? null : Long.valueOf(Math.min(hook, graceSeconds * 1_000));
  }

  /** How long a preStop hook of the serving containers takes at least, in milliseconds. */
  public long hookMillisAtLeast() {
    return serving.stream().mapToLong(ContainerFacts::hookMillisAtLeast).max().orElse(0);
  }

  /** Whether a serving container has a preStop hook that is no native sleep. */
  public boolean customPreStop() {
    return serving.stream().anyMatch(ContainerFacts::hasCustomPreStop);
  }

  /** Whether a container of this name serves, or may. */
  boolean mayServe(String container) {
    return serving.stream().anyMatch(each -> each.name().equals(container));
  }

  /**
   * Whether one of the serving containers certainly serves. Of several none of which declares a
   * port of the Service, only one with an HTTP readiness probe does.
   */
  public boolean surelyServes(ContainerFacts container) {
    return serving.size() == 1
        || container.httpReadiness() != null
        || serving.stream().noneMatch(each -> each.ports().isEmpty());
  }

  /** Whether a serving container has a readiness probe. */
  public boolean readinessProbe() {
    return serving.stream().anyMatch(ContainerFacts::hasReadinessProbe);
  }

  /** Whether there is time for clients with requests in flight over SIGTERM. */
  public boolean leavesTimeForClients() {
    return SigtermWindow.leavesTimeForClients(graceSeconds, hookMillisAtLeast());
  }

  /**
   * When SIGTERM comes, in milliseconds since the deletion was seen.
   *
   * @param takenMillis when the kubelet was seen to have taken up the deletion; null: not seen
   * @return null: how long the hook takes is not known
   */
  public @Nullable SigtermWindow sigterm(@Nullable Long takenMillis) {
    Long hook = hookMillis();
    if (hook == null) {
      return null;
    }
    long beganEarliest = -HEARD_EARLIER_MILLIS;
    long beganLatest = KUBELET_LATE_MILLIS;
    if (takenMillis != null) {
      beganEarliest = Math.min(beganEarliest, takenMillis - TAKEN_EARLIER_MILLIS);
      beganLatest = takenMillis + TAKEN_LATER_MILLIS;
    }
    return new SigtermWindow(
        Math.max(0, hook + beganEarliest),
        hook + beganLatest + (customPreStop() ? COMMAND_LATE_MILLIS : 0));
  }
}

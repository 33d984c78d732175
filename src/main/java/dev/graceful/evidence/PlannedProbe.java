package dev.graceful.evidence;

import dev.graceful.facts.ContainerFacts;
import dev.graceful.facts.UnfitPath;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a terminating pod is asked.
 *
 * @param fullGraceSeconds what its template gives it; 0: not known
 * @param serving the containers that serve its endpoints
 * @param asking null: nothing is sent
 * @param ports those that are connected to
 * @param unfit the path that it would be asked, but for how it was answered; null: there is none
 * @param met how its revision answered before; null: not known
 * @param ownAddress whether it may be asked at its address
 * @param probed whether the probe plays its clients
 */
record PlannedProbe(
    ProbeRules rules,
    long fullGraceSeconds,
    List<ContainerFacts> serving,
    @Nullable ProbePlan asking,
    ProbedPorts ports,
    @Nullable UnfitPath unfit,
    @Nullable Baseline met,
    boolean ownAddress,
    boolean probed) {

  /** The ports besides the one that is asked. */
  List<PodPort> others(String address) {
    return ports.tried().stream().skip(1).map(port -> new PodPort(address, port.number())).toList();
  }

  /** What is known of the pod as its deletion is seen. */
  Setting setting(Pod pod, long graceSeconds, boolean exposed, Tick deletedAt) {
    return new Setting(
        graceSeconds,
        fullGraceSeconds,
        rules.propagationSeconds(),
        rules.verify().connects(),
        asking == null || asking.path() == null || met == null
            ? null
            : new ProbedPath(asking.path(), asking.readinessPath(), met.usualMillis()),
        ports,
        unfit,
        serving,
        pod.proxy != null ? pod.proxy : met == null ? null : met.proxy(),
        ownAddress,
        pod.everReady,
        exposed,
        pod.unready(deletedAt),
        probed);
  }
}

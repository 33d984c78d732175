package dev.graceful.template.rule;

import dev.graceful.api.v1alpha1.Decision;
import dev.graceful.facts.ClientPorts;
import dev.graceful.facts.DeploymentFacts;
import dev.graceful.facts.ReadinessAnswer;
import dev.graceful.facts.ServingContainers;
import dev.graceful.facts.TemplateContainer;
import dev.graceful.template.Ledger;
import dev.graceful.template.Readiness;
import dev.graceful.template.Readiness.Trial;
import dev.graceful.template.ShutdownGoal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The input of the rules, and the questions that several of them ask.
 *
 * @param ports how clients reach the Deployment's pods; it is not exposed while no slice has one of
 *     them, as when it is scaled to 0
 * @param answer a running pod's answer to the {@link #trial}; null: there is no trial
 */
record Situation(
    ShutdownGoal wish,
    DeploymentFacts deployment,
    ClientPorts ports,
    Ledger ledger,
    @Nullable ReadinessAnswer answer) {

  /** The {@link #candidate}, if it is not in the template; null: there is none to try. */
  @Nullable Trial trial() {
    Trial trial = candidate();
    return trial == null || isInPlace(trial) ? null : trial;
  }

  /** The policy's readiness probe for the container that can have it; null: none can. */
  @Nullable Trial candidate() {
    return wish.readinessProbe() == null
        ? null
        : Readiness.trial(wish.readinessProbe(), unprobed(), ports.tcp());
  }

  /** Whether the template has the probe already. */
  boolean isInPlace(Trial trial) {
    return unprobed().stream()
        .anyMatch(c -> c.name().equals(trial.container()) && Readiness.has(c, trial.probe()));
  }

  /**
   * The containers that serve. While no slice has a pod of the Deployment, they are those of the
   * last decision and those with values of the operator's.
   */
  List<TemplateContainer> serving() {
    List<TemplateContainer> all = deployment.containers();
    if (ports.exposed()) {
      return ServingContainers.among(all, TemplateContainer::facts, ports.all());
    }
    Decision decided = ledger.decision();
    return decided == null
        ? List.of()
        : all.stream()
            .filter(c -> isIn(decided, c) || ledger.isOurSleep(c) || ledger.isOurProbe(c))
            .toList();
  }

  private static boolean isIn(Decision decided, TemplateContainer container) {
    List<String> probed = decided.readinessContainers();
    return decided.containers().contains(container.name())
        || (probed != null && probed.contains(container.name()));
  }

  /** The serving containers without a readiness probe, or with the operator's. */
  List<TemplateContainer> unprobed() {
    return serving().stream()
        .filter(c -> !c.facts().hasReadinessProbe() || ledger.isOurProbe(c))
        .toList();
  }

  /**
   * The containers whose sleeps count. The kubelet sends each container its SIGTERM when that
   * container's own hook is over, or at once if it has none. A container that serves no port may be
   * the one behind a container that does, so it must sleep as long.
   */
  private List<TemplateContainer> sleepers() {
    return ports.exposed() ? deployment.containers() : serving();
  }

  /** The {@link #sleepers} without a preStop hook, or with the operator's. */
  List<TemplateContainer> unhooked() {
    return sleepers().stream()
        .filter(c -> !c.facts().hasPreStop() || ledger.isOurSleep(c))
        .toList();
  }

  /** Whether the owner's own sleeps are as long as the policy's, and no container needs another. */
  boolean ownSleepSuffices() {
    List<TemplateContainer> unhooked = unhooked();
    return serving().stream()
            .allMatch(c -> !ledger.isOurSleep(c) && c.sleepSeconds() >= wish.sleepSeconds())
        && (wish.sleepSeconds() == 0
            ? unhooked.stream().noneMatch(ledger::isOurSleep)
            : unhooked.isEmpty());
  }

  /** The longest sleep of the template, the policy's included. */
  long longestSleepSeconds() {
    return Math.max(wish.sleepSeconds(), ledger.longestOwnSleepSeconds(sleepers()));
  }

  /** The grace period that leaves the policy's drain after the longest sleep. */
  long wantedGraceSeconds() {
    return longestSleepSeconds() + wish.drainSeconds();
  }

  /** The grace period without the operator's part, in seconds. */
  long graceWithoutUs() {
    return ledger.graceWithoutUs(deployment);
  }

  /** Whether the owner declares a grace period that is too short for the policy. */
  boolean isGraceShort() {
    return ledger.graceIsDeclared(deployment) && deployment.graceSeconds() < wantedGraceSeconds();
  }

  /** The policy's sleep with a grace period; null: neither is needed. */
  @Nullable Decision sleeping(long graceSeconds) {
    List<String> names = wish.sleepSeconds() == 0 ? List.of() : names(unhooked());
    return names.isEmpty() && graceSeconds == graceWithoutUs()
        ? null
        : new Decision(names, names.isEmpty() ? 0 : wish.sleepSeconds(), graceSeconds);
  }

  static List<String> names(List<TemplateContainer> containers) {
    return containers.stream().map(TemplateContainer::name).toList();
  }
}

package dev.graceful.report;

import dev.graceful.api.v1alpha1.Decision;
import dev.graceful.facts.DeploymentFacts;
import dev.graceful.facts.ServingContainers;
import dev.graceful.facts.TemplateContainer;
import dev.graceful.template.ShutdownGoal;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The times that a Deployment's pods have, once the operator's decision is in their template.
 *
 * @param sleepSeconds the shortest preStop sleep of the containers that serve; null: one of them
 *     has another hook, and how long that takes is not known
 * @param drainSeconds what the policy wants for the time from SIGTERM to the end
 * @param graceSeconds the termination grace period
 * @param graceDeclared whether the owner says what that is to be
 */
public record PodTimes(
    @Nullable Integer sleepSeconds, int drainSeconds, long graceSeconds, boolean graceDeclared) {

  /**
   * Those of a Deployment.
   *
   * @param servingPorts the ports of its pods in EndpointSlices
   * @param decision null: the operator wants nothing in the template
   */
  public static PodTimes of(
      DeploymentFacts deployment,
      Set<Integer> servingPorts,
      ShutdownGoal goal,
      @Nullable Decision decision) {
    List<TemplateContainer> serving =
        ServingContainers.among(deployment.containers(), TemplateContainer::facts, servingPorts);
    boolean known = serving.stream().noneMatch(c -> c.facts().hasCustomPreStop());
    int shortest = serving.stream().mapToInt(c -> sleepSeconds(c, decision)).min().orElse(0);
    long decided = decision == null ? 0 : decision.terminationGracePeriodSeconds();
    return new PodTimes(
        known ? shortest : null,
        goal.drainSeconds(),
        Math.max(deployment.graceSeconds(), decided),
        deployment.graceDeclared());
  }

  private static int sleepSeconds(TemplateContainer container, @Nullable Decision decision) {
    return decision != null && decision.containers().contains(container.name())
        ? decision.sleepSeconds()
        : container.sleepSeconds();
  }
}

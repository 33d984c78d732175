package dev.graceful.shape;

import dev.graceful.api.v1alpha1.Apply;
import dev.graceful.api.v1alpha1.Before;
import dev.graceful.api.v1alpha1.Decision;
import dev.graceful.observe.ContainerFacts;
import dev.graceful.observe.DeploymentFacts;
import dev.graceful.observe.ServingContainers;
import dev.graceful.shape.Shaping.InPlace;
import dev.graceful.shape.Shaping.Leave;
import dev.graceful.shape.Shaping.Reason;
import dev.graceful.shape.Shaping.Wait;
import dev.graceful.shape.Shaping.Write;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Decides what is to be written into a Deployment's pod template, or why nothing is. */
public final class Shaper {

  /** A sleep is only added where it leaves this long to drain. */
  static final int LEAST_DRAIN_SECONDS = 10;

  private Shaper() {}

  /**
   * Decides for one Deployment.
   *
   * @param servingPorts the ports that EndpointSlices have for its pods
   * @param ledger what the operator wrote before; only that may be replaced
   */
  public static Shaping shape(
      Wish wish, DeploymentFacts deployment, Set<Integer> servingPorts, Ledger ledger) {
    Decision ours = ledger.decision();
    if (wish.apply() == Apply.Never) {
      return new InPlace(
          Reason.ObserveOnly, "The policy says apply: Never; terminations are only judged.", null);
    }
    if (servingPorts.isEmpty()) {
      return new Leave(
          Reason.NotExposed,
          "No EndpointSlice has any of its pods, so no client is sent to them.",
          "");
    }
    if (deployment.recreate()) {
      return new Leave(
          Reason.RecreateStrategy,
          "With the strategy Recreate all pods are ended before new ones start: a preStop sleep"
              + " would only make the downtime longer.",
          "spec:\n  strategy:\n    type: RollingUpdate\n");
    }
    List<ContainerFacts> serving = ServingContainers.among(deployment.containers(), servingPorts);
    List<ContainerFacts> open =
        serving.stream().filter(c -> !c.hasPreStop() || isOurs(c, ours)).toList();
    return serving.stream()
            .allMatch(c -> !isOurs(c, ours) && c.sleepSeconds() >= wish.sleepSeconds())
        ? withOwnSleep(wish, deployment, serving, ledger)
        : open.isEmpty() ? ownPreStop(wish, serving) : withOurSleep(wish, deployment, open, ledger);
  }

  private static boolean isOurs(ContainerFacts container, @Nullable Decision ours) {
    return ours != null
        && ours.containers().contains(container.name())
        && container.sleepSeconds() == ours.sleepSeconds()
        && container.sleepSeconds() > 0;
  }

  /** Whether the grace period was changed by us; one that was only kept stays its owner's. */
  private static boolean graceIsOurs(DeploymentFacts deployment, Ledger ledger) {
    Decision ours = ledger.decision();
    Before before = ledger.before();
    return ours != null
        && before != null
        && deployment.graceSeconds() == ours.terminationGracePeriodSeconds()
        && deployment.graceSeconds() != before.terminationGracePeriodSeconds();
  }

  /** The owner's own sleep is enough, or none is wanted: only the grace period may be too short. */
  private static Shaping withOwnSleep(
      Wish wish, DeploymentFacts deployment, List<ContainerFacts> serving, Ledger ledger) {
    int sleep = serving.stream().mapToInt(ContainerFacts::sleepSeconds).max().orElse(0);
    int wanted = sleep + wish.drainSeconds();
    Decision ours = ledger.decision();
    if (deployment.graceSeconds() >= wanted) {
      return new InPlace(
          graceIsOurs(deployment, ledger) ? Reason.Programmed : Reason.AlreadyGraceful,
          "The pod template is as the policy wants it.",
          ours);
    }
    if (deployment.graceDeclared() && !graceIsOurs(deployment, ledger)) {
      return new InPlace(
          Reason.DrainShortened,
          "The Deployment declares terminationGracePeriodSeconds: "
              + deployment.graceSeconds()
              + ", which leaves less than the "
              + wish.drainSeconds()
              + " s to drain that the policy asks for. To commit: "
              + inline(wanted),
          ours);
    }
    return pending(deployment, Reason.Programmed, "", new Decision(List.of(), 0, wanted));
  }

  private static Shaping ownPreStop(Wish wish, List<ContainerFacts> serving) {
    String names = serving.stream().map(ContainerFacts::name).collect(Collectors.joining(", "));
    return new Leave(
        Reason.OwnPreStop,
        "Container "
            + names
            + " has a preStop hook of its own, which is left as it is; whether it is enough is"
            + " judged at each termination.",
        "spec:\n  template:\n    spec:\n      terminationGracePeriodSeconds: "
            + wish.graceSeconds()
            + "\n      containers:\n"
            + serving.stream()
                .map(
                    c ->
                        "      - name: "
                            + c.name()
                            + "\n        lifecycle:\n          preStop:\n            sleep:\n"
                            + "              seconds: "
                            + wish.sleepSeconds()
                            + "\n")
                .collect(Collectors.joining()));
  }

  private static Shaping withOurSleep(
      Wish wish, DeploymentFacts deployment, List<ContainerFacts> open, Ledger ledger) {
    boolean mayRaise = !deployment.graceDeclared() || graceIsOurs(deployment, ledger);
    long grace = deployment.graceSeconds();
    Reason reason = Reason.Programmed;
    String message = "";
    if (grace < wish.graceSeconds() && !mayRaise) {
      if (grace - wish.sleepSeconds() < LEAST_DRAIN_SECONDS) {
        return new Leave(
            Reason.GraceDeclared,
            "The Deployment declares terminationGracePeriodSeconds: "
                + grace
                + "; a preStop sleep of "
                + wish.sleepSeconds()
                + " s would leave it less than "
                + LEAST_DRAIN_SECONDS
                + " s to drain. To commit: "
                + inline(wish.graceSeconds()),
            "spec:\n  template:\n    spec:\n      terminationGracePeriodSeconds: "
                + wish.graceSeconds()
                + "\n");
      }
      reason = Reason.DrainShortened;
      message =
          "The Deployment declares terminationGracePeriodSeconds: "
              + grace
              + ", which leaves "
              + (grace - wish.sleepSeconds())
              + " s to drain after the preStop sleep; the policy asks for "
              + wish.drainSeconds()
              + " s. To commit: "
              + inline(wish.graceSeconds());
    }
    // Only what we raised ourselves may follow the policy down, and never below the owner's value.
    Before before = ledger.before();
    long floor =
        before != null && graceIsOurs(deployment, ledger)
            ? before.terminationGracePeriodSeconds()
            : grace;
    long wanted = mayRaise ? Math.max(floor, wish.graceSeconds()) : grace;
    var decision =
        new Decision(
            open.stream().map(ContainerFacts::name).toList(),
            wish.sleepSeconds(),
            Math.toIntExact(wanted));
    boolean inPlace =
        grace == wanted && open.stream().allMatch(c -> c.sleepSeconds() == wish.sleepSeconds());
    return inPlace
        ? new InPlace(
            reason,
            message.isEmpty() ? "The pod template has what was decided." : message,
            decision)
        : pending(deployment, reason, message, decision);
  }

  private static Shaping pending(
      DeploymentFacts deployment, Reason reason, String message, Decision decision) {
    if (deployment.paused()) {
      return new Wait(
          Reason.DeploymentPaused, "The Deployment is paused; written when it resumes.", decision);
    }
    if (!deployment.settled()) {
      return new Wait(
          Reason.RolloutInProgress,
          "A rollout is under way, or not all replicas are available; written when it is over.",
          decision);
    }
    return new Write(reason, message, decision);
  }

  private static String inline(int graceSeconds) {
    return "spec.template.spec.terminationGracePeriodSeconds: " + graceSeconds;
  }
}

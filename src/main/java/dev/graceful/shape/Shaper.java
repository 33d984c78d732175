package dev.graceful.shape;

import dev.graceful.api.v1alpha1.Apply;
import dev.graceful.api.v1alpha1.Decision;
import dev.graceful.observe.DeploymentFacts;
import dev.graceful.observe.ReadinessAnswer;
import dev.graceful.observe.ServingContainers;
import dev.graceful.observe.TemplateContainer;
import dev.graceful.shape.Readiness.Trial;
import dev.graceful.shape.Shaping.InPlace;
import dev.graceful.shape.Shaping.Leave;
import dev.graceful.shape.Shaping.Pending;
import dev.graceful.shape.Shaping.Reason;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Decides what is to be in a Deployment's pod template, or why nothing of the operator's is. */
public final class Shaper {

  /** A sleep is only added where it leaves this long to drain, unless the policy wants less. */
  static final int LEAST_DRAIN_SECONDS = 10;

  private Shaper() {}

  /**
   * Decides for one Deployment that a policy governs.
   *
   * @param servingPorts the ports that EndpointSlices have for its pods
   * @param ledger by which the operator knows its own values; only those may be replaced
   * @param answer what a running pod answered to the {@link #trial}; null: there is none to try
   */
  public static Shaping shape(
      Wish wish,
      DeploymentFacts deployment,
      Set<Integer> servingPorts,
      Ledger ledger,
      @Nullable ReadinessAnswer answer) {
    if (wish.apply() == Apply.Never) {
      return new InPlace(
          Reason.ObserveOnly,
          ledger.decision() == null
              ? "The policy says apply: Never; terminations are only judged."
              : "The policy says apply: Never; what the operator wrote before stays, and"
                  + " terminations are only judged.",
          ledger.decision());
    }
    if (deployment.recreate()) {
      return leave(
          Reason.RecreateStrategy,
          "With the strategy Recreate all pods are ended before new ones start: a preStop sleep"
              + " would only make the downtime longer.",
          "spec:\n  strategy:\n    type: RollingUpdate\n",
          deployment,
          ledger);
    }
    List<TemplateContainer> serving = serving(deployment, servingPorts, ledger);
    if (serving.isEmpty()) {
      return leave(
          Reason.NotExposed,
          "No EndpointSlice has any of its pods, so no client is sent to them.",
          "",
          deployment,
          ledger);
    }
    List<TemplateContainer> open =
        serving.stream().filter(c -> !c.facts().hasPreStop() || ledger.isOurSleep(c)).toList();
    Shaping sleep =
        serving.stream()
                .allMatch(c -> !ledger.isOurSleep(c) && c.sleepSeconds() >= wish.sleepSeconds())
            ? withOwnSleep(wish, deployment, serving, ledger)
            : open.isEmpty()
                ? ownPreStop(wish, deployment, serving, ledger)
                : withOurSleep(wish, deployment, open, ledger);
    return withReadiness(sleep, wish, deployment, serving, servingPorts, ledger, answer);
  }

  /** Decides for one that no policy governs any more: what was there before goes back. */
  public static Shaping giveBack(DeploymentFacts deployment, Ledger ledger) {
    Change change = Change.to(null, deployment, ledger);
    return change.isNone()
        ? new InPlace(Reason.GivingBack, "Nothing of the operator's is in the template.", null)
        : new Pending(
            Reason.GivingBack, "What was there before the operator goes back.", null, change);
  }

  /** Decides for one whose owner takes out what the operator writes. */
  public static Shaping contested(Wish wish, DeploymentFacts deployment, Ledger ledger) {
    List<String> names =
        ledger.decision() != null
            ? ledger.decision().containers()
            : deployment.containers().stream().map(TemplateContainer::name).limit(1).toList();
    return leave(
        Reason.Contested,
        "The owner has taken out twice within an hour what the operator wrote, so it is left"
            + " alone until the policy is edited.",
        yaml(wish, names),
        deployment,
        ledger);
  }

  /**
   * The readiness probe that a running pod has to pass before it is decided on; null: there is none
   * to try.
   */
  public static @Nullable Trial trial(
      Wish wish, DeploymentFacts deployment, Set<Integer> servingPorts, Ledger ledger) {
    if (wish.apply() == Apply.Never || wish.readinessProbe() == null) {
      return null;
    }
    List<TemplateContainer> open = unprobed(serving(deployment, servingPorts, ledger), ledger);
    Trial trial = Readiness.trial(wish.readinessProbe(), open, servingPorts);
    return trial == null || isGiven(trial, open) ? null : trial;
  }

  private static List<TemplateContainer> unprobed(List<TemplateContainer> serving, Ledger ledger) {
    return serving.stream()
        .filter(c -> !c.facts().hasReadinessProbe() || ledger.isOurProbe(c))
        .toList();
  }

  private static boolean isGiven(Trial trial, List<TemplateContainer> open) {
    return open.stream()
        .anyMatch(
            c ->
                c.name().equals(trial.container())
                    && c.readinessProbe() != null
                    && Readiness.says(c.readinessProbe(), trial.probe()));
  }

  /** While none of its pods is in a slice, as when it is scaled to 0, what was decided stands. */
  private static List<TemplateContainer> serving(
      DeploymentFacts deployment, Set<Integer> servingPorts, Ledger ledger) {
    if (!servingPorts.isEmpty()) {
      return ServingContainers.among(
          deployment.containers(), TemplateContainer::facts, servingPorts);
    }
    Decision decided = ledger.decision();
    return deployment.containers().stream()
        .filter(c -> decided != null && decided.containers().contains(c.name()))
        .toList();
  }

  private static Shaping settle(
      Reason reason,
      String message,
      @Nullable Decision decision,
      DeploymentFacts deployment,
      Ledger ledger) {
    Change change = Change.to(decision, deployment, ledger);
    return change.isNone()
        ? new InPlace(reason, message, decision)
        : new Pending(reason, message, decision, change);
  }

  private static Shaping leave(
      Reason reason, String message, String yaml, DeploymentFacts deployment, Ledger ledger) {
    String all = yaml.isEmpty() ? message : message + " To commit:\n" + yaml;
    Change change = Change.to(null, deployment, ledger);
    return change.isNone() ? new Leave(reason, all) : new Pending(reason, all, null, change);
  }

  /** The owner's own sleep is enough, or none is wanted: only the grace period may be too short. */
  private static Shaping withOwnSleep(
      Wish wish, DeploymentFacts deployment, List<TemplateContainer> serving, Ledger ledger) {
    int sleep = serving.stream().mapToInt(TemplateContainer::sleepSeconds).max().orElse(0);
    int wanted = sleep + wish.drainSeconds();
    long grace = deployment.graceSeconds();
    boolean ours = ledger.graceIsOurs(deployment);
    if (grace >= wanted && !ours) {
      return settle(
          Reason.AlreadyGraceful,
          "The pod template is as the policy wants it.",
          null,
          deployment,
          ledger);
    }
    if (ledger.graceIsDeclared(deployment)) {
      return settle(
          Reason.DrainShortened,
          "The Deployment declares terminationGracePeriodSeconds: "
              + grace
              + ", which leaves less than the "
              + wish.drainSeconds()
              + " s to drain that the policy asks for. To commit:\n"
              + graceYaml(wanted),
          null,
          deployment,
          ledger);
    }
    long raised = Math.max(floor(deployment, ledger), wanted);
    return settle(
        Reason.Programmed,
        "The pod template has what was decided.",
        new Decision(List.of(), 0, raised),
        deployment,
        ledger);
  }

  private static Shaping ownPreStop(
      Wish wish, DeploymentFacts deployment, List<TemplateContainer> serving, Ledger ledger) {
    List<String> names = serving.stream().map(TemplateContainer::name).toList();
    return leave(
        Reason.OwnPreStop,
        "Container "
            + String.join(", ", names)
            + " has a preStop hook of its own, which is left as it is; whether it is enough is"
            + " judged at each termination.",
        yaml(wish, names),
        deployment,
        ledger);
  }

  private static Shaping withOurSleep(
      Wish wish, DeploymentFacts deployment, List<TemplateContainer> open, Ledger ledger) {
    boolean declared = ledger.graceIsDeclared(deployment);
    long grace = deployment.graceSeconds();
    Reason reason = Reason.Programmed;
    String message = "The pod template has what was decided.";
    if (grace < wish.graceSeconds() && declared) {
      if (grace - wish.sleepSeconds() < LEAST_DRAIN_SECONDS) {
        return leave(
            Reason.GraceDeclared,
            "The Deployment declares terminationGracePeriodSeconds: "
                + grace
                + "; a preStop sleep of "
                + wish.sleepSeconds()
                + " s would leave it less than "
                + LEAST_DRAIN_SECONDS
                + " s to drain.",
            graceYaml(wish.graceSeconds()),
            deployment,
            ledger);
      }
      reason = Reason.DrainShortened;
      message =
          "The Deployment declares terminationGracePeriodSeconds: "
              + grace
              + ", which leaves "
              + (grace - wish.sleepSeconds())
              + " s to drain after the preStop sleep; the policy asks for "
              + wish.drainSeconds()
              + " s. To commit:\n"
              + graceYaml(wish.graceSeconds());
    }
    long wanted = declared ? grace : Math.max(floor(deployment, ledger), wish.graceSeconds());
    List<String> names =
        wish.sleepSeconds() == 0 ? List.of() : open.stream().map(TemplateContainer::name).toList();
    boolean none = names.isEmpty() && wanted == floor(deployment, ledger);
    return settle(
        reason,
        message,
        none ? null : new Decision(names, wish.sleepSeconds(), wanted),
        deployment,
        ledger);
  }

  /**
   * Only what we raised ourselves may follow the policy down, and never below the owner's value.
   */
  private static long floor(DeploymentFacts deployment, Ledger ledger) {
    return ledger.beforeWriting(deployment).terminationGracePeriodSeconds();
  }

  private static Shaping withReadiness(
      Shaping shaping,
      Wish wish,
      DeploymentFacts deployment,
      List<TemplateContainer> serving,
      Set<Integer> servingPorts,
      Ledger ledger,
      @Nullable ReadinessAnswer answer) {
    List<TemplateContainer> open = unprobed(serving, ledger);
    if (open.isEmpty()) {
      return shaping;
    }
    if (wish.readinessProbe() == null) {
      return advise(shaping, open, ledger);
    }
    Trial trial = Readiness.trial(wish.readinessProbe(), open, servingPorts);
    if (trial == null) {
      return unproven(shaping, "no serving container without a probe has its port");
    }
    if (!isGiven(trial, open) && !(answer instanceof ReadinessAnswer.Passed)) {
      return unproven(
          shaping,
          answer instanceof ReadinessAnswer.Failed failed
              ? failed.why()
              : "no running pod was there to try it on");
    }
    Decision base =
        shaping.decision() == null
            ? new Decision(List.of(), 0, deployment.graceSeconds())
            : shaping.decision();
    return settle(
        shaping.reason() == Reason.AlreadyGraceful ? Reason.Programmed : shaping.reason(),
        shaping.message(),
        new Decision(
            base.containers(),
            base.sleepSeconds(),
            base.terminationGracePeriodSeconds(),
            trial.probe(),
            List.of(trial.container())),
        deployment,
        ledger);
  }

  private static Shaping unproven(Shaping shaping, String why) {
    String message =
        "The policy's readiness probe is not written: "
            + why
            + ". Apart from that: "
            + shaping.message();
    return switch (shaping) {
      case InPlace s -> new InPlace(Reason.ReadinessUnproven, message, s.decision());
      case Pending s -> new Pending(Reason.ReadinessUnproven, message, s.decision(), s.change());
      case Leave s -> s;
    };
  }

  private static Shaping advise(Shaping shaping, List<TemplateContainer> open, Ledger ledger) {
    // What was given under an earlier state of the policy goes by itself.
    List<String> without =
        open.stream().filter(c -> !ledger.isOurProbe(c)).map(TemplateContainer::name).toList();
    if (without.isEmpty()) {
      return shaping;
    }
    String advice =
        " Advice: container "
            + String.join(", ", without)
            + " has no readiness probe, so a new pod gets traffic as soon as it runs.";
    return switch (shaping) {
      case InPlace s -> new InPlace(s.reason(), s.message() + advice, s.decision());
      case Pending s -> new Pending(s.reason(), s.message() + advice, s.decision(), s.change());
      case Leave s -> s;
    };
  }

  private static String graceYaml(long graceSeconds) {
    return "spec:\n  template:\n    spec:\n      terminationGracePeriodSeconds: "
        + graceSeconds
        + "\n";
  }

  private static String yaml(Wish wish, List<String> containers) {
    return graceYaml(wish.graceSeconds())
        + "      containers:\n"
        + containers.stream()
            .map(
                name ->
                    "      - name: "
                        + name
                        + "\n        lifecycle:\n          preStop:\n            sleep:\n"
                        + "              seconds: "
                        + wish.sleepSeconds()
                        + "\n")
            .collect(Collectors.joining());
  }
}

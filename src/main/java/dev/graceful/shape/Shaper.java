package dev.graceful.shape;

import dev.graceful.api.v1alpha1.Apply;
import dev.graceful.api.v1alpha1.Decision;
import dev.graceful.api.v1alpha1.ReadinessProbe;
import dev.graceful.observe.DeploymentFacts;
import dev.graceful.observe.ReadinessAnswer;
import dev.graceful.observe.ServingContainers;
import dev.graceful.observe.TemplateContainer;
import dev.graceful.shape.Readiness.Trial;
import dev.graceful.shape.Shaping.InPlace;
import dev.graceful.shape.Shaping.Leave;
import dev.graceful.shape.Shaping.Pending;
import dev.graceful.shape.Shaping.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Decides what is to be in a Deployment's pod template, or why nothing of the operator's is. */
public final class Shaper {

  /** A sleep is only added where it leaves this long to drain, unless the policy wants less. */
  static final int LEAST_DRAIN_SECONDS = 10;

  private Shaper() {}

  /**
   * What is decided, before it is known whether the template has it already.
   *
   * @param words what is to be said of it, sentence by sentence
   * @param yaml what the owner may commit to get more; empty: nothing
   * @param decision null: nothing of the operator's is to be in the template
   */
  private record Draft(
      Reason reason, List<String> words, String yaml, @Nullable Decision decision) {

    static Draft leave(Reason reason, String words, String yaml) {
      return new Draft(reason, List.of(words), yaml, null);
    }

    static Draft programmed(@Nullable Decision decision) {
      return new Draft(Reason.Programmed, List.of(), "", decision);
    }

    Draft saying(String sentence) {
      List<String> all = new ArrayList<>(words);
      all.add(sentence);
      return new Draft(reason, all, yaml, decision);
    }

    Draft because(Reason other) {
      return new Draft(other, words, yaml, decision);
    }

    Draft deciding(Decision other) {
      return new Draft(reason, words, yaml, other);
    }

    /** Whether there is a reason to add none of the operator's. */
    boolean leaves() {
      return switch (reason) {
        case RecreateStrategy, NotExposed, OwnPreStop, GraceDeclared, Contested -> true;
        default -> false;
      };
    }

    /** The YAML comes last, so that it can be cut off and used as it is. */
    String message(boolean inPlace) {
      boolean told = inPlace && decision != null && !leaves();
      String all =
          Stream.concat(
                  told ? Stream.of("The pod template has what was decided.") : Stream.empty(),
                  words.stream())
              .collect(Collectors.joining(" "));
      return yaml.isEmpty() ? all : all + " To commit:\n" + yaml;
    }

    Shaping of(DeploymentFacts deployment, Ledger ledger) {
      Change change = Change.to(decision, deployment, ledger);
      if (!change.isNone()) {
        return new Pending(reason, message(false), decision, change);
      }
      return leaves() && decision == null
          ? new Leave(reason, message(true))
          : new InPlace(reason, message(true), decision);
    }
  }

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
    return draft(wish, deployment, servingPorts, ledger, answer).of(deployment, ledger);
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
    List<String> names = ledger.decisions().map(Decision::containers).findFirst().orElse(List.of());
    return Draft.leave(
            Reason.Contested,
            "The owner has taken out twice within an hour what the operator wrote, so it is left"
                + " alone until the policy is edited.",
            yaml(wish, names, deployment, ledger))
        .of(deployment, ledger);
  }

  /**
   * The readiness probe that a running pod has to pass before it is decided on; null: there is none
   * to try.
   */
  public static @Nullable Trial trial(
      Wish wish, DeploymentFacts deployment, Set<Integer> servingPorts, Ledger ledger) {
    if (wish.apply() == Apply.Never || wish.readinessProbe() == null || deployment.recreate()) {
      return null;
    }
    List<TemplateContainer> open = unprobed(serving(deployment, servingPorts, ledger), ledger);
    Trial trial = Readiness.trial(wish.readinessProbe(), open, servingPorts);
    return trial == null || isGiven(trial, open) ? null : trial;
  }

  private static Draft draft(
      Wish wish,
      DeploymentFacts deployment,
      Set<Integer> servingPorts,
      Ledger ledger,
      @Nullable ReadinessAnswer answer) {
    if (deployment.recreate()) {
      return Draft.leave(
          Reason.RecreateStrategy,
          "With the strategy Recreate all pods are ended before new ones start: a preStop sleep"
              + " would only make the downtime longer.",
          "spec:\n  strategy:\n    type: RollingUpdate\n");
    }
    List<TemplateContainer> serving = serving(deployment, servingPorts, ledger);
    if (serving.isEmpty()) {
      return ledger.decision() == null
          ? Draft.leave(
              Reason.NotExposed,
              "No EndpointSlice has any of its pods, so no client is sent to them.",
              "")
          : Draft.programmed(asDecided(ledger.decision(), deployment, ledger));
    }
    return withReadiness(
        withSleep(wish, deployment, serving, servingPorts, ledger),
        wish,
        deployment,
        serving,
        servingPorts,
        ledger,
        answer);
  }

  /**
   * The kubelet sends each container its SIGTERM when that container's own hook is over, or at once
   * if it has none. A container that serves no port would be gone while the one in front of it is
   * held open: so the sleep goes into every container that has no hook.
   */
  private static Draft withSleep(
      Wish wish,
      DeploymentFacts deployment,
      List<TemplateContainer> serving,
      Set<Integer> servingPorts,
      Ledger ledger) {
    List<TemplateContainer> all = servingPorts.isEmpty() ? serving : deployment.containers();
    List<TemplateContainer> open =
        all.stream().filter(c -> !c.facts().hasPreStop() || ledger.isOurSleep(c)).toList();
    boolean ownSleepIsEnough =
        serving.stream()
                .allMatch(c -> !ledger.isOurSleep(c) && c.sleepSeconds() >= wish.sleepSeconds())
            && (wish.sleepSeconds() == 0
                ? open.stream().noneMatch(ledger::isOurSleep)
                : open.isEmpty());
    if (ownSleepIsEnough) {
      return withOwnSleep(wish, deployment, all, ledger);
    }
    return open.isEmpty()
        ? ownPreStop(wish, deployment, serving, ledger)
        : withOurSleep(wish, deployment, all, open, ledger);
  }

  /** While none of its pods is in a slice, as when it is scaled to 0, what was decided stands. */
  private static List<TemplateContainer> serving(
      DeploymentFacts deployment, Set<Integer> servingPorts, Ledger ledger) {
    if (!servingPorts.isEmpty()) {
      return ServingContainers.among(
          deployment.containers(), TemplateContainer::facts, servingPorts);
    }
    Decision decided = ledger.decision();
    return decided == null
        ? List.of()
        : deployment.containers().stream()
            .filter(
                c -> concerns(decided, c.name()) || ledger.isOurSleep(c) || ledger.isOurProbe(c))
            .toList();
  }

  private static boolean concerns(Decision decided, String container) {
    return decided.containers().contains(container)
        || (decided.readinessContainers() != null
            && decided.readinessContainers().contains(container));
  }

  /** The same once more, but for a grace period that its owner has declared since. */
  private static Decision asDecided(Decision decided, DeploymentFacts deployment, Ledger ledger) {
    return new Decision(
        decided.containers(),
        decided.sleepSeconds(),
        ledger.graceIsDeclared(deployment)
            ? deployment.graceSeconds()
            : Math.max(ledger.graceWithoutUs(deployment), decided.terminationGracePeriodSeconds()),
        decided.readinessProbe(),
        decided.readinessContainers());
  }

  /** The owner's own sleep is enough, or none is wanted: only the grace period may be too short. */
  private static Draft withOwnSleep(
      Wish wish, DeploymentFacts deployment, List<TemplateContainer> all, Ledger ledger) {
    long wanted = longestOwnSleep(all, ledger) + wish.drainSeconds();
    long grace = deployment.graceSeconds();
    if (ledger.graceIsDeclared(deployment) && grace < wanted) {
      return new Draft(
          Reason.DrainShortened,
          List.of(
              "The Deployment declares terminationGracePeriodSeconds: "
                  + grace
                  + ", which leaves less than the "
                  + wish.drainSeconds()
                  + " s to drain that the policy asks for."),
          graceYaml(wanted),
          null);
    }
    // Only what we raised ourselves may follow the policy down, and never below the owner's value.
    long without = ledger.graceWithoutUs(deployment);
    return wanted <= without
        ? new Draft(
            Reason.AlreadyGraceful,
            List.of("The pod template is as the policy wants it."),
            "",
            null)
        : Draft.programmed(new Decision(List.of(), 0, wanted));
  }

  private static Draft ownPreStop(
      Wish wish, DeploymentFacts deployment, List<TemplateContainer> serving, Ledger ledger) {
    List<String> names = serving.stream().map(TemplateContainer::name).toList();
    return Draft.leave(
        Reason.OwnPreStop,
        (names.size() == 1
                ? "Container " + names.getFirst() + " has a preStop hook of its own, which is"
                : "Containers "
                    + String.join(", ", names)
                    + " have preStop hooks of their own, which are")
            + " left as it is; whether that is enough is judged at each termination.",
        yaml(wish, names, deployment, ledger));
  }

  private static Draft withOurSleep(
      Wish wish,
      DeploymentFacts deployment,
      List<TemplateContainer> all,
      List<TemplateContainer> open,
      Ledger ledger) {
    boolean declared = ledger.graceIsDeclared(deployment);
    long grace = deployment.graceSeconds();
    long longest = Math.max(wish.sleepSeconds(), longestOwnSleep(all, ledger));
    long wanted = longest + wish.drainSeconds();
    List<String> names =
        wish.sleepSeconds() == 0 ? List.of() : open.stream().map(TemplateContainer::name).toList();
    if (!declared || grace >= wanted) {
      long without = ledger.graceWithoutUs(deployment);
      long kept = Math.max(without, wanted);
      boolean nothing = names.isEmpty() && kept == without;
      return Draft.programmed(nothing ? null : new Decision(names, wish.sleepSeconds(), kept));
    }
    String declares = "The Deployment declares terminationGracePeriodSeconds: " + grace;
    if (grace - wish.sleepSeconds() < LEAST_DRAIN_SECONDS) {
      return Draft.leave(
          Reason.GraceDeclared,
          declares
              + "; a preStop sleep of "
              + wish.sleepSeconds()
              + " s would leave it less than "
              + LEAST_DRAIN_SECONDS
              + " s to drain.",
          graceYaml(wanted));
    }
    return new Draft(
        Reason.DrainShortened,
        List.of(
            declares
                + ", which leaves "
                + (grace - longest)
                + " s to drain after the preStop sleep; the policy asks for "
                + wish.drainSeconds()
                + " s."),
        graceYaml(wanted),
        names.isEmpty() ? null : new Decision(names, wish.sleepSeconds(), grace));
  }

  private static long longestOwnSleep(List<TemplateContainer> containers, Ledger ledger) {
    return containers.stream()
        .filter(c -> !ledger.isOurSleep(c))
        .mapToLong(TemplateContainer::sleepSeconds)
        .max()
        .orElse(0);
  }

  private static Draft withReadiness(
      Draft draft,
      Wish wish,
      DeploymentFacts deployment,
      List<TemplateContainer> serving,
      Set<Integer> servingPorts,
      Ledger ledger,
      @Nullable ReadinessAnswer answer) {
    List<TemplateContainer> open = unprobed(serving, ledger);
    if (open.isEmpty()) {
      return draft;
    }
    ReadinessProbe wanted = wish.readinessProbe();
    if (wanted == null) {
      return advise(draft, open, ledger);
    }
    Decision base =
        draft.decision() == null
            ? new Decision(List.of(), 0, ledger.graceWithoutUs(deployment))
            : draft.decision();
    Trial trial = Readiness.trial(wanted, open, servingPorts);
    if (trial != null && (isGiven(trial, open) || answer instanceof ReadinessAnswer.Passed)) {
      return proven(draft, with(base, trial.probe(), List.of(trial.container())));
    }
    Decision decided = ledger.decision();
    List<TemplateContainer> given = given(decided, open, servingPorts);
    if (decided == null || decided.readinessProbe() == null || given.isEmpty()) {
      return unproven(draft, servingPorts, answer);
    }
    // A probe that works is not taken out for one that may not.
    List<String> names = given.stream().map(TemplateContainer::name).toList();
    Decision kept = with(base, decided.readinessProbe(), names);
    boolean asStated =
        servingPorts.isEmpty()
            && given.stream()
                .allMatch(
                    c -> decided.readinessProbe().equals(Readiness.probeFor(wanted, c.facts())));
    return asStated ? proven(draft, kept) : unproven(draft.deciding(kept), servingPorts, answer);
  }

  private static Decision with(Decision base, ReadinessProbe probe, List<String> containers) {
    return new Decision(
        base.containers(),
        base.sleepSeconds(),
        base.terminationGracePeriodSeconds(),
        probe,
        containers);
  }

  private static List<TemplateContainer> unprobed(List<TemplateContainer> serving, Ledger ledger) {
    return serving.stream()
        .filter(c -> !c.facts().hasReadinessProbe() || ledger.isOurProbe(c))
        .toList();
  }

  private static boolean isGiven(Trial trial, List<TemplateContainer> open) {
    return open.stream()
        .anyMatch(c -> c.name().equals(trial.container()) && Readiness.has(c, trial.probe()));
  }

  /** Those that have the decided probe, or are to have it and cannot be asked now. */
  private static List<TemplateContainer> given(
      @Nullable Decision decided, List<TemplateContainer> open, Set<Integer> servingPorts) {
    if (decided == null) {
      return List.of();
    }
    ReadinessProbe probe = decided.readinessProbe();
    List<String> names = decided.readinessContainers();
    return probe == null || names == null
        ? List.of()
        : open.stream()
            .filter(
                c ->
                    Readiness.has(c, probe) || (servingPorts.isEmpty() && names.contains(c.name())))
            .toList();
  }

  private static Draft proven(Draft draft, Decision decision) {
    Draft given = draft.deciding(decision);
    return draft.reason() == Reason.AlreadyGraceful ? Draft.programmed(decision) : given;
  }

  private static Draft unproven(
      Draft draft, Set<Integer> servingPorts, @Nullable ReadinessAnswer answer) {
    String why =
        answer instanceof ReadinessAnswer.Failed failed
            ? failed.why()
            : servingPorts.isEmpty()
                ? "no running pod is there to try it on"
                : "no serving container without a probe has its port";
    Draft saying = draft.saying("The policy's readiness probe is not written: " + why + ".");
    return draft.leaves() ? saying : saying.because(Reason.ReadinessUnproven);
  }

  private static Draft advise(Draft draft, List<TemplateContainer> open, Ledger ledger) {
    // What was given under an earlier state of the policy goes by itself.
    List<String> without =
        open.stream().filter(c -> !ledger.isOurProbe(c)).map(TemplateContainer::name).toList();
    return without.isEmpty()
        ? draft
        : draft.saying(
            "Advice: container "
                + String.join(", ", without)
                + " has no readiness probe, so a new pod gets traffic as soon as it runs.");
  }

  private static String graceYaml(long graceSeconds) {
    return "spec:\n  template:\n    spec:\n      terminationGracePeriodSeconds: "
        + graceSeconds
        + "\n";
  }

  private static String yaml(
      Wish wish, List<String> containers, DeploymentFacts deployment, Ledger ledger) {
    String grace = graceYaml(Math.max(ledger.graceWithoutUs(deployment), wish.graceSeconds()));
    if (wish.sleepSeconds() == 0 || containers.isEmpty()) {
      return grace;
    }
    return grace
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

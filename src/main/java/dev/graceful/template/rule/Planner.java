package dev.graceful.template.rule;

import dev.graceful.api.v1alpha1.Decision;
import dev.graceful.facts.ClientPorts;
import dev.graceful.facts.DeploymentFacts;
import dev.graceful.facts.ReadinessAnswer;
import dev.graceful.template.Change;
import dev.graceful.template.Ledger;
import dev.graceful.template.Readiness.Trial;
import dev.graceful.template.RunningPods;
import dev.graceful.template.Shaping;
import dev.graceful.template.Shaping.InPlace;
import dev.graceful.template.Shaping.Leave;
import dev.graceful.template.Shaping.Pending;
import dev.graceful.template.Shaping.Reason;
import dev.graceful.template.ShutdownGoal;
import dev.graceful.template.SleepShift;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Decides what the operator wants in a Deployment's pod template, or why it adds nothing. In each
 * chain the first rule that applies decides; the last rule of the second and third always applies.
 */
public final class Planner {

  /** These decide the whole template. */
  private static final List<Rule> WHOLE =
      List.of(
          new ApplyNever(),
          new OwnedByController(),
          new RecreateStrategy(),
          new ScaledToZero(),
          new NotExposed(),
          new NoSurge(),
          new KeepDecision());

  /** The operator learned late to leave these alone. What it has in them goes with their owner. */
  private static final Set<Reason> LEFT_SINCE = Set.of(Reason.OwnedByController, Reason.NoSurge);

  /** These decide the preStop sleep and the grace period. */
  private static final List<Rule> SLEEP =
      List.of(
          new OwnPreStop(),
          new GraceDeclared(),
          new DrainShortened(),
          new AlreadyGraceful(),
          new AddSleep());

  /** These add what holds for the readiness probe. */
  private static final List<ProbeRule> PROBE =
      List.of(
          new OwnProbes(),
          new AdviseProbe(),
          new ProbeProven(),
          new KeepProbe(),
          new ProbeUnproven());

  private Planner() {}

  /**
   * Decides for a Deployment that a policy governs.
   *
   * @param pods what is known of its pods
   * @param ledger tells the operator's values from the owner's; only the operator's are replaced
   * @param answer a running pod's answer to the {@link #trial}; null: there is no trial
   */
  public static Shaping shape(
      ShutdownGoal wish,
      DeploymentFacts deployment,
      RunningPods pods,
      Ledger ledger,
      @Nullable ReadinessAnswer answer) {
    var situation = situation(wish, deployment, pods, ledger, answer);
    Draft draft = first(WHOLE, rule -> rule.apply(situation)).orElseGet(() -> inParts(situation));
    boolean byHostPortAlone = !pods.ports().exposed() && situation.ports().exposed();
    Draft advised = OtherContainers.advised(situation, HookTooLong.in(draft, situation));
    return compared(advised.noting(pods.ports().discovery()), deployment, ledger, byHostPortAlone);
  }

  /** Decides for a Deployment without a policy: the values from before the operator come back. */
  public static Shaping giveBack(DeploymentFacts deployment, Ledger ledger) {
    Change change = Change.to(null, deployment, ledger);
    return change.isNone()
        ? new InPlace(Reason.GivingBack, "Nothing of the operator's is in the template.", null)
        : new Pending(
            Reason.GivingBack, "What was there before the operator goes back.", null, change);
  }

  /** Decides for a Deployment whose owner takes out the operator's values. */
  public static Shaping contested(ShutdownGoal wish, DeploymentFacts deployment, Ledger ledger) {
    var situation = new Situation(wish, deployment, ClientPorts.NONE, List.of(), ledger, null);
    return compared(new Contested().apply(situation).orElseThrow(), deployment, ledger, false);
  }

  /**
   * The readiness probe that a running pod must pass before {@link #shape} can decide; null: none.
   */
  public static @Nullable Trial trial(
      ShutdownGoal wish, DeploymentFacts deployment, RunningPods pods, Ledger ledger) {
    var situation = situation(wish, deployment, pods, ledger, null);
    return first(WHOLE, rule -> rule.apply(situation)).isPresent() ? null : situation.trial();
  }

  /** Clients use the ports of the EndpointSlices, and those at the node's address. */
  private static Situation situation(
      ShutdownGoal wish,
      DeploymentFacts deployment,
      RunningPods pods,
      Ledger ledger,
      @Nullable ReadinessAnswer answer) {
    ClientPorts ports = pods.ports().and(deployment.replacement().hostPorts());
    return new Situation(wish, deployment, ports, pods.injected(), ledger, answer);
  }

  private static Draft inParts(Situation situation) {
    Draft sleep = first(SLEEP, rule -> rule.apply(situation)).orElseThrow();
    return first(PROBE, rule -> rule.apply(situation, sleep)).orElseThrow();
  }

  private static <R> Optional<Draft> first(List<R> chain, Function<R, Optional<Draft>> apply) {
    return chain.stream().map(apply).flatMap(Optional::stream).findFirst();
  }

  /**
   * Compares the draft with the template as it is.
   *
   * @param byHostPortAlone whether no EndpointSlice has the pods
   */
  private static Shaping compared(
      Draft draft, DeploymentFacts deployment, Ledger ledger, boolean byHostPortAlone) {
    Change change =
        draft.kind() == Draft.Kind.OBSERVE
            ? Change.NONE
            : Change.to(draft.decision(), deployment, ledger);
    if (!change.isNone()) {
      Decision decision = draft.decision();
      boolean waits =
          byHostPortAlone
              || LEFT_SINCE.contains(draft.reason())
              || (decision != null && SleepShift.is(change, decision, deployment, ledger));
      return new Pending(draft.reason(), draft.message(false), decision, change, waits);
    }
    return draft.kind() == Draft.Kind.LEAVE && draft.decision() == null
        ? new Leave(draft.reason(), draft.message(true))
        : new InPlace(draft.reason(), draft.message(true), draft.decision());
  }
}

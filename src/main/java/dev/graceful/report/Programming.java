package dev.graceful.report;

import dev.graceful.api.v1alpha1.Condition;
import dev.graceful.facts.WorkloadRef;
import dev.graceful.template.Shaping.Pending;
import dev.graceful.template.Shaping.Reason;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Whether what was decided is in the Deployments. */
public final class Programming {

  /** The reason of a policy some of whose Deployments are left alone. */
  public static final String PARTIALLY_PROGRAMMED = "PartiallyProgrammed";

  private static final Set<String> LEFT_ALONE =
      Set.of(
          Reason.NotExposed.name(),
          Reason.OwnPreStop.name(),
          Reason.GraceDeclared.name(),
          Reason.RecreateStrategy.name(),
          Reason.NoSurge.name(),
          Reason.OwnedByController.name(),
          Reason.ScaledToZero.name(),
          Reason.Contested.name(),
          Reason.ReadinessUnproven.name());

  private Programming() {}

  /** The template is as it should be, or is left alone. */
  public static Assessment settled(Reason reason, String message) {
    return LEFT_ALONE.contains(reason.name())
        ? Assessment.no(reason.name(), message)
        : Assessment.yes(reason.name(), message);
  }

  /**
   * Decided, and to go in with the owner's next rollout.
   *
   * @param atAdmission whether it goes in inside the owner's own write
   */
  public static Assessment awaitingOwner(Pending pending, boolean atAdmission) {
    String how =
        atAdmission
            ? "inside the owner's next change of the pod template."
            : "right after the owner's next change of the pod template, which then rolls out twice:"
                + " no MutatingAdmissionPolicy acts on it here.";
    String what =
        (pending.decision() == null ? "What the operator wrote before goes " : "Decided; written ")
            + how;
    // Last, as its end may be YAML to commit.
    String message = pending.message().isEmpty() ? what : what + " " + pending.message();
    return LEFT_ALONE.contains(pending.reason().name()) || pending.reason() == Reason.GivingBack
        ? Assessment.no(pending.reason().name(), message)
        : Assessment.yes(Reason.PendingRollout.name(), message);
  }

  /** Written, and its rollout has not come to its end. */
  public static Assessment rolling() {
    return Assessment.no(
        Reason.RolloutInProgress.name(), "Written; the rollout of it is under way.");
  }

  /**
   * Written, and its rollout does not come to its end.
   *
   * @param why the Deployment controller's own words
   */
  public static Assessment stuck(String why) {
    return Assessment.no(
        Reason.RolloutStuck.name(),
        "Written, but its rollout does not come to its end; no other Deployment of the namespace is"
            + " rolled until it does. The Deployment says: "
            + why);
  }

  /** The policy's readiness probe is being tried on a running pod. */
  public static Assessment trying() {
    return Assessment.unknown(
        Reason.ReadinessUnproven.name(),
        "The policy's readiness probe is being tried on a running pod; decided after that.");
  }

  /** Not to be written now. */
  public static Assessment blocked(Reason reason, String message) {
    return Assessment.no(reason.name(), message);
  }

  /** Waits in the queue. */
  public static Assessment queued() {
    return Assessment.no(
        Reason.Queued.name(),
        "Waits for its turn; Deployments are rolled one after the other, within the operator's"
            + " budget.");
  }

  /** Another Deployment stops the queue of the namespace. */
  public static Assessment queueStopped(WorkloadRef by, String why) {
    return Assessment.no(
        Reason.QueueStopped.name(), by + " does not settle after the operator's write: " + why);
  }

  /** The Deployment changed while it was decided on, and nothing was written. */
  public static Assessment outdated() {
    return Assessment.no(
        Reason.RolloutInProgress.name(), "The Deployment has just changed; it is decided on anew.");
  }

  /**
   * A write, or the dry run of one, that was refused.
   *
   * @param answer the API server's own words
   */
  public static Assessment refused(String answer) {
    return Assessment.no(
        Reason.WriteRefused.name(), "The API server does not take the change: " + answer);
  }

  /**
   * The API server cannot take a write now; it is tried again.
   *
   * @param answer the API server's own words
   */
  public static Assessment failed(String answer) {
    return Assessment.no(
        Reason.WriteFailed.name(),
        "The API server cannot take the operator's write; it is tried again. It says: " + answer);
  }

  /** No policy governs it any more, and the one that did may come back. */
  public static Assessment ungoverned(long seconds) {
    return Assessment.unknown(
        Reason.GivingBack.name(),
        "No policy governs the Deployment any more. If none comes back within "
            + seconds
            + " s, what was there before does.");
  }

  /**
   * What a policy says of its Deployments.
   *
   * @param programmed the Programmed conditions by Deployment
   * @param matched how many Deployments it selects; those without a condition are still to come
   */
  public static Assessment ofPolicy(Map<String, Condition> programmed, int matched) {
    long done = programmed.values().stream().filter(Programming::isProgrammed).count();
    String counts = done + " of " + matched + " Deployments programmed";
    // What needs a person comes first: the policy is not ready without one.
    var pending =
        first(programmed, condition -> standing(condition) == Standing.STALLED)
            .or(() -> first(programmed, condition -> standing(condition) == Standing.IN_PROGRESS));
    if (pending.isPresent()) {
      Condition condition = pending.get().getValue();
      return new Assessment(
          condition.status(),
          condition.reason(),
          counts + "; " + pending.get().getKey() + ": " + condition.message());
    }
    if (programmed.size() < matched) {
      return Assessment.no(Reason.RolloutInProgress.name(), counts + "; the others are to come.");
    }
    long awaiting =
        programmed.values().stream()
            .filter(c -> c.reason().equals(Reason.PendingRollout.name()))
            .count();
    counts += waits(awaiting);
    var left = first(programmed, condition -> condition.status() != Condition.Status.True);
    if (left.isPresent()) {
      return Assessment.yes(
          PARTIALLY_PROGRAMMED,
          counts + "; left alone: " + left.get().getKey() + ": " + left.get().getValue().message());
    }
    return Assessment.yes(
        awaiting > 0 ? Reason.PendingRollout.name() : Reason.Programmed.name(), counts + ".");
  }

  private static Standing standing(Condition programmed) {
    return Standing.of(
        new Assessment(programmed.status(), programmed.reason(), programmed.message()));
  }

  /** The first Deployment by name whose condition is one of these. */
  private static Optional<Map.Entry<String, Condition>> first(
      Map<String, Condition> programmed, Predicate<Condition> which) {
    return programmed.entrySet().stream()
        .filter(entry -> which.test(entry.getValue()))
        .min(Map.Entry.comparingByKey());
  }

  private static String waits(long awaiting) {
    if (awaiting == 0) {
      return "";
    }
    return awaiting == 1
        ? "; 1 waits for its owner's next rollout"
        : "; " + awaiting + " wait for their owners' next rollout";
  }

  /** Whether what was decided for a Deployment is in its template. */
  static boolean isProgrammed(Condition programmed) {
    return programmed.status() == Condition.Status.True
        && !programmed.reason().equals(Reason.PendingRollout.name());
  }
}

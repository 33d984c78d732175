package dev.graceful.report;

import dev.graceful.template.Shaping.Reason;
import java.util.Map;
import java.util.Set;

/** Whether a resource still changes by itself, as kstatus and the tools that use it read it. */
enum Standing {
  /** The operator has done what it can; the rest, if any, is an owner's, at any time. */
  AT_REST,
  /** The operator goes on by itself. */
  IN_PROGRESS,
  /** A person has to act first. */
  STALLED;

  /** The reason of a policy all of whose Deployments an older policy governs. */
  static final String CONFLICTED = "Conflicted";

  private static final Set<String> GOES_ON =
      Set.of(Reason.RolloutInProgress.name(), Reason.Queued.name(), Reason.WriteFailed.name());

  private static final Set<String> NEEDS_A_PERSON =
      Set.of(
          CONFLICTED,
          Reason.Contested.name(),
          Reason.QueueStopped.name(),
          Reason.RolloutStuck.name(),
          Reason.WriteRefused.name());

  /** What follows from Accepted or Programmed. Unknown is what is still being found out. */
  static Standing of(Assessment decisive) {
    return switch (decisive.status()) {
      case True -> AT_REST;
      case Unknown -> IN_PROGRESS;
      case False ->
          NEEDS_A_PERSON.contains(decisive.reason())
              ? STALLED
              : GOES_ON.contains(decisive.reason()) ? IN_PROGRESS : AT_REST;
    };
  }

  /** Adds Ready, and Reconciling or Stalled only while it holds. */
  static void add(Assessment decisive, Map<ConditionType, Assessment> to) {
    Standing standing = of(decisive);
    if (standing == AT_REST) {
      to.put(ConditionType.Ready, Assessment.yes("Ready", "The operator has done what it can."));
      return;
    }
    to.put(ConditionType.Ready, Assessment.no(decisive.reason(), decisive.message()));
    to.put(
        standing == STALLED ? ConditionType.Stalled : ConditionType.Reconciling,
        Assessment.yes(decisive.reason(), decisive.message()));
  }
}

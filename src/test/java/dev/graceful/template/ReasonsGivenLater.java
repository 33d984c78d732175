package dev.graceful.template;

import dev.graceful.template.Shaping.Reason;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The reasons that a pod template alone does not give. Each set is what the tests of the room that
 * gives them reach.
 */
public final class ReasonsGivenLater {

  /** Given by the timing of a write; reached in WriteTimingTest. */
  public static final Set<Reason> BY_THE_TIMING =
      EnumSet.of(Reason.RolloutInProgress, Reason.RolloutStuck, Reason.DeploymentPaused);

  /** Given by the turn in the queue; reached in ProgrammingTest. */
  public static final Set<Reason> BY_THE_TURN = EnumSet.of(Reason.Queued, Reason.QueueStopped);

  /** Given by what became of a write, or of its wait; reached in ProgrammingTest. */
  public static final Set<Reason> BY_PROGRAMMING =
      EnumSet.of(
          Reason.PendingRollout,
          Reason.RolloutInProgress,
          Reason.RolloutStuck,
          Reason.WriteRefused,
          Reason.WriteFailed,
          Reason.GivingBack,
          Reason.ReadinessUnproven);

  private ReasonsGivenLater() {}

  static Set<Reason> all() {
    Set<Reason> all = EnumSet.noneOf(Reason.class);
    Stream.of(BY_THE_TIMING, BY_THE_TURN, BY_PROGRAMMING).forEach(all::addAll);
    return all;
  }
}

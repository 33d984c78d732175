package dev.graceful.judge.finding;

import dev.graceful.judge.Evidence;
import dev.graceful.judge.Severity;
import java.util.Optional;

/**
 * Its node ended it without a deletion: its endpoints change only afterwards.
 *
 * @param reason as the pod's status has it; empty: it has none
 */
public record EndedByNode(String reason) implements Finding {

  /** Nothing else is found beside it. */
  public static final Check CHECK = new Check("EndedByNode", Severity.APART, EndedByNode::in);

  static Optional<EndedByNode> in(Evidence evidence) {
    return Optional.ofNullable(evidence.timeline().endedByNode()).map(EndedByNode::new);
  }

  @Override
  public Check check() {
    return CHECK;
  }

  @Override
  public String message() {
    return "Its node ended it"
        + (reason.isEmpty() ? "" : " (" + reason + ")")
        + ", without a deletion: its endpoints change last, and no hook helps. Requests and"
        + " limits that keep the node out of pressure do, and draining a node before it is"
        + " shut down.";
  }
}

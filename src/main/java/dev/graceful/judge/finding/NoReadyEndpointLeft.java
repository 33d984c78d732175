package dev.graceful.judge.finding;

import dev.graceful.judge.Evidence;
import dev.graceful.judge.Severity;
import java.util.Optional;

/** One of its Services had no ready endpoint any more when it left. */
public record NoReadyEndpointLeft() implements Finding {

  public static final Check CHECK =
      new Check("NoReadyEndpointLeft", Severity.VIOLATION, NoReadyEndpointLeft::in);

  static Optional<NoReadyEndpointLeft> in(Evidence evidence) {
    return evidence.mayHaveClients() && evidence.timeline().lastOfItsService()
        ? Optional.of(new NoReadyEndpointLeft())
        : Optional.empty();
  }

  @Override
  public Check check() {
    return CHECK;
  }

  @Override
  public String message() {
    return "When it left, one of its Services had no other ready endpoint. Have two replicas or more,"
        + " and a PodDisruptionBudget; and set maxUnavailable: 0 and maxSurge: 1 (or more) if a new"
        + " pod needs nothing that the old one holds, such as a hostPort or a volume.";
  }
}

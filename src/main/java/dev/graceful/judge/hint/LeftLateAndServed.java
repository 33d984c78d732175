package dev.graceful.judge.hint;

import dev.graceful.judge.Evidence;
import dev.graceful.judge.Leaving;
import dev.graceful.judge.Seconds;
import java.util.Optional;

/** It left its endpoints late, and it served as long as clients could come all the same. */
public record LeftLateAndServed(long leftMillis) implements Hint {

  /** Where it did not serve, the finding LeftLate says so. */
  public static Optional<LeftLateAndServed> in(Evidence evidence) {
    return evidence
        .leaving()
        .filter(Leaving::isLate)
        .filter(l -> evidence.mayHaveClients() && evidence.servedMarginMillis().isPresent())
        .map(leaving -> new LeftLateAndServed(leaving.atMillis()));
  }

  @Override
  public String message() {
    return "It left its endpoints only "
        + Seconds.of(leftMillis)
        + " after its deletion: the EndpointSlice controller is behind.";
  }
}

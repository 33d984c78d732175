package dev.graceful.judge.hint;

import dev.graceful.judge.Evidence;
import dev.graceful.judge.Requests.Loss;
import java.util.Optional;

/** It ended a connection while a request was on its way to it. */
public record KeepAliveRace() implements Hint {

  /** Not where a request was cut: that finding says more. */
  public static Optional<KeepAliveRace> in(Evidence evidence) {
    return evidence.requests().isAnyLost(Loss.RACE) && evidence.requests().cut().isEmpty()
        ? Optional.of(new KeepAliveRace())
        : Optional.empty();
  }

  @Override
  public String message() {
    return "It ended a connection while a request was on its way: answer with «Connection: close»"
        + " while draining.";
  }
}

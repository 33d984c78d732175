package dev.graceful.shape.rule;

import java.util.List;
import java.util.Optional;

/**
 * Advises a readiness probe where the policy has none. One from an earlier policy goes by itself.
 */
final class AdviseProbe implements ProbeRule {
  @Override
  public Optional<Draft> apply(Situation s, Draft sleep) {
    if (s.wish().readinessProbe() != null) {
      return Optional.empty();
    }
    List<String> names =
        Situation.names(s.unprobed().stream().filter(c -> !s.ledger().isOurProbe(c)).toList());
    return Optional.of(
        names.isEmpty()
            ? sleep
            : sleep.saying(
                "Advice: container %s has no readiness probe, so a new pod gets traffic as soon as it runs."
                    .formatted(String.join(", ", names))));
  }
}

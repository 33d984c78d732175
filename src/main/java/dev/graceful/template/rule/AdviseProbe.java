package dev.graceful.template.rule;

import java.util.List;
import java.util.Optional;

/** Advises a readiness probe for containers without one, as the policy has none. */
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
                sleep.reason(),
                "Advice: container "
                    + String.join(", ", names)
                    + " has no readiness probe, so a new pod gets traffic as soon as it runs."));
  }
}

package dev.graceful.template.rule;

import dev.graceful.api.v1alpha1.Decision;
import dev.graceful.api.v1alpha1.ReadinessProbe;
import dev.graceful.facts.TemplateContainer;
import dev.graceful.template.Readiness;
import java.util.List;
import java.util.Optional;

/** Keeps the decided readiness probe: a probe that works is not replaced by one that may not. */
final class KeepProbe implements ProbeRule {
  @Override
  public Optional<Draft> apply(Situation s, Draft sleep) {
    Decision decided = s.ledger().decision();
    ReadinessProbe wanted = s.wish().readinessProbe();
    ReadinessProbe probe = decided == null ? null : decided.readinessProbe();
    List<String> names = decided == null ? null : decided.readinessContainers();
    if (wanted == null || probe == null || names == null) {
      return Optional.empty();
    }
    boolean unseen = !s.ports().exposed();
    List<TemplateContainer> probed =
        s.unprobed().stream()
            .filter(c -> Readiness.has(c, probe) || (unseen && names.contains(c.name())))
            .toList();
    if (probed.isEmpty()) {
      return Optional.empty();
    }
    Draft kept = sleep.withProbe(probe, Situation.names(probed), s);
    boolean asWanted =
        unseen
            && probed.stream().allMatch(c -> probe.equals(Readiness.probeFor(wanted, c.facts())));
    return asWanted ? ProbeProven.proven(kept) : Optional.of(ProbeUnproven.unproven(s, kept));
  }
}

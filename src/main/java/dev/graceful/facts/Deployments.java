package dev.graceful.facts;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What is known of the Deployments; fed by the watch, read by the reconcilers. Thread-safe. */
public final class Deployments {

  /**
   * A rollout of pods that are ready at once is over before anybody has decided to join it; within
   * this time its owner still takes what follows for a part of it.
   */
  private static final Duration JUST_NOW = Duration.ofSeconds(10);

  /** Owners change templates one at a time; more than that are reverts of one who loops. */
  private static final int CHANGES_KEPT = 10;

  /** A change of a Deployment's pod template by anyone but the operator. */
  public record TemplateChange(DeploymentFacts before, DeploymentFacts now) {}

  private static final class Known {
    final DeploymentFacts facts;
    final @Nullable Long ownersChangeNanos;
    final List<TemplateChange> changes;

    Known(DeploymentFacts facts, @Nullable Long ownersChangeNanos, List<TemplateChange> changes) {
      this.facts = facts;
      this.ownersChangeNanos = ownersChangeNanos;
      this.changes = changes;
    }
  }

  private final Map<WorkloadRef, Known> known = new ConcurrentHashMap<>();

  /**
   * A Deployment is there, or has changed.
   *
   * @param live whether it was seen as it happened, and not in the first list
   * @return what was known of it before; null: it is new
   */
  public @Nullable DeploymentFacts put(DeploymentFacts facts, boolean live, long nanos) {
    var before = new ArrayList<DeploymentFacts>(1);
    known.compute(
        facts.ref(),
        (ref, old) -> {
          if (old != null) {
            before.add(old.facts);
          }
          return next(old, facts, live, nanos);
        });
    return before.isEmpty() ? null : before.getFirst();
  }

  private static Known next(@Nullable Known old, DeploymentFacts facts, boolean live, long nanos) {
    if (old == null || !old.facts.uid().equals(facts.uid())) {
      return new Known(facts, live ? Long.valueOf(nanos) : null, List.of());
    }
    // The operator lets go of what it wrote right after writing it.
    boolean changed = !old.facts.template().equals(facts.template()) && !facts.heldByUs();
    List<TemplateChange> changes = old.changes;
    if (changed) {
      changes = new ArrayList<>(old.changes);
      changes.add(new TemplateChange(old.facts, facts));
      changes =
          List.copyOf(changes.subList(Math.max(0, changes.size() - CHANGES_KEPT), changes.size()));
    }
    return new Known(facts, changed ? Long.valueOf(nanos) : old.ownersChangeNanos, changes);
  }

  /** A Deployment is gone. */
  public void remove(WorkloadRef ref) {
    known.remove(ref);
  }

  /** What is known of a Deployment; null: it is not there. */
  public @Nullable DeploymentFacts get(WorkloadRef ref) {
    Known it = known.get(ref);
    return it == null ? null : it.facts;
  }

  /** The Deployments of a namespace, by name. */
  public List<DeploymentFacts> in(String namespace) {
    return known.entrySet().stream()
        .filter(e -> e.getKey().namespace().equals(namespace))
        .sorted(Map.Entry.comparingByKey())
        .map(e -> e.getValue().facts)
        .toList();
  }

  /**
   * Whether the rollout of a change by its owner, or of its creation, is under way.
   *
   * @param sinceNanos changes before that do not count
   */
  public boolean ownerIsRolling(WorkloadRef ref, long sinceNanos, long nanos) {
    Known it = known.get(ref);
    return it != null
        && it.ownersChangeNanos != null
        && it.ownersChangeNanos - sinceNanos > 0
        && (!it.facts.settled() || nanos - it.ownersChangeNanos < JUST_NOW.toNanos());
  }

  /** The changes of a template that are not recorded yet, oldest first. */
  public List<TemplateChange> changes(WorkloadRef ref) {
    Known it = known.get(ref);
    return it == null ? List.of() : it.changes;
  }

  /** These have been taken note of. Those that came meanwhile stay. */
  public void noted(WorkloadRef ref, List<TemplateChange> changes) {
    known.computeIfPresent(
        ref,
        (r, it) ->
            new Known(
                it.facts,
                it.ownersChangeNanos,
                it.changes.stream().filter(change -> !changes.contains(change)).toList()));
  }
}

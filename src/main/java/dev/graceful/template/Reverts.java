package dev.graceful.template;

import dev.graceful.api.v1alpha1.Decision;
import dev.graceful.facts.DeploymentFacts;
import dev.graceful.facts.TemplateContainer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Changes in which an owner takes out the operator's values. After a few the operator gives way.
 */
public final class Reverts {

  /** After this many reverts within {@link #WITHIN} the operator gives way. */
  static final int CONTESTED_AFTER = 2;

  static final Duration WITHIN = Duration.ofHours(1);

  private Reverts() {}

  /**
   * Whether a change of the template took out a sleep that the operator wants. Admission takes out
   * unwanted values inside an owner's write; that is no revert. Nor is a grace period: one that an
   * owner declares holds, and the default of 30 s is what many tools send with each write.
   *
   * @param earlierTemplates of the Deployment's history; an undo takes the whole template from
   *     there and is no revert
   */
  public static boolean isRevert(
      DeploymentFacts before, DeploymentFacts now, Ledger ledger, Set<String> earlierTemplates) {
    Decision wanted = ledger.decision();
    boolean undo = now.undone() && earlierTemplates.contains(now.template());
    return wanted != null && !undo && tookSleep(before, now, ledger, wanted);
  }

  /**
   * The times of the latest reverts, this one included, oldest first.
   *
   * @param earlier the recorded times in ISO 8601; null: none
   */
  public static List<String> with(@Nullable List<String> earlier, Instant revert) {
    Stream<String> recent =
        earlier == null
            ? Stream.empty()
            : earlier.stream().filter(t -> Instant.parse(t).plus(WITHIN).isAfter(revert));
    List<String> all = Stream.concat(recent, Stream.of(revert.toString())).toList();
    return all.subList(Math.max(0, all.size() - CONTESTED_AFTER), all.size());
  }

  /** Whether the reverts are enough for the operator to give way. */
  public static boolean isContested(List<String> reverts) {
    return reverts.size() >= CONTESTED_AFTER;
  }

  private static boolean tookSleep(
      DeploymentFacts before, DeploymentFacts now, Ledger ledger, Decision wanted) {
    return before.containers().stream()
        .filter(ledger::isOurSleep)
        .map(TemplateContainer::name)
        .filter(wanted.containers()::contains)
        .anyMatch(
            name ->
                now.containers().stream()
                    .anyMatch(c -> c.name().equals(name) && !c.facts().hasPreStop()));
  }
}

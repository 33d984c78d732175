package dev.graceful.template;

import dev.graceful.facts.Deployments.TemplateChange;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether the owner of a Deployment takes out what the operator writes.
 *
 * @param reverts when, of late, oldest first
 * @param generation of the policy under which the operator gave way; null: it did not
 */
public record Contest(List<String> reverts, @Nullable Long generation) {

  /** The owner takes nothing out. */
  public static final Contest NONE = new Contest(List.of(), null);

  /**
   * How it stands after the latest changes of the template. An edited policy begins anew.
   *
   * @param recorded how it stood before
   * @param changes by others than the operator, oldest first, each given once
   * @param earlierTemplates of the Deployment's history
   */
  public static Contest of(
      Contest recorded,
      Long policyGeneration,
      List<TemplateChange> changes,
      Ledger ledger,
      Set<String> earlierTemplates,
      Instant now) {
    Long contested = recorded.generation();
    boolean edited = contested != null && !contested.equals(policyGeneration);
    List<String> reverts = edited ? List.of() : recorded.reverts();
    for (TemplateChange change : changes) {
      if (Reverts.isRevert(change.before(), change.now(), ledger, earlierTemplates)) {
        reverts = Reverts.with(reverts, now.truncatedTo(ChronoUnit.SECONDS));
      }
    }
    boolean gaveWay = contested != null && !edited;
    return new Contest(reverts, gaveWay || Reverts.isContested(reverts) ? policyGeneration : null);
  }

  /** Whether the Deployment is left alone. */
  public boolean isGivenUp() {
    return generation != null;
  }
}

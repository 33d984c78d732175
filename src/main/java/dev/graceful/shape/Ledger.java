package dev.graceful.shape;

import dev.graceful.api.v1alpha1.Before;
import dev.graceful.api.v1alpha1.Decision;
import dev.graceful.observe.DeploymentFacts;
import org.jspecify.annotations.Nullable;

/**
 * What the operator wrote into a Deployment so far.
 *
 * @param decision null: nothing
 * @param before what it found then; null: it wrote nothing
 */
public record Ledger(@Nullable Decision decision, @Nullable Before before) {

  /** Nothing was written. */
  public static final Ledger EMPTY = new Ledger(null, null);

  /** What is to be remembered of a Deployment that is about to be written: the owner's values. */
  public Before beforeWriting(DeploymentFacts deployment) {
    boolean graceIsOurs =
        decision != null && deployment.graceSeconds() == decision.terminationGracePeriodSeconds();
    return before != null && graceIsOurs ? before : new Before(deployment.graceSeconds());
  }
}

package dev.graceful.cluster;

import dev.graceful.facts.DeploymentFacts;
import dev.graceful.facts.WorkloadRef;
import dev.graceful.template.Change;

/** Writes into the pod templates of Deployments. */
public interface Templates {

  /** What became of a write. */
  sealed interface Outcome {}

  /** It is there; or, of a dry run, it would be. */
  record Written() implements Outcome {}

  /** The Deployment has changed since the decision, or is gone: to be decided again. */
  record Outdated() implements Outcome {}

  /** It was taken, and something took part of it out on the way: in words for the user. */
  record Altered(String answer) implements Outcome {}

  /** The API server, an admission policy or a quota said no. */
  record Refused(String answer) implements Outcome {}

  /**
   * Writes a change in one request (the API refuses a sleep longer than the grace period), bound to
   * the state of the Deployment that it was decided on; then lets go.
   */
  Outcome write(DeploymentFacts deployment, Change change);

  /**
   * Asks the API server, and every admission policy behind it, whether it would take a change;
   * changes nothing.
   */
  Outcome dryRun(DeploymentFacts deployment, Change change);

  /** Gives up the ownership that an earlier write left behind, if any; changes nothing else. */
  void letGo(WorkloadRef ref);
}

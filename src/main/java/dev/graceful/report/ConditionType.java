package dev.graceful.report;

/** The conditions that the operator writes. */
public enum ConditionType {
  /** The policy is one that can be acted on. */
  Accepted,
  /** What was decided is in the Deployments. */
  Programmed,
  /** The terminations that were observed were graceful. */
  TerminationsGraceful,
  /** Accepted, and every decision is in place; never fed by a verdict. */
  Ready
}

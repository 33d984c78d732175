package dev.graceful.report;

/** The conditions that the operator writes. */
public enum ConditionType {
  /** The policy is one that can be acted on. */
  Accepted,
  /** What was decided is in the Deployments. */
  Programmed,
  /** The terminations that were observed were graceful. */
  TerminationsGraceful,
  /** Neither Reconciling nor Stalled; never fed by a verdict. */
  Ready,
  /** The operator goes on by itself; there only while it holds, as kstatus has it. */
  Reconciling,
  /** A person has to act; there only while it holds, as kstatus has it. */
  Stalled
}

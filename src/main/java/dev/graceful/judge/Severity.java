package dev.graceful.judge;

/** How a finding counts in the roll-up of its revision, the worst first. */
public enum Severity {
  /** Requests were dropped, or the process was not left to end by itself. */
  VIOLATION,
  /** The evidence does not suffice. Never counted as graceful. */
  INCONCLUSIVE,
  /** No hook and no policy could have helped: reported, and counted apart. */
  APART,
  /** There was nothing to drop. */
  NOT_APPLICABLE,
  /** The pod was seen to end well. */
  GOOD
}

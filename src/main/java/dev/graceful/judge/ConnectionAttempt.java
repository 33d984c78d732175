package dev.graceful.judge;

import dev.graceful.evidence.ConnectOutcome;

/**
 * One try of the lagging client: a client that has not yet heard of the pod's leaving, and that
 * comes with a fresh connection.
 *
 * @param atMillis the moment that the outcome is certain for, in milliseconds since the deletion
 *     was seen: of what was accepted its start (the pod served at least until then, or answered
 *     nothing from then on), of any other its end (it did not serve then at the latest)
 */
public record ConnectionAttempt(long atMillis, ConnectOutcome outcome) {

  /** Whether no process listened. */
  boolean isRefused() {
    return outcome == ConnectOutcome.Refused;
  }
}

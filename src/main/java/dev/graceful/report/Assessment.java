package dev.graceful.report;

import dev.graceful.api.v1alpha1.Condition;

/** What a condition is to say. */
public record Assessment(Condition.Status status, String reason, String message) {

  /** It holds. */
  public static Assessment yes(String reason, String message) {
    return new Assessment(Condition.Status.True, reason, message);
  }

  /** It does not hold. */
  public static Assessment no(String reason, String message) {
    return new Assessment(Condition.Status.False, reason, message);
  }

  /** It is not known. */
  public static Assessment unknown(String reason, String message) {
    return new Assessment(Condition.Status.Unknown, reason, message);
  }
}

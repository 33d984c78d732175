package dev.graceful.judge;

import dev.graceful.evidence.ProbedPath;
import org.jspecify.annotations.Nullable;

/** The evidence that a verdict was reached by. A verdict claims no more than that can show. */
public enum RestsOn {
  /** Requests were answered, or not. */
  Requests,
  /** Connections were accepted or refused, by the app or by a proxy before it. */
  Connections,
  /** The pod's status alone. */
  Status;

  /**
   * As the report says it.
   *
   * @param asked what was requested; null: nothing
   */
  public String message(@Nullable ProbedPath asked) {
    return switch (this) {
      case Requests ->
          asked == null
              ? "requests"
              : "requests: GET " + asked.path() + ", ≤ " + asked.usualMillis() + " ms";
      case Connections -> "connections";
      case Status -> "status";
    };
  }
}

package dev.graceful.evidence;

import dev.graceful.facts.UnfitPath;
import org.jspecify.annotations.Nullable;

/**
 * What a few connections to one ready pod of a revision showed.
 *
 * @param reachable whether any of them was accepted
 * @param answers whether the path was answered over HTTP with a status that a client can do with: a
 *     readiness path with one that its probe would pass by, any other with one below 500
 * @param keeping how it deals with its connections
 * @param usualMillis how long the slower of the answers took; 0: there was none
 * @param usualStatus the greater status of the answers, or the one that no client can do with; 0:
 *     there was none
 * @param proxy what a proxy before the app calls itself; null: none showed
 */
public record Baseline(
    boolean reachable,
    boolean answers,
    Keeping keeping,
    long usualMillis,
    int usualStatus,
    @Nullable String proxy) {

  /** Of a revision that no connection reached. */
  public static final Baseline UNREACHABLE =
      new Baseline(false, false, Keeping.Unknown, 0, 0, null);

  /** How a server deals with its connections. */
  public enum Keeping {
    /** It keeps them, and answers on a second one while the first one stands open. */
    Kept,
    /** It keeps them, and did not answer on a second one while the first one stood open. */
    OneAtATime,
    /** It ends each with its response. */
    Closed,
    /** Its response was longer than is read. */
    LongResponses,
    /** Nothing was answered. */
    Unknown
  }

  private static final int CLIENT_ERRORS = 400;
  private static final int SERVER_ERRORS = 500;

  /** What a status means to a client, given the usual one. */
  public enum Worth {
    /** It is no worse than the usual one. */
    Usual,
    /** It is a 4xx, and the usual one is not: the server has forgotten its routes, for instance. */
    ClientError,
    /** It is a 503: the server turns requests away, or a proxy has nowhere to send them. */
    Unavailable,
    /** It is a 502 or a 504: a proxy got no response from what is behind it. */
    BadGateway,
    /** It is another 5xx. */
    ServerError
  }

  /** What is not to be requested, given how it was answered; null: there is no such path. */
  @Nullable UnfitPath unfit(ProbePlan asked) {
    return asked.path() == null || answers || usualStatus == 0
        ? null
        : new UnfitPath(asked.path(), asked.readinessPath(), usualStatus);
  }

  /** What this status of a later response means. */
  public Worth worth(int status) {
    if (status >= SERVER_ERRORS) {
      return switch (status) {
        case 502, 504 -> Worth.BadGateway;
        case 503 -> Worth.Unavailable;
        default -> Worth.ServerError;
      };
    }
    return status >= CLIENT_ERRORS && usualStatus < CLIENT_ERRORS ? Worth.ClientError : Worth.Usual;
  }
}

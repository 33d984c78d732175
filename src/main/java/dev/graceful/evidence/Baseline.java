package dev.graceful.evidence;

import org.jspecify.annotations.Nullable;

/**
 * What a few connections to one ready pod of a revision showed.
 *
 * @param reachable whether any of them was accepted
 * @param answers whether the path was answered over HTTP with a status below 500
 * @param concurrent whether a second connection got its answer while the first one stood open
 * @param usualMillis how long the slower of the answers took; 0: there was none
 * @param usualStatus the greater status of the answers; 0: there was none
 * @param proxy what a proxy before the app calls itself; null: none showed
 */
public record Baseline(
    boolean reachable,
    boolean answers,
    boolean concurrent,
    long usualMillis,
    int usualStatus,
    @Nullable String proxy) {

  /** Of a revision that no connection reached. */
  public static final Baseline UNREACHABLE = new Baseline(false, false, false, 0, 0, null);

  private static final int CLIENT_ERRORS = 400;
  private static final int SERVER_ERRORS = 500;

  /** What a status means to a client, given the usual one. */
  public enum Worth {
    /** It is no worse than the usual one. */
    Usual,
    /** It is a 4xx, and the usual one is not: the server has forgotten its routes, for instance. */
    ClientError,
    /** It is a 5xx. */
    ServerError
  }

  /** What this status of a later response means. */
  public Worth worth(int status) {
    if (status >= SERVER_ERRORS) {
      return Worth.ServerError;
    }
    return status >= CLIENT_ERRORS && usualStatus < CLIENT_ERRORS ? Worth.ClientError : Worth.Usual;
  }
}

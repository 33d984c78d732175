package dev.graceful.evidence;

import dev.graceful.facts.ShownPath;

/**
 * What was asked of a terminating pod over HTTP.
 *
 * @param path for display: whatever path it is made of becomes a {@link ShownPath}
 * @param readinessPath whether that is what its readiness probe asks: a 5xx there is an advice to
 *     load balancers, not a failure
 * @param usualMillis how long the slower of the answers took before the termination
 */
public record ProbedPath(String path, boolean readinessPath, long usualMillis) {

  public ProbedPath {
    path = ShownPath.of(path);
  }
}

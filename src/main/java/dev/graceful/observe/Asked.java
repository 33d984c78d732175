package dev.graceful.observe;

/**
 * What was asked of a terminating pod over HTTP.
 *
 * @param readinessPath whether that is what its readiness probe asks: a 5xx there is an advice to
 *     load balancers, not a failure
 * @param usualMillis how long the slower of the answers took before the termination
 */
public record Asked(String path, boolean readinessPath, long usualMillis) {}

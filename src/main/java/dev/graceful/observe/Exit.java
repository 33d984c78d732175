package dev.graceful.observe;

/**
 * How a container ended, as its status says it.
 *
 * @param reason as the runtime gave it, such as Completed, Error or OOMKilled; empty if unknown
 */
public record Exit(int code, String reason) {}

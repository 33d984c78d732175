package dev.graceful.facts;

import org.jspecify.annotations.Nullable;

/**
 * How a container ended, as its status says it.
 *
 * @param reason as the runtime gave it, such as Completed, Error or OOMKilled; empty if unknown
 * @param afterDeletionSeconds its end by the node's clock minus the deletion by the API server's,
 *     both in whole seconds; null: not known
 */
public record Exit(int code, String reason, @Nullable Long afterDeletionSeconds) {}

package dev.graceful.judge;

import org.jspecify.annotations.Nullable;

/**
 * A client that has had its answer and keeps its connection. In milliseconds since the deletion was
 * seen.
 *
 * @param answeredMillis when it had its answer
 * @param closedMillis when the server let go of it; null: the operator did first
 * @param announced whether the answer said that the connection ends
 */
public record IdleConnection(long answeredMillis, @Nullable Long closedMillis, boolean announced) {}

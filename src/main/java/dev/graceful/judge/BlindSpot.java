package dev.graceful.judge;

/**
 * A time in which the operator could not see: a watch was down, or the process itself stood still.
 * What was seen right after it may have happened at any moment of it. In milliseconds since the
 * deletion was seen.
 */
public record BlindSpot(long fromMillis, long toMillis) {}

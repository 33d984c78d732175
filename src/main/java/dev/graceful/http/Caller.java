package dev.graceful.http;

import java.util.function.LongSupplier;

/**
 * The client that connects.
 *
 * @param userAgent for the servers' logs
 * @param nanoClock monotonic, in nanoseconds
 */
public record Caller(String userAgent, LongSupplier nanoClock) {}

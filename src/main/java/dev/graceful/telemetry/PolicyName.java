package dev.graceful.telemetry;

/** Which policy a figure belongs to: the labels that it gets. */
public record PolicyName(String namespace, String policy) {}

package dev.graceful.observe;

/**
 * When SIGTERM came, in milliseconds since the deletion was seen: nobody outside the node is told,
 * but it follows from the preStop sleep and from when the kubelet took up the deletion.
 */
public record Sigterm(long earliestMillis, long latestMillis) {}

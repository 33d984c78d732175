package dev.graceful.evidence;

/**
 * When SIGTERM came, in milliseconds since the deletion was seen: nobody outside the node is told,
 * but it follows from the preStop sleep and from when the kubelet took up the deletion.
 */
public record SigtermWindow(long earliestMillis, long latestMillis) {}

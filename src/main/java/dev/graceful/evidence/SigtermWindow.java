package dev.graceful.evidence;

/**
 * When SIGTERM came, in milliseconds since the deletion was seen. It is not seen outside the node,
 * but it follows from the preStop sleep and from when the kubelet took up the deletion.
 */
public record SigtermWindow(long earliestMillis, long latestMillis) {}

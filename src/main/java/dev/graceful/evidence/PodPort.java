package dev.graceful.evidence;

/**
 * Where a TCP port of a pod is connected to.
 *
 * @param address an IP address of the pod
 */
public record PodPort(String address, int number) {}

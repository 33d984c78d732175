package dev.graceful.judge;

/**
 * A preStop hook of which the kubelet said that it failed.
 *
 * @param container the name of its container; empty: it was not said
 */
public record FailedHook(String container, ContainerEnd.Role role) {}

package dev.graceful.facts;

/**
 * One revision: a ReplicaSet, by namespace and uid. The uid alone would not do, as anybody may name
 * any uid as the owner of what they create in a namespace of their own.
 */
public record RevisionRef(String namespace, String uid) {}

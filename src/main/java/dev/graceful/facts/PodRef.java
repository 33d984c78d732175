package dev.graceful.facts;

/** One pod; the uid tells it from a later one of the same name. */
public record PodRef(String namespace, String name, String uid) {}

package dev.graceful.facts;

/** A Service, by namespace and name: what routes lead to. */
public record Backend(String namespace, String name) {}

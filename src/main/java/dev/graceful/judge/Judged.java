package dev.graceful.judge;

/** A termination with its verdict. Reports and metrics are made of it; neither judges again. */
public record Judged(Timeline timeline, Verdict verdict) {}

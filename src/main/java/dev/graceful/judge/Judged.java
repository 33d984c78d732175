package dev.graceful.judge;

import dev.graceful.observe.Timeline;

/** A termination with its verdict. Reports and metrics are made of it; neither judges again. */
public record Judged(Timeline timeline, Verdict verdict) {}

package dev.graceful.judge.finding;

import dev.graceful.judge.Evidence;
import dev.graceful.judge.Severity;
import java.util.Optional;
import java.util.function.Function;

/**
 * The link of a finding in the judge's chain.
 *
 * @param name the finding's name, as users see it
 * @param in what it finds in the evidence; empty: nothing
 */
public record Check(
    String name, Severity severity, Function<Evidence, Optional<? extends Finding>> in) {}

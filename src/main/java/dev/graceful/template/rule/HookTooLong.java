package dev.graceful.template.rule;

import dev.graceful.facts.TemplateContainer;
import java.util.Comparator;
import java.util.Optional;

/**
 * Says of a draft that a preStop hook of the template does not end before the grace period does.
 */
final class HookTooLong {

  private HookTooLong() {}

  /** The same draft where no hook is too long, as far as their text tells. */
  static Draft in(Draft draft, Situation s) {
    long grace = draft.graceSeconds(s);
    return longest(s)
        .filter(container -> container.facts().hookMillisAtLeast() >= grace * 1_000)
        .map(container -> saying(draft, s, container, grace))
        .orElse(draft);
  }

  private static Optional<TemplateContainer> longest(Situation s) {
    return s.deployment().containers().stream()
        .filter(container -> !s.ledger().isOurSleep(container))
        .max(Comparator.comparingLong(container -> container.facts().hookMillisAtLeast()));
  }

  private static Draft saying(Draft draft, Situation s, TemplateContainer container, long grace) {
    long hookSeconds = Math.ceilDiv(container.facts().hookMillisAtLeast(), 1_000L);
    long needed = hookSeconds + s.wish().drainSeconds();
    return draft
        .saying(
            draft.reason(),
            "The preStop hook of container "
                + container.name()
                + " takes "
                + hookSeconds
                + " s, and the grace period is "
                + grace
                + " s: the kubelet ends the hook then, sends SIGTERM, and SIGKILL 2 s later. Shorten"
                + " the hook, or set terminationGracePeriodSeconds: "
                + needed
                + ".")
        .orToCommit(ToCommit.grace(needed));
  }
}

package dev.graceful.template.rule;

import dev.graceful.api.v1alpha1.Decision;
import dev.graceful.api.v1alpha1.ReadinessProbe;
import dev.graceful.template.Shaping.Reason;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A rule's decision, not yet compared with the template.
 *
 * @param sentences the parts of the message
 * @param toCommit YAML by which the owner can get more; empty: none
 * @param decision the operator's values for the template; null: none
 */
record Draft(
    Kind kind,
    Reason reason,
    List<String> sentences,
    String toCommit,
    @Nullable Decision decision) {

  private static final int MOST_NAMED = 3;

  /** What the operator does with the template. */
  enum Kind {
    /** It changes nothing. */
    OBSERVE,
    /** It adds neither a sleep nor a grace period, and takes out its own. */
    LEAVE,
    /** It writes the decision. */
    PROGRAM
  }

  static Optional<Draft> observe(Reason reason, String sentence, @Nullable Decision decision) {
    return Optional.of(new Draft(Kind.OBSERVE, reason, List.of(sentence), "", decision));
  }

  static Optional<Draft> leave(Reason reason, String sentence, String toCommit) {
    return Optional.of(new Draft(Kind.LEAVE, reason, List.of(sentence), toCommit, null));
  }

  static Optional<Draft> program(@Nullable Decision decision) {
    return Optional.of(new Draft(Kind.PROGRAM, Reason.Programmed, List.of(), "", decision));
  }

  static Optional<Draft> program(
      Reason reason, String sentence, String toCommit, @Nullable Decision decision) {
    return Optional.of(new Draft(Kind.PROGRAM, reason, List.of(sentence), toCommit, decision));
  }

  /** The draft with another reason and one more sentence. */
  Draft saying(Reason other, String sentence) {
    List<String> all = Stream.concat(sentences.stream(), Stream.of(sentence)).toList();
    return new Draft(kind, other, all, toCommit, decision);
  }

  /** The draft with a word on the Services for discovery that have the pods. */
  Draft noting(Set<String> discovery) {
    if (discovery.isEmpty()) {
      return this;
    }
    List<String> named = discovery.stream().sorted().limit(MOST_NAMED).toList();
    int more = discovery.size() - named.size();
    return saying(
        reason,
        (discovery.size() == 1 ? "Service " : "Services ")
            + String.join(", ", named)
            + (more == 0 ? "" : " and " + more + " more")
            + (discovery.size() == 1 ? " publishes" : " publish")
            + " pods that are not ready (publishNotReadyAddresses), as for discovery: no verdict"
            + " takes that for a way of clients.");
  }

  /** The draft with YAML for its owner, unless it has some. */
  Draft orToCommit(String yaml) {
    return toCommit.isEmpty() ? new Draft(kind, reason, sentences, yaml, decision) : this;
  }

  /** The grace period that the template has with the draft, in seconds. */
  long graceSeconds(Situation s) {
    return kind == Kind.PROGRAM && decision != null
        ? decision.terminationGracePeriodSeconds()
        : s.deployment().graceSeconds();
  }

  /** The draft with a readiness probe in its decision. */
  Draft withProbe(ReadinessProbe probe, List<String> containers, Situation s) {
    Decision base = decision == null ? new Decision(List.of(), 0, s.graceWithoutUs()) : decision;
    return new Draft(kind, reason, sentences, toCommit, base.withProbe(probe, containers));
  }

  /**
   * The message of the Programmed condition. The YAML is its end, so that it can be cut off.
   *
   * @param inPlace whether the template has the decision
   */
  String message(boolean inPlace) {
    boolean written = inPlace && decision != null && kind == Kind.PROGRAM;
    String all =
        Stream.concat(
                written ? Stream.of("The pod template has what was decided.") : Stream.empty(),
                sentences.stream())
            .collect(Collectors.joining(" "));
    return toCommit.isEmpty() ? all : all + " To commit:\n" + toCommit;
  }
}

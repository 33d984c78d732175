package dev.graceful.report;

import dev.graceful.api.v1alpha1.Condition;
import dev.graceful.api.v1alpha1.ReportedTermination;
import dev.graceful.judge.Judge;
import dev.graceful.judge.Seconds;
import dev.graceful.judge.Severity;
import dev.graceful.judge.finding.Check;
import dev.graceful.judge.finding.ConnectionsServed;
import dev.graceful.judge.finding.EndedByNode;
import dev.graceful.judge.finding.Graceful;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What verdicts add up to: for a revision, a Deployment and a policy. */
public final class Verdicts {

  /** The reason of a revision that was made before it was protected. */
  static final String BEFORE_PROTECTION = "BeforeProtection";

  /** Fewer observed terminations than this (or than there were) prove nothing good. */
  private static final int ENOUGH = 3;

  private static final Map<String, Severity> SEVERITIES =
      Judge.CHAIN.stream().collect(Collectors.toUnmodifiableMap(Check::name, Check::severity));

  private static final String NO_REQUEST_PROVEN =
      " Connections were served; what became of requests is not proven for each pod. With"
          + " verify.mode: Connect the policy asks for no more.";

  private Verdicts() {}

  /** The severity of a verdict by its name; one that this version does not know proves nothing. */
  static Severity severity(String verdict) {
    return SEVERITIES.getOrDefault(verdict, Severity.INCONCLUSIVE);
  }

  /**
   * What the terminations of a revision add up to.
   *
   * @param connectionsSuffice whether the policy asks for no more than connections
   */
  static Assessment ofRevision(
      Map<String, Integer> verdicts,
      int terminating,
      List<ReportedTermination> worstFirst,
      @Nullable Long smallestMarginMillis,
      boolean beforeProtection,
      boolean connectionsSuffice) {
    int violations = count(verdicts, Severity.VIOLATION);
    int inconclusive = count(verdicts, Severity.INCONCLUSIVE);
    int observed = violations + count(verdicts, Severity.GOOD);
    int all = observed + inconclusive + terminating;
    String counts = observed + " of " + all + " observed";
    if (all == 0) {
      return ofNoneThatCount(verdicts);
    }
    String worst = worstFirst.stream().findFirst().map(Verdicts::sentence).orElse("");
    if (beforeProtection) {
      String before = "), of a revision that was made before it was protected.";
      return Assessment.unknown(BEFORE_PROTECTION, counts + " (" + list(verdicts) + before);
    }
    if (violations > 0) {
      return Assessment.no(
          mostFrequentViolation(verdicts), counts + ": " + list(verdicts) + "." + worst);
    }
    if (inconclusive > 0) {
      return Assessment.unknown("Inconclusive", counts + ": " + list(verdicts) + "." + worst);
    }
    if (observed < Math.min(ENOUGH, all)) {
      return Assessment.unknown("TooFewObserved", counts + " so far.");
    }
    String good = counts + ": " + list(verdicts) + margin(smallestMarginMillis) + ".";
    return ofGood(verdicts, good, worstFirst, connectionsSuffice);
  }

  /** What no deletion ended is not known to have had no clients. */
  private static Assessment ofNoneThatCount(Map<String, Integer> verdicts) {
    if (verdicts.isEmpty()) {
      return Assessment.unknown("NoTerminations", "None of its pods has been ended yet.");
    }
    return verdicts.containsKey(EndedByNode.CHECK.name())
        ? Assessment.unknown(
            EndedByNode.CHECK.name(),
            "None of its pods that had clients was ended by a deletion: " + list(verdicts) + ".")
        : Assessment.unknown("NotApplicable", "None of its pods that were ended had clients.");
  }

  private static String margin(@Nullable Long smallestMillis) {
    return smallestMillis == null ? "" : "; smallest margin " + Seconds.of(smallestMillis);
  }

  private static Assessment ofGood(
      Map<String, Integer> verdicts,
      String good,
      List<ReportedTermination> worstFirst,
      boolean connectionsSuffice) {
    // One that could only be seen by its connections keeps the whole from being called graceful.
    if (!verdicts.containsKey(ConnectionsServed.CHECK.name())) {
      return Assessment.yes(Graceful.CHECK.name(), good);
    }
    return connectionsSuffice
        ? Assessment.yes(ConnectionsServed.CHECK.name(), good)
        : Assessment.unknown(
            ConnectionsServed.CHECK.name(),
            good
                + NO_REQUEST_PROVEN
                + worstFirst.stream()
                    .filter(t -> t.verdict().equals(ConnectionsServed.CHECK.name()))
                    .findFirst()
                    .map(Verdicts::sentence)
                    .orElse(""));
  }

  private static String sentence(ReportedTermination termination) {
    return " Pod " + termination.pod() + ": " + termination.message();
  }

  /**
   * What a policy says of its Deployments: False if any was violated, else Unknown if any is, else
   * True.
   *
   * @param graceful the TerminationsGraceful conditions by Deployment
   */
  public static Assessment ofPolicy(Map<String, Condition> graceful) {
    if (graceful.isEmpty()) {
      return Assessment.unknown("NoTerminations", "It governs no Deployment.");
    }
    for (Condition.Status status :
        List.of(Condition.Status.False, Condition.Status.Unknown, Condition.Status.True)) {
      List<Map.Entry<String, Condition>> such =
          graceful.entrySet().stream()
              .filter(e -> e.getValue().status() == status)
              .sorted(Map.Entry.comparingByKey())
              .toList();
      if (such.isEmpty()) {
        continue;
      }
      Map.Entry<String, Condition> first = such.getFirst();
      String message =
          such.size()
              + " of "
              + graceful.size()
              + " Deployments; "
              + first.getKey()
              + ": "
              + first.getValue().message();
      return new Assessment(status, first.getValue().reason(), message);
    }
    throw new IllegalStateException("a condition without a status");
  }

  private static int count(Map<String, Integer> verdicts, Severity severity) {
    return verdicts.entrySet().stream()
        .filter(e -> severity(e.getKey()) == severity)
        .mapToInt(Map.Entry::getValue)
        .sum();
  }

  private static String mostFrequentViolation(Map<String, Integer> verdicts) {
    return verdicts.entrySet().stream()
        .filter(e -> severity(e.getKey()) == Severity.VIOLATION)
        .max(Comparator.comparing(Map.Entry::getValue))
        .orElseThrow()
        .getKey();
  }

  private static String list(Map<String, Integer> verdicts) {
    return verdicts.entrySet().stream()
        .map(e -> e.getValue() + " " + e.getKey())
        .collect(Collectors.joining(", "));
  }
}

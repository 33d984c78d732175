package dev.graceful.e2e;

import dev.graceful.api.v1alpha1.Condition;
import dev.graceful.e2e.ClientStats.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Whether the operator's word on the terminations of one run agrees with what the clients counted.
 * This is the only place that says so.
 *
 * <ul>
 *   <li>Each pod that ended has a verdict, and each verdict is one that is expected of the case. So
 *       an app that is good by design and is called a violator disagrees, however few requests
 *       there were; and one that is bad by design may have dropped none in a short run. Where
 *       {@code some} is not empty, one pod at least has one of these: what is there must be seen,
 *       even if not of each pod.
 *   <li>{@code Graceful} claims that nothing was dropped: where no other verdict of the run can
 *       account for them, one dropped request of the asked kind refutes it.
 *   <li>{@code ConnectionsServed} claims less, that new connections were taken: one that was not
 *       refutes it, and what became of the requests on those that were is not its matter.
 *   <li>{@code NotApplicable} claims that nobody was sent to the pod, so it accounts for nothing.
 *   <li>A violation, and a verdict that claims nothing ({@code Inconclusive}, {@code EndedByNode}),
 *       accounts for whatever was dropped in the run: the log of a request that failed does not
 *       tell which pod failed it.
 *   <li>{@code TerminationsGraceful} is True only where each termination is called graceful. What
 *       connections alone showed is enough where the policy asks for just that.
 * </ul>
 *
 * The asked kind is the one that the case is about. Requests of the other kind are sent all the
 * same, to be a nuisance to the server; where it lets go of idle connections unannounced, as HTTP
 * allows, a request that crosses that on its way fails through nobody's fault.
 */
record Honesty(Set<String> expected, Set<String> some, Set<Kind> asked) {

  private static final String GRACEFUL = "Graceful";
  private static final String CONNECTIONS_SERVED = "ConnectionsServed";
  private static final String NOT_APPLICABLE = "NotApplicable";

  /** Of pods that no client was sent to, or that no hook could help. */
  private static final Set<String> BESIDE_THE_MATTER = Set.of(NOT_APPLICABLE, "EndedByNode");

  /**
   * What speaks against the verdicts of a run, in sentences; empty: they agree with the clients.
   *
   * @param ended how many pods ended
   * @param verdicts how many of them got which verdict
   */
  List<String> objections(int ended, Map<String, Integer> verdicts, ClientStats clients) {
    List<String> objections = new ArrayList<>();
    int judged = verdicts.values().stream().mapToInt(Integer::intValue).sum();
    if (judged != ended) {
      objections.add(ended + " pods ended and " + judged + " have a verdict");
    }
    verdicts.keySet().stream()
        .filter(verdict -> !expected.contains(verdict))
        .forEach(verdict -> objections.add(verdict + " is not expected, but " + inWords(expected)));
    if (!some.isEmpty() && verdicts.keySet().stream().noneMatch(some::contains)) {
      objections.add("no pod is called " + inWords(some));
    }
    if (!verdicts.isEmpty()
        && Set.of(GRACEFUL, CONNECTIONS_SERVED, NOT_APPLICABLE).containsAll(verdicts.keySet())) {
      int notTaken = clients.notTaken().size();
      if (asked.contains(Kind.NEW) && notTaken > 0) {
        objections.add(
            "nothing bad was found, but " + notTaken + " new connections were not taken");
      }
      if (!verdicts.containsKey(CONNECTIONS_SERVED) && dropped(clients) > 0) {
        objections.add("nothing bad was found, but " + dropped(clients) + " were dropped");
      }
    }
    return objections;
  }

  /**
   * What speaks against a revision's TerminationsGraceful.
   *
   * @param verdicts how many of its terminations got which verdict
   * @param connectionsAreEnough whether the policy asks for connections, and for no requests
   */
  static Optional<String> objection(
      Condition.Status graceful, Map<String, Integer> verdicts, boolean connectionsAreEnough) {
    Set<String> unproven =
        verdicts.keySet().stream()
            .filter(verdict -> !verdict.equals(GRACEFUL) && !BESIDE_THE_MATTER.contains(verdict))
            .filter(verdict -> !(connectionsAreEnough && verdict.equals(CONNECTIONS_SERVED)))
            .collect(Collectors.toSet());
    return graceful == Condition.Status.True && !unproven.isEmpty()
        ? Optional.of("TerminationsGraceful is True with " + inWords(unproven))
        : Optional.empty();
  }

  /** Requests of the asked kinds. */
  int requests(ClientStats clients) {
    return asked.stream().mapToInt(clients::requests).sum();
  }

  /** Those of them that failed. */
  int dropped(ClientStats clients) {
    return asked.stream().mapToInt(clients::failedCount).sum();
  }

  /** As {@code A or B}. */
  static String inWords(Set<String> verdicts) {
    return verdicts.stream().sorted().collect(Collectors.joining(" or "));
  }
}

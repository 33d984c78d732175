package dev.graceful.e2e;

import dev.graceful.api.v1alpha1.GracefulPolicy;
import dev.graceful.api.v1alpha1.ReportedTermination;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One case on the cluster, from its empty namespace to its row. */
final class CaseRun {

  /**
   * What came of it.
   *
   * @param verdicts how many of its terminations got which
   * @param told what the operator and the clients said, for a person to read
   */
  record Outcome(Row row, Map<String, Integer> verdicts, String told) {}

  /** What the clients and the control's clients saw of an end. */
  private record Seen(ClientStats clients, int failuresOfControl) {}

  /** Requests of the kind that the case is about; the others may fail at rest too. */
  private record Asked(Traffic.Run run, Set<ClientStats.Kind> kinds) implements Baseline.Sending {

    @Override
    public int failures() {
      return run.failures(kinds);
    }

    @Override
    public void discard() {
      run.discard();
    }
  }

  /** The operator has met the pods by then, and the clients have seen that all is well. */
  private static final Duration LEAD = Duration.ofSeconds(4);

  /** Failures of the last pod's end are to be in the log. */
  private static final Duration TAIL = Duration.ofSeconds(1);

  private final Cluster cluster;
  private final Progress progress;
  private final Case labelled;
  private final String name;
  private final String namespace;

  CaseRun(Cluster cluster, Progress progress, Case labelled, int number) {
    this.cluster = cluster;
    this.progress = progress;
    this.labelled = labelled;
    this.name = labelled.name() + "." + number;
    this.namespace = "e2e-case-" + labelled.name() + "-" + number;
  }

  /**
   * Goes through it with these clients, and leaves nothing behind.
   *
   * @param control goes on all the time
   */
  Outcome with(Traffic traffic, Traffic.Run control) {
    cluster.createNamespace(namespace);
    var app = new App(cluster.client(), namespace, Workload.NAME);
    cluster.create(namespace, labelled.policy().yaml());
    if (labelled.policy().patches()) {
      progress.until(
          "the policy of " + namespace + " to protect new Deployments",
          Progress.PATIENCE,
          () -> labelled.policy().protectsNewDeployments(cluster, namespace));
    }
    try (var workload = Workload.deploy(cluster, namespace, labelled.app())) {
      workload.awaitSettled(progress);
      app.word().awaitProgrammed(progress);
      return end(workload, traffic, control, app.word());
    } finally {
      // Without the policy nobody looks at how these pods end.
      cluster
          .client()
          .resources(GracefulPolicy.class)
          .inNamespace(namespace)
          .withName(Policy.NAME)
          .delete();
      cluster.forget(namespace);
    }
  }

  private Outcome end(
      Workload workload, Traffic traffic, Traffic.Run control, OperatorStatus word) {
    Set<String> goneBefore = flat(workload.census().gone());
    int replicas = workload.deployment().getSpec().getReplicas();
    Seen seen =
        underTraffic(
            workload,
            traffic,
            control,
            () -> {
              labelled.deed().on(workload, progress);
              progress.until(
                  name + " to be over",
                  Progress.PATIENCE_WITH_ROLLOUTS,
                  () ->
                      flat(workload.census().gone()).size() - goneBefore.size()
                              >= labelled.deed().leastEnded(replicas)
                          && workload.isSettled());
            });
    Map<String, Set<String>> gone = workload.census().gone();
    progress.until(
        "the verdicts of " + name,
        Progress.PATIENCE,
        () ->
            gone.entrySet().stream()
                .allMatch(set -> word.terminations(set.getKey()) >= set.getValue().size()));
    Set<String> ended = flat(gone);
    ended.removeAll(goneBefore);
    List<ReportedTermination> terminations =
        gone.keySet().stream()
            .flatMap(set -> word.worst(set).stream())
            .filter(termination -> ended.contains(termination.uid()))
            .toList();
    Map<String, Integer> verdicts = new TreeMap<>();
    terminations.forEach(each -> verdicts.merge(each.verdict(), 1, Integer::sum));
    var disturbance =
        Disturbance.of(
            labelled.policy(),
            workload.census()::endingUnixMillis,
            verdicts,
            terminations,
            seen.clients());
    List<String> objections =
        Stream.concat(
                labelled.honesty().objections(ended.size(), verdicts, seen.clients()).stream(),
                gone.keySet().stream().flatMap(set -> objection(word, set).stream()))
            .toList();
    return outcome(verdicts, terminations, seen, disturbance, objections);
  }

  /** To what is said of a revision as a whole. */
  private Optional<String> objection(OperatorStatus word, String replicaSet) {
    return word.gracefulOf(replicaSet)
        .flatMap(
            graceful ->
                Honesty.objection(
                    graceful.status(), word.verdicts(replicaSet), labelled.isOfConnections()));
  }

  private Seen underTraffic(
      Workload workload, Traffic traffic, Traffic.Run control, Runnable deed) {
    if (labelled.rate().equals(Traffic.Rate.NONE)) {
      Progress.sleep(LEAD);
      int before = control.failures();
      deed.run();
      return new Seen(new ClientStats(), control.failures() - before);
    }
    String url = workload.url(labelled.port());
    var target =
        new Traffic.Target(
            labelled.secure() ? url.replace("http:", "https:") : url, labelled.path());
    traffic.warmUp(progress, target);
    Asked asked =
        new Baseline(LEAD, Baseline.LIMIT)
            .begin(
                "the end of " + name,
                progress,
                () -> {
                  Conntrack.forget(url);
                  return new Asked(traffic.start(name, target, labelled.rate()), labelled.asked());
                });
    try {
      int before = control.failures();
      deed.run();
      Progress.sleep(TAIL);
      ClientStats clients = asked.run().stop();
      return new Seen(clients, control.failures() - before);
    } catch (RuntimeException e) {
      asked.discard();
      throw e;
    }
  }

  private Outcome outcome(
      Map<String, Integer> verdicts,
      List<ReportedTermination> terminations,
      Seen seen,
      Disturbance disturbance,
      List<String> objections) {
    ClientStats clients = seen.clients();
    var row =
        new Row(
            labelled.name(),
            Honesty.inWords(labelled.expected()),
            each(terminations, ReportedTermination::verdict),
            each(terminations, ReportedTermination::restsOn),
            each(terminations, ReportedTermination::cause),
            labelled.honesty().requests(clients),
            labelled.honesty().dropped(clients),
            objections.isEmpty(),
            seen.failuresOfControl());
    progress.say(
        "  %s: %s; %s; late by at most %d ms; %s"
            .formatted(
                name,
                Scenario.inWords(verdicts),
                clients,
                clients.latestMillis(),
                row.agrees() ? "agrees" : "DISAGREES: " + String.join("; ", objections)));
    return new Outcome(
        row,
        verdicts,
        "%s: %s%nclients: %s; %s%n%s"
            .formatted(
                name,
                String.join("; ", objections),
                clients,
                disturbance,
                Serialization.asYaml(terminations)));
  }

  /** The different values, in words. */
  private static String each(
      List<ReportedTermination> terminations,
      Function<ReportedTermination, @Nullable String> value) {
    return terminations.stream()
        .map(value)
        .filter(Objects::nonNull)
        .distinct()
        .sorted()
        .collect(Collectors.joining(", "));
  }

  private static Set<String> flat(Map<String, Set<String>> sets) {
    return sets.values().stream().flatMap(Set::stream).collect(Collectors.toSet());
  }
}

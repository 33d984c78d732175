package dev.graceful.e2e;

import dev.graceful.api.v1alpha1.Condition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One app under traffic: rolled several times, seen by its clients and by the operator. */
final class Act implements AutoCloseable {

  /**
   * What came of one rollout.
   *
   * @param clients what the clients saw
   * @param verdicts what the operator saw of the pods that were ended
   * @param disturbance what of that may be the machine's doing
   * @param graceful the ended revision's TerminationsGraceful
   * @param lastOldPodGoneSeconds since the rollout's start
   * @param firstVerdictSeconds since the rollout's start
   */
  record RolloutResult(
      Tally clients,
      Map<String, Integer> verdicts,
      Disturbance disturbance,
      @Nullable Condition graceful,
      double lastOldPodGoneSeconds,
      double firstVerdictSeconds) {}

  /** Long enough to see that all is well before the rollout. */
  private static final Duration LEAD = Duration.ofSeconds(3);

  /** Failures of the last pod's end are to be in the log. */
  private static final Duration TAIL = Duration.ofSeconds(2);

  private final String name;
  private final Workload workload;
  private final Traffic traffic;
  private final Traffic.Rate rate;
  private final Word word;
  private final Control control;
  private final Progress progress;
  private final List<RolloutResult> rollouts = new ArrayList<>();

  /** Null: there is none yet. */
  private @Nullable Policy policy;

  private Act(
      String name,
      Workload workload,
      Traffic traffic,
      Traffic.Rate rate,
      Word word,
      Control control,
      Progress progress) {
    this.name = name;
    this.workload = workload;
    this.traffic = traffic;
    this.rate = rate;
    this.word = word;
    this.control = control;
    this.progress = progress;
  }

  /** Brings up the app and its clients in a namespace of the act's name. */
  static Act deploy(
      Cluster cluster,
      String name,
      Workload.Shape shape,
      Traffic.Rate rate,
      Control control,
      Progress progress) {
    cluster.createNamespace(name);
    return deployInto(name, cluster, shape, rate, control, progress);
  }

  /**
   * Brings up the app and its clients in a namespace that has a policy already.
   *
   * @param policy one that protects new Deployments
   */
  static Act deployUnder(
      Policy policy,
      Cluster cluster,
      String name,
      Workload.Shape shape,
      Traffic.Rate rate,
      Control control,
      Progress progress) {
    cluster.createNamespace(name);
    CommandLine.run(List.of("kubectl", "apply", "-n", name, "-f", "-"), policy.yaml());
    progress.until(
        "the policy of " + name + " to protect new Deployments",
        Duration.ofSeconds(30),
        () -> policy.protectsNewDeployments(cluster, name));
    Act act = deployInto(name, cluster, shape, rate, control, progress);
    act.policy = policy;
    return act;
  }

  private static Act deployInto(
      String name,
      Cluster cluster,
      Workload.Shape shape,
      Traffic.Rate rate,
      Control control,
      Progress progress) {
    var workload = Workload.deploy(cluster, name, shape);
    return new Act(
        name,
        workload,
        Traffic.deploy(cluster, name),
        rate,
        Word.of(cluster, workload),
        control,
        progress);
  }

  void awaitReady() {
    workload.awaitSettled(progress);
    traffic.awaitReady(progress);
    traffic.warmUp(progress, Traffic.Target.work(workload.url()));
  }

  /**
   * Applies a policy and waits until all is as it wants it.
   *
   * @return after how many seconds the Deployment was patched, if the policy does so at once
   */
  double apply(Policy policy) {
    this.policy = policy;
    CommandLine.run(List.of("kubectl", "apply", "-n", name, "-f", "-"), policy.yaml());
    long applied = System.nanoTime();
    if (policy.rolls()) {
      progress.until(
          "the Deployment of " + name + " to be patched",
          Duration.ofMinutes(1),
          workload::hasPreStopSleep);
    }
    double seconds = Progress.secondsSince(applied);
    word.awaitProgrammed(progress);
    workload.awaitSettled(progress);
    if (policy.rolls()) {
      // Else the protection may still speak of the rollout that the patch began.
      progress.until(
          "the verdicts on the pods that the patch replaced in " + name,
          Duration.ofMinutes(1),
          () -> word.condition(Word.TERMINATIONS_GRACEFUL).isPresent());
      // The pods that the patch replaced had no sleep: kube-proxy may still send to one that is
      // gone.
      traffic.warmUp(progress, Traffic.Target.work(workload.url()));
    }
    return seconds;
  }

  /** Rolls the app once under traffic. */
  RolloutResult rollOut() {
    return rollOut(_ -> {});
  }

  /**
   * Rolls the app once under traffic and checks what came of it; again, where the check fails and
   * the run was disturbed.
   */
  void rollOutAndCheck(Consumer<RolloutResult> check) {
    for (int i = 1; ; i++) {
      RolloutResult result = rollOut();
      try {
        check.accept(result);
        return;
      } catch (AssertionError e) {
        boolean isVoid = i < Disturbance.TRIES && result.disturbance().mayAccountForIt();
        progress.say(
            "  %s: %s"
                .formatted(
                    isVoid ? "that is void, and done again" : "the check failed",
                    result.disturbance()));
        if (!isVoid) {
          throw e;
        }
      }
    }
  }

  /** Rolls the app once under traffic, and does something to the operator while it rolls. */
  RolloutResult rollOut(Consumer<Workload.Rollout> meanwhile) {
    String runName = name + "-" + (rollouts.size() + 1);
    RolloutResult result = control.beside(runName, rate, () -> rollOut(runName, meanwhile));
    rollouts.add(result);
    return result;
  }

  private RolloutResult rollOut(String runName, Consumer<Workload.Rollout> meanwhile) {
    Traffic.Run run = traffic.start(runName, Traffic.Target.work(workload.url()), rate);
    Progress.sleep(LEAD);
    Workload.Rollout rollout = workload.rollOut();
    meanwhile.accept(rollout);
    var firstVerdictNanos = new AtomicLong();
    progress.until(
        "the last old pod of " + runName + " to be gone",
        Duration.ofMinutes(4),
        () -> {
          if (firstVerdictNanos.get() == 0 && word.terminations(rollout.oldReplicaSet()) > 0) {
            firstVerdictNanos.set(System.nanoTime());
          }
          return rollout.areOldPodsGone();
        });
    double goneSeconds = Progress.secondsSince(rollout.startedNanos());
    Progress.sleep(TAIL);
    Tally clients = run.stop();
    word.awaitVerdicts(progress, rollout);
    firstVerdictNanos.compareAndSet(0, System.nanoTime());
    Map<String, Integer> verdicts = word.verdicts(rollout.oldReplicaSet());
    var result =
        new RolloutResult(
            clients,
            verdicts,
            Disturbance.of(
                Objects.requireNonNull(policy, "without a policy nothing is judged"),
                workload.census()::endingUnixMillis,
                verdicts,
                word.worst(rollout.oldReplicaSet()),
                clients),
            word.gracefulOf(rollout.oldReplicaSet()).orElse(null),
            goneSeconds,
            (firstVerdictNanos.get() - rollout.startedNanos()) / 1e9);
    progress.say(
        "  %s: last old pod gone after %s; %s; verdicts %s"
            .formatted(
                runName, Progress.seconds(goneSeconds), clients, inWords(result.verdicts())));
    return result;
  }

  String name() {
    return name;
  }

  Workload workload() {
    return workload;
  }

  Word word() {
    return word;
  }

  List<RolloutResult> rollouts() {
    return List.copyOf(rollouts);
  }

  /** What the clients saw in all rollouts. */
  Tally clients() {
    var total = new Tally();
    rollouts.forEach(rollout -> total.add(rollout.clients()));
    return total;
  }

  Map<String, Integer> verdicts() {
    var total = new TreeMap<String, Integer>();
    rollouts.forEach(
        rollout ->
            rollout.verdicts().forEach((verdict, n) -> total.merge(verdict, n, Integer::sum)));
    return total;
  }

  static String inWords(Map<String, Integer> counts) {
    return counts.isEmpty()
        ? "none"
        : String.join(
            ", ",
            counts.entrySet().stream().map(each -> each.getValue() + " " + each.getKey()).toList());
  }

  @Override
  public void close() {
    traffic.close();
    workload.close();
  }
}

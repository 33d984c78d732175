package dev.graceful.e2e;

import dev.graceful.api.v1alpha1.Condition;
import dev.graceful.api.v1alpha1.ReportedTermination;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** One app under traffic: rolled several times, seen by its clients and by the operator. */
final class Scenario implements AutoCloseable {

  /**
   * What came of one rollout.
   *
   * @param rate what the clients were told to send, and the control's too
   * @param clients what the clients saw
   * @param control what the control's clients saw meanwhile
   * @param seconds for how long either sent
   * @param verdicts what the operator saw of the pods that were ended
   * @param disturbance what of that may be the machine's doing, for a person to read
   * @param graceful the ended revision's TerminationsGraceful
   * @param lastOldPodGoneSeconds since the rollout's start
   * @param firstVerdictSeconds since the rollout's start
   * @param messages what the operator says of the pods, each sentence once
   */
  record RolloutResult(
      Traffic.Rate rate,
      ClientStats clients,
      ClientStats control,
      double seconds,
      Map<String, Integer> verdicts,
      Disturbance disturbance,
      @Nullable Condition graceful,
      double lastOldPodGoneSeconds,
      double firstVerdictSeconds,
      List<String> messages) {

    /** Something other than the product or the app dropped requests. */
    boolean isVoid() {
      return control.failedCount() > 0;
    }

    /** What TerminationsGraceful has to be if no pod was violated and each was seen. */
    Condition.Status wordIfUnviolated() {
      return verdicts.containsKey("ConnectionsServed")
          ? Condition.Status.Unknown
          : Condition.Status.True;
    }

    /** For a check that fails. */
    @Override
    public String toString() {
      return "%s; verdicts %s; %s; %s"
          .formatted(clients, inWords(verdicts), disturbance, String.join("; ", messages));
    }
  }

  /** The act's clients and the control's, at the same time. */
  private record Both(Traffic.Rate rate, Traffic.Run clients, Traffic.Run control)
      implements Baseline.Sending {

    @Override
    public int failures() {
      return clients.failures() + control.failures();
    }

    @Override
    public void discard() {
      clients.discard();
      control.discard();
    }
  }

  /** Long enough to see that all is well before the rollout. */
  private static final Baseline BASELINE = new Baseline(Duration.ofSeconds(3), Baseline.LIMIT);

  /** Failures of the last pod's end are to be in the log. */
  private static final Duration TAIL = Duration.ofSeconds(2);

  private final String name;
  private final Workload workload;
  private final Traffic traffic;
  private final Supplier<Traffic.Rate> rate;
  private final OperatorStatus word;
  private final Control control;
  private final BiConsumer<String, RolloutResult> counted;
  private final Progress progress;
  private final List<RolloutResult> rollouts = new ArrayList<>();

  /** Null: there is none yet. */
  private @Nullable Policy policy;

  private Scenario(
      String name,
      Workload workload,
      Traffic traffic,
      Supplier<Traffic.Rate> rate,
      OperatorStatus word,
      Control control,
      BiConsumer<String, RolloutResult> counted,
      Progress progress) {
    this.name = name;
    this.workload = workload;
    this.traffic = traffic;
    this.rate = rate;
    this.word = word;
    this.control = control;
    this.counted = counted;
    this.progress = progress;
  }

  /**
   * Brings up the app and its clients in a namespace of the act's name.
   *
   * @param rate what its clients send in the next rollout
   * @param counted is told the name of each run, and what came of it
   */
  static Scenario deploy(
      Cluster cluster,
      String name,
      Workload.Shape shape,
      Supplier<Traffic.Rate> rate,
      Control control,
      BiConsumer<String, RolloutResult> counted,
      Progress progress) {
    cluster.createNamespace(name);
    return deployInto(name, cluster, shape, rate, control, counted, progress);
  }

  /**
   * Brings up the app and its clients in a namespace that has a policy already.
   *
   * @param policy one that protects new Deployments
   * @param rate what its clients send in the next rollout
   * @param counted is told the name of each run, and what came of it
   */
  static Scenario deployUnder(
      Policy policy,
      Cluster cluster,
      String name,
      Workload.Shape shape,
      Supplier<Traffic.Rate> rate,
      Control control,
      BiConsumer<String, RolloutResult> counted,
      Progress progress) {
    cluster.createNamespace(name);
    CommandLine.run(List.of("kubectl", "apply", "-n", name, "-f", "-"), policy.yaml());
    progress.until(
        "the policy of " + name + " to protect new Deployments",
        Progress.PATIENCE,
        () -> policy.protectsNewDeployments(cluster, name));
    Scenario act = deployInto(name, cluster, shape, rate, control, counted, progress);
    act.policy = policy;
    return act;
  }

  private static Scenario deployInto(
      String name,
      Cluster cluster,
      Workload.Shape shape,
      Supplier<Traffic.Rate> rate,
      Control control,
      BiConsumer<String, RolloutResult> counted,
      Progress progress) {
    var workload = Workload.deploy(cluster, name, shape);
    return new Scenario(
        name,
        workload,
        Traffic.deploy(cluster, name),
        rate,
        OperatorStatus.of(cluster, workload),
        control,
        counted,
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
          Progress.PATIENCE,
          workload::hasPreStopSleep);
    }
    double seconds = Progress.secondsSince(applied);
    word.awaitProgrammed(progress);
    workload.awaitSettled(progress);
    if (policy.rolls()) {
      // Else the protection may still speak of the rollout that the patch began.
      progress.until(
          "the verdicts on the pods that the patch replaced in " + name,
          Progress.PATIENCE,
          () -> word.condition(OperatorStatus.TERMINATIONS_GRACEFUL).isPresent());
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

  /** Rolls the app several times under traffic. */
  List<RolloutResult> rollOut(int times) {
    return IntStream.range(0, times).mapToObj(_ -> rollOut()).toList();
  }

  /** Rolls the app once under traffic, and does something to the operator while it rolls. */
  RolloutResult rollOut(Consumer<Workload.Rollout> meanwhile) {
    String runName = name + "-" + (rollouts.size() + 1);
    Both both = BASELINE.begin("the rollout " + runName, progress, () -> start(runName));
    RolloutResult result;
    try {
      result = rollOut(runName, both, meanwhile);
    } finally {
      // Those who come later find nobody sending.
      both.discard();
    }
    rollouts.add(result);
    counted.accept(runName, result);
    return result;
  }

  private Both start(String runName) {
    Conntrack.forget(workload.url());
    Traffic.Rate now = rate.get();
    Traffic.Run besides = control.start(runName, now);
    try {
      return new Both(
          now, traffic.start(runName, Traffic.Target.work(workload.url()), now), besides);
    } catch (RuntimeException e) {
      besides.discard();
      throw e;
    }
  }

  private RolloutResult rollOut(String runName, Both both, Consumer<Workload.Rollout> meanwhile) {
    long begunNanos = System.nanoTime();
    Workload.Rollout rollout = workload.rollOut();
    meanwhile.accept(rollout);
    var firstVerdictNanos = new AtomicLong();
    progress.until(
        "the last old pod of " + runName + " to be gone",
        Progress.PATIENCE_WITH_ROLLOUTS,
        () -> {
          if (firstVerdictNanos.get() == 0 && word.terminations(rollout.oldReplicaSet()) > 0) {
            firstVerdictNanos.set(System.nanoTime());
          }
          return rollout.areOldPodsGone();
        });
    double goneSeconds = Progress.secondsSince(rollout.startedNanos());
    Progress.sleep(TAIL);
    double seconds = Progress.secondsSince(begunNanos);
    ClientStats clients = both.clients().stop();
    ClientStats controlled = both.control().stop();
    word.awaitVerdicts(progress, rollout);
    firstVerdictNanos.compareAndSet(0, System.nanoTime());
    Map<String, Integer> verdicts = word.verdicts(rollout.oldReplicaSet());
    List<ReportedTermination> terminations = word.worst(rollout.oldReplicaSet());
    var result =
        new RolloutResult(
            both.rate(),
            clients,
            controlled,
            seconds,
            verdicts,
            Disturbance.of(
                Objects.requireNonNull(policy, "without a policy nothing is judged"),
                workload.census()::endingUnixMillis,
                verdicts,
                terminations,
                clients),
            word.gracefulOf(rollout.oldReplicaSet()).orElse(null),
            goneSeconds,
            (firstVerdictNanos.get() - rollout.startedNanos()) / 1e9,
            terminations.stream().map(ReportedTermination::message).distinct().toList());
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

  OperatorStatus word() {
    return word;
  }

  List<RolloutResult> rollouts() {
    return List.copyOf(rollouts);
  }

  /** What the clients saw in all rollouts. */
  ClientStats clients() {
    return total(RolloutResult::clients);
  }

  /** What the control's clients saw in all rollouts. */
  ClientStats controlled() {
    return total(RolloutResult::control);
  }

  private ClientStats total(Function<RolloutResult, ClientStats> of) {
    var total = new ClientStats();
    rollouts.forEach(rollout -> total.add(of.apply(rollout)));
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

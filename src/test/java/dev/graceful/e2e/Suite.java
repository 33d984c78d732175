package dev.graceful.e2e;

import static org.junit.jupiter.api.Assumptions.abort;

import java.nio.file.Path;
import java.time.Duration;

/** What all tests share: the cluster with the operator in it, and the control. */
final class Suite implements AutoCloseable {

  /** Lock of those who need the operator, and of those who take it away. */
  static final String OPERATOR = "operator";

  /**
   * Lock of those who have Deployments rolled by the operator, one at a time in all the cluster.
   */
  static final String TURNS = "turns";

  /** As much as is sent at all; a machine that bears less gets less. */
  static final Traffic.Rate BUSY = new Traffic.Rate(Control.MOST.newPerSecond(), 100);

  /** Enough to see that an app is served. */
  static final Traffic.Rate CALM = new Traffic.Rate(50, 50);

  private static final String CONTROL_NAMESPACE = "e2e-control";
  private static final Path VOIDS = Path.of("build", "voids.json");

  private final Cluster cluster;
  private final Control control;
  private final Progress progress;
  private final Runs runs = new Runs();
  private Capacity capacity;

  private Suite(Cluster cluster, Control control, Capacity capacity, Progress progress) {
    this.cluster = cluster;
    this.control = control;
    this.capacity = capacity;
    this.progress = progress;
  }

  static Suite begin() {
    var progress = new Progress();
    var cluster = Cluster.connect();
    progress.say("Kubernetes " + cluster.kubernetesVersion());
    progress.say("operator ready after " + Progress.seconds(Installation.install()));
    var control =
        Control.deploy(cluster, CONTROL_NAMESPACE, Workload.Shape.of(Pattern.TEXTBOOK, 4));
    control.awaitReady(progress);
    return new Suite(cluster, control, control.findCapacity(progress), progress);
  }

  Cluster cluster() {
    return cluster;
  }

  Control control() {
    return control;
  }

  Progress progress() {
    return progress;
  }

  synchronized Capacity capacity() {
    return capacity;
  }

  /**
   * An app in a namespace of its own, ready to be rolled.
   *
   * @param most what its clients send, where the machine bears it
   */
  Scenario act(String namespace, Workload.Shape shape, Traffic.Rate most) {
    var act =
        Scenario.deploy(
            cluster,
            namespace,
            shape,
            () -> capacity().of(most),
            control,
            this::abortIfVoid,
            progress);
    act.awaitReady();
    return act;
  }

  /** An app that was deployed when its namespace had a policy already, ready to be rolled. */
  Scenario actUnder(Policy policy, String namespace, Workload.Shape shape, Traffic.Rate most) {
    var act =
        Scenario.deployUnder(
            policy,
            cluster,
            namespace,
            shape,
            () -> capacity().of(most),
            control,
            this::abortIfVoid,
            progress);
    act.awaitReady();
    return act;
  }

  /** Counts a run; of one that is void nothing is asserted. */
  private void abortIfVoid(String runName, Scenario.RolloutResult result) {
    if (count(runName, result.control().failedCount())) {
      abort(runName + " is void, as the control failed: " + result.control());
    }
  }

  /** Returns whether the run is void; those that come after a void one send less. */
  synchronized boolean count(String runName, int failuresOfControl) {
    boolean isVoid = runs.add(runName, failuresOfControl);
    if (isVoid) {
      capacity = new Capacity(Math.max(Capacity.LEAST, capacity.half().newPerSecond()));
      progress.say(
          "  %s is void: of the control failed %d; from now on %s"
              .formatted(runName, failuresOfControl, capacity));
    }
    return isVoid;
  }

  /** What somebody's app looks like to its owner; it need not be there yet. */
  App app(String namespace, String name) {
    return new App(cluster.client(), namespace, name);
  }

  OperatorPod operatorPod() {
    return new OperatorPod(cluster);
  }

  /**
   * Installs the operator anew, and waits until those that it replaces are gone.
   *
   * @param settings Helm's, each as {@code name=value}
   */
  void install(String... settings) {
    Installation.install(settings);
    progress.until(
        "the operator's earlier pods to be gone", Progress.PATIENCE, operatorPod()::isAlone);
  }

  /** Long enough for a condition that should not come to come. */
  void settle() {
    Progress.sleep(Duration.ofSeconds(3));
  }

  /** The apps of one class take nothing from those of the next. */
  void clear() {
    cluster.forgetAllBut(CONTROL_NAMESPACE);
  }

  /** Fails if too many runs were void. */
  @Override
  public void close() {
    control.close();
    cluster.cleanUp();
    cluster.close();
    progress.say(runs.count().toString());
    runs.close(VOIDS);
  }
}

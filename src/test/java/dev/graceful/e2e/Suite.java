package dev.graceful.e2e;

import java.time.Duration;

/** What all tests share: the cluster with the operator in it, and the control. */
record Suite(Cluster cluster, Control control, Progress progress) implements AutoCloseable {

  /** Lock of those who need the operator, and of those who take it away. */
  static final String OPERATOR = "operator";

  /**
   * Lock of those who have Deployments rolled by the operator, one at a time in all the cluster.
   */
  static final String TURNS = "turns";

  /** Enough for an unprotected rollout to be sure to drop some. */
  static final Traffic.Rate BUSY = new Traffic.Rate(350, 100);

  /** Enough to see that an app is served. */
  static final Traffic.Rate CALM = new Traffic.Rate(50, 50);

  private static final String CONTROL_NAMESPACE = "e2e-control";

  static Suite begin() {
    var progress = new Progress();
    var cluster = Cluster.connect();
    progress.say("Kubernetes " + cluster.kubernetesVersion());
    progress.say("operator ready after " + Progress.seconds(Installation.install()));
    var control =
        Control.deploy(cluster, CONTROL_NAMESPACE, Workload.Shape.of(Pattern.TEXTBOOK, 4));
    control.awaitReady(progress);
    return new Suite(cluster, control, progress);
  }

  /** An app in a namespace of its own, ready to be rolled. */
  Act act(String namespace, Workload.Shape shape, Traffic.Rate rate) {
    var act = Act.deploy(cluster, namespace, shape, rate, control, progress);
    act.awaitReady();
    return act;
  }

  /** An app that was deployed when its namespace had a policy already, ready to be rolled. */
  Act actUnder(Policy policy, String namespace, Workload.Shape shape, Traffic.Rate rate) {
    var act = Act.deployUnder(policy, cluster, namespace, shape, rate, control, progress);
    act.awaitReady();
    return act;
  }

  /** What somebody's app looks like to its owner; it need not be there yet. */
  App app(String namespace, String name) {
    return new App(cluster.client(), namespace, name);
  }

  OperatorPod operatorPod() {
    return new OperatorPod(cluster);
  }

  /** Long enough for a condition that should not come to come. */
  void settle() {
    Progress.sleep(Duration.ofSeconds(3));
  }

  @Override
  public void close() {
    control.close();
    cluster.cleanUp();
    cluster.close();
  }
}

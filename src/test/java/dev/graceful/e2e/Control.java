package dev.graceful.e2e;

import java.util.function.Supplier;

/**
 * The same app under the same traffic at the same time, but never rolled. A failure in it is the
 * machine's or the harness's, and makes void what was measured beside it.
 */
final class Control implements AutoCloseable {

  private final Workload workload;
  private final Traffic traffic;
  private final Traffic.Target target;
  private final Tally total = new Tally();

  private Control(Workload workload, Traffic traffic) {
    this.workload = workload;
    this.traffic = traffic;
    this.target = Traffic.Target.work(workload.url());
  }

  static Control deploy(Cluster cluster, String namespace, Workload.Shape shape) {
    cluster.createNamespace(namespace);
    return new Control(
        Workload.deploy(cluster, namespace, shape), Traffic.deploy(cluster, namespace));
  }

  void awaitReady(Progress progress) {
    workload.awaitSettled(progress);
    traffic.awaitReady(progress);
    traffic.warmUp(progress, target);
  }

  /** Sends as much as the other run, and as long as that takes. */
  <T> T beside(String runName, Traffic.Rate rate, Supplier<T> other) {
    Traffic.Run run = start(runName, rate);
    try {
      return other.get();
    } finally {
      total.add(run.stop());
    }
  }

  /**
   * Sends until it is stopped, beside many who each ask how much has failed so far: what was
   * measured while something did is theirs to throw away, so it is not added to the total.
   */
  Traffic.Run start(String runName, Traffic.Rate rate) {
    return traffic.start(runName + "-control", target, rate);
  }

  /** The app, which no policy ever selected. */
  App app() {
    return workload.app();
  }

  /** Of all runs so far. */
  Tally total() {
    return total;
  }

  @Override
  public void close() {
    workload.close();
  }
}

package dev.graceful.e2e;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The same app under the same traffic at the same time, but never rolled. A failure in it is the
 * machine's or the harness's, and makes void what was measured beside it.
 */
final class Control implements AutoCloseable {

  /** Long enough for the processors' ticks to tell, and for slow answers to come. */
  private static final Duration STEP = Duration.ofSeconds(3);

  /** What else the machine was doing for a moment may be over then. */
  private static final Duration RAMP_LIMIT = Duration.ofMinutes(5);

  /** What an act sends at most. */
  static final Traffic.Rate MOST = new Traffic.Rate(Ramp.STEPS.getLast(), 150);

  private final Workload workload;
  private final Traffic traffic;
  private final Traffic.Target target;

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

  /** Sends until it is stopped. */
  Traffic.Run start(String runName, Traffic.Rate rate) {
    return traffic.start(runName + "-control", target, rate);
  }

  /**
   * Finds how much traffic this machine bears, while nothing else is sent.
   *
   * @throws Capacity.TooLittle if that would show nothing
   */
  Capacity findCapacity(Progress progress) {
    long begunNanos = System.nanoTime();
    Optional<Capacity> found = Ramp.climb(new Measured(progress));
    while (found.isEmpty() && System.nanoTime() - begunNanos < RAMP_LIMIT.toNanos()) {
      progress.say("  The machine is busy with something else; measuring again.");
      Progress.sleep(STEP);
      found = Ramp.climb(new Measured(progress));
    }
    Capacity capacity = found.orElseThrow(Capacity.TooLittle::new);
    progress.say("This machine bears " + capacity + ", and as many beside them for the control.");
    return capacity;
  }

  /** The control's own clients send for an act as well. */
  private final class Measured implements Ramp.Machine {

    private final Progress progress;

    Measured(Progress progress) {
      this.progress = progress;
    }

    @Override
    public double freeAtRest() {
      List<Traffic.Ticks> before = traffic.ticks();
      Progress.sleep(STEP);
      double free = Traffic.Ticks.free(before, traffic.ticks());
      progress.say("  without traffic: %s".formatted(inWords(free)));
      return free;
    }

    @Override
    public Ramp.Step under(int newPerSecond) {
      Traffic.Rate rate = new Capacity(newPerSecond).of(MOST);
      Traffic.Run run = start("ramp-" + newPerSecond, rate.twice());
      List<Traffic.Ticks> before = traffic.ticks();
      Progress.sleep(STEP);
      double free = Traffic.Ticks.free(before, traffic.ticks());
      ClientStats tally = run.stop();
      progress.say(
          "  twice %s: %d failed, clients late by at most %d ms, %s"
              .formatted(rate, tally.failedCount(), tally.latestMillis(), inWords(free)));
      return new Ramp.Step(newPerSecond, tally.failedCount(), tally.latestMillis(), free);
    }

    private static String inWords(double free) {
      return Double.isInfinite(free)
          ? "the node does not tell what is free"
          : "%.2f processors free".formatted(free);
    }
  }

  /** The app, which no policy ever selected. */
  App app() {
    return workload.app();
  }

  @Override
  public void close() {
    workload.close();
  }
}

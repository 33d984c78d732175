package dev.graceful.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** What somebody does to an app, so that pods of it end. */
enum Disruption {
  /** All its pods are replaced. */
  ROLLOUT {
    @Override
    void on(Workload workload, Progress progress) {
      workload.rollOut();
    }
  },

  /** One pod less. */
  SCALE_IN {
    @Override
    void on(Workload workload, Progress progress) {
      workload.scale(workload.deployment().getSpec().getReplicas() - 1);
    }
  },

  /** One pod evicted through the Eviction API, as a drained node does it. */
  EVICTION {
    @Override
    void on(Workload workload, Progress progress) {
      workload.evictOne();
    }
  },

  /** One pod deleted by hand. */
  DELETION {
    @Override
    void on(Workload workload, Progress progress) {
      workload.deleteOne("--wait=false");
    }
  },

  /** One pod deleted by hand, with less time than it needs and than its template gives it. */
  DELETION_CUT_SHORT {
    @Override
    void on(Workload workload, Progress progress) {
      workload.deleteOne("--wait=false", "--grace-period=" + SHORT_GRACE_SECONDS);
    }
  },

  /** One pod evicted with less time than it needs and than its template gives it. */
  EVICTION_CUT_SHORT {
    @Override
    void on(Workload workload, Progress progress) {
      workload.evictOneWithin(SHORT_GRACE_SECONDS);
    }
  },

  /** One pod drained from its node, with less time than it needs and than its template gives it. */
  DRAIN_CUT_SHORT {
    @Override
    void on(Workload workload, Progress progress) {
      workload.drainOneWithin(SHORT_GRACE_SECONDS);
    }
  },

  /** One pod deleted that a second Service lets go of late. */
  DELETION_LEAVING_LATE {
    @Override
    void on(Workload workload, Progress progress) {
      StrayEndpoint stray = workload.straysIntoSlice();
      Progress.sleep(A_MOMENT);
      workload.deletePod(stray.pod());
      Progress.sleep(LATE);
      stray.leave();
    }
  },

  /** One pod deleted that a second Service never lets go of. */
  DELETION_NEVER_LEAVING {
    @Override
    void on(Workload workload, Progress progress) {
      StrayEndpoint stray = workload.straysIntoSlice();
      Progress.sleep(A_MOMENT);
      workload.deletePod(stray.pod());
    }
  },

  /** One pod deleted without any grace. */
  FORCED_DELETION {
    @Override
    void on(Workload workload, Progress progress) {
      workload.deleteOne("--wait=false", "--force", "--grace-period=0");
    }
  },

  /** One pod deleted while the kubelet stands still, which then goes on. */
  DELETION_WITHOUT_KUBELET {
    @Override
    void on(Workload workload, Progress progress) {
      signalKubelet("STOP");
      try {
        workload.deleteOne("--wait=false");
        Progress.sleep(KUBELET_STANDS_STILL);
      } finally {
        signalKubelet("CONT");
      }
    }
  },

  /** A second rollout in the middle of the first. */
  ROLLOVER {
    @Override
    void on(Workload workload, Progress progress) {
      beginRollout(workload, progress);
      workload.rollOut();
    }
  },

  /** A rollout that is undone in its middle. */
  UNDO {
    @Override
    void on(Workload workload, Progress progress) {
      beginRollout(workload, progress);
      workload.app().kubectl("rollout", "undo", "deployment", Workload.NAME);
    }
  },

  /** A release that turns unready before it is available, and is undone when no client comes. */
  UNDO_OF_UNREADY {
    @Override
    void on(Workload workload, Progress progress) {
      workload.release(Pattern.named("sickens"), NEVER_AVAILABLE_SECONDS);
      String pods = " pods of " + workload.namespace() + " to be ready";
      int replicas = workload.deployment().getSpec().getReplicas();
      progress.until(
          (replicas + 1) + pods, Progress.PATIENCE, () -> workload.readyPods() > replicas);
      progress.until(replicas + pods, Progress.PATIENCE, () -> workload.readyPods() <= replicas);
      Progress.sleep(NO_CLIENT_COMES);
      workload.app().kubectl("rollout", "undo", "deployment", Workload.NAME);
      workload.patch("{\"spec\":{\"minReadySeconds\":0}}");
    }
  },

  /** A release that never gets ready, and is undone. */
  UNDO_OF_NEVER_READY {
    @Override
    void on(Workload workload, Progress progress) {
      undoStuck(workload, progress, "neverready");
    }
  },

  /** A release that ends as soon as it starts, and is undone. */
  UNDO_OF_CRASHING {
    @Override
    void on(Workload workload, Progress progress) {
      undoStuck(workload, progress, "crashes");
    }
  },

  /** A rollout that is paused in its middle, and resumed. */
  PAUSE {
    @Override
    void on(Workload workload, Progress progress) {
      beginRollout(workload, progress);
      workload.app().kubectl("rollout", "pause", "deployment", Workload.NAME);
      Progress.sleep(A_WHILE);
      workload.app().kubectl("rollout", "resume", "deployment", Workload.NAME);
    }
  },

  /** A rollout during which an autoscaler wants more pods, and then fewer. */
  ROLLOUT_WHILE_SCALED {
    @Override
    void on(Workload workload, Progress progress) {
      int replicas = workload.deployment().getSpec().getReplicas();
      beginRollout(workload, progress);
      workload.scale(replicas + 2);
      Progress.sleep(A_WHILE);
      workload.scale(replicas);
    }
  };

  private static final Path KUBELET_PID = Path.of("build", "cluster", "pid", "kubelet");
  private static final Duration KUBELET_STANDS_STILL = Duration.ofSeconds(10);
  private static final Duration A_WHILE = Duration.ofSeconds(3);
  private static final Duration A_MOMENT = Duration.ofSeconds(1);

  /** After more than a second the operator calls it late. */
  private static final Duration LATE = Duration.ofMillis(2_500);

  private static final int NEVER_AVAILABLE_SECONDS = 500;
  private static final int SHORT_GRACE_SECONDS = 5;

  /** More than the policies of the cases say that clients may come, and than a watch is late. */
  private static final Duration NO_CLIENT_COMES = Duration.ofSeconds(5);

  /** Does it, and comes back before all is over. */
  abstract void on(Workload workload, Progress progress);

  /** Whether it may be done to somebody else's cluster, and beside others. */
  boolean isHarmlessToOthers() {
    return this != DELETION_WITHOUT_KUBELET && this != DRAIN_CUT_SHORT;
  }

  /** How many pods end at least. */
  int leastEnded(int replicas) {
    return switch (this) {
      case ROLLOUT, ROLLOVER, PAUSE, ROLLOUT_WHILE_SCALED -> replicas;
      case SCALE_IN,
          EVICTION,
          DELETION,
          DELETION_CUT_SHORT,
          EVICTION_CUT_SHORT,
          DRAIN_CUT_SHORT,
          DELETION_LEAVING_LATE,
          DELETION_NEVER_LEAVING,
          FORCED_DELETION,
          DELETION_WITHOUT_KUBELET,
          UNDO,
          UNDO_OF_UNREADY,
          UNDO_OF_NEVER_READY,
          UNDO_OF_CRASHING ->
          1;
    };
  }

  private static void beginRollout(Workload workload, Progress progress) {
    Workload.Rollout rollout = workload.rollOut();
    progress.until(
        "the first old pod of " + workload.namespace() + " to be ended",
        Progress.PATIENCE,
        () -> workload.census().isEnding(rollout.oldReplicaSet()));
  }

  /** The rollout comes no further than its first new pod. */
  private static void undoStuck(Workload workload, Progress progress, String pattern) {
    workload.release(Pattern.named(pattern), 0);
    progress.until(
        "the first new pod of " + workload.namespace() + " to have been started",
        Progress.PATIENCE,
        () -> workload.startedPods() > workload.deployment().getSpec().getReplicas());
    Progress.sleep(A_WHILE);
    workload.app().kubectl("rollout", "undo", "deployment", Workload.NAME);
  }

  private static void signalKubelet(String signal) {
    try {
      CommandLine.run("kill", "-" + signal, Files.readString(KUBELET_PID).strip());
    } catch (IOException e) {
      throw new UncheckedIOException("the project's own kubelet is not up", e);
    }
  }
}

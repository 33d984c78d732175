package dev.graceful.probe;

import dev.graceful.observe.Acquaintance;
import dev.graceful.observe.Knock;
import dev.graceful.observe.Terminations;
import dev.graceful.observe.Terminations.Progress;
import dev.graceful.observe.Terminations.Target;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Plays the clients that a terminating pod still has: a virtual thread a pod, which ends with the
 * pod. What it finds goes to {@link Terminations}.
 */
public final class Probe implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Probe.class);

  /** At most so many connections to one ready pod, to learn whether a revision can be reached. */
  private static final int MEETING_TRIES = 3;

  private static final long BETWEEN_MEETINGS_MILLIS = 1_000;

  private final Terminations terminations;
  private final LongSupplier nanoClock;
  private final ProbeLoad load = new ProbeLoad();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  /** Does nothing until it is asked. */
  public Probe(Terminations terminations, LongSupplier nanoClock) {
    this.terminations = terminations;
    this.nanoClock = nanoClock;
  }

  /** What it has sent so far. */
  public ProbeLoad load() {
    return load;
  }

  /** Learns whether the revision of a ready pod can be reached at all. */
  public void meet(Target target) {
    threads.execute(
        () -> {
          for (int i = 0; i < MEETING_TRIES; i++) {
            if (i > 0 && !sleep(BETWEEN_MEETINGS_MILLIS)) {
              return;
            }
            load.counts(ProbeLoad.Client.Acquaintance);
            if (Knocker.knock(target.address(), target.asking().port()) == Knock.Outcome.Accepted) {
              terminations.met(target.revisionUid(), new Acquaintance(true, false, false, 0, null));
              return;
            }
          }
          LOG.atWarn()
              .addKeyValue("namespace", target.pod().namespace())
              .addKeyValue("pod", target.pod().name())
              .addKeyValue("port", target.asking().port())
              .log("Cannot connect to a ready pod: terminations of its revision stay unproven");
          terminations.met(target.revisionUid(), Acquaintance.UNREACHABLE);
        });
  }

  /** Knocks at a terminating pod until its end. */
  public void follow(Target target) {
    threads.execute(
        () -> {
          String uid = target.pod().uid();
          for (int knocks = 0; ; knocks++) {
            long start = nanoClock.getAsLong();
            load.counts(ProbeLoad.Client.Lagging);
            Knock.Outcome outcome = Knocker.knock(target.address(), target.asking().port());
            terminations.knocked(
                uid, outcome, outcome == Knock.Outcome.Accepted ? start : nanoClock.getAsLong());
            Progress progress = terminations.progress(uid, nanoClock.getAsLong());
            if (progress == null) {
              return;
            }
            OptionalLong wait = KnockSchedule.waitMillis(progress, knocks + 1);
            if (wait.isEmpty() || !sleep(wait.getAsLong())) {
              return;
            }
          }
        });
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }

  private static boolean sleep(long millis) {
    try {
      Thread.sleep(millis);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}

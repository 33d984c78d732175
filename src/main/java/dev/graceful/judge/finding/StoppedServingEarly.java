package dev.graceful.judge.finding;

import dev.graceful.evidence.ProbedPort;
import dev.graceful.judge.ContainerEnd;
import dev.graceful.judge.End;
import dev.graceful.judge.Ending;
import dev.graceful.judge.Evidence;
import dev.graceful.judge.Leaving;
import dev.graceful.judge.RestsOn;
import dev.graceful.judge.Seconds;
import dev.graceful.judge.Severity;
import java.util.Comparator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The pod refused connections, or had ended, while clients could still come.
 *
 * @param afterLeavingMillis how long after it left its endpoints; negative: before
 * @param ended whether its process had ended; else it refused connections
 * @param container the one of several that had ended, and its port with it; null: all of it
 * @param port the one of several that refused; null: all of them
 */
public record StoppedServingEarly(
    long afterLeavingMillis,
    int propagationSeconds,
    int sleepSeconds,
    boolean ended,
    @Nullable String container,
    @Nullable ProbedPort port)
    implements Finding {

  public static final Check CHECK =
      new Check("StoppedServingEarly", Severity.VIOLATION, StoppedServingEarly::in);

  static Optional<StoppedServingEarly> in(Evidence evidence) {
    return evidence.leaving().filter(l -> evidence.mayHaveClients()).flatMap(l -> in(evidence, l));
  }

  private static Optional<StoppedServingEarly> in(Evidence evidence, Leaving leaving) {
    Long refused = evidence.serving().refusedMillis();
    if (refused != null && leaving.isBeforeItsEnd(refused)) {
      return Optional.of(of(evidence, leaving, refused, false, null, evidence.serving().refused()));
    }
    return evidence
        .end()
        .map(End::seenMillis)
        .filter(leaving::isBeforeItsEnd)
        .map(ended -> of(evidence, leaving, ended, true, null, null))
        .or(() -> inOneContainer(evidence, leaving));
  }

  /** A port that was not connected to may be that of a container that ended before the others. */
  private static Optional<StoppedServingEarly> inOneContainer(Evidence evidence, Leaving leaving) {
    Ending ending = evidence.timeline().ending();
    return ending == null
        ? Optional.empty()
        : ending.containers().stream()
            .filter(each -> each.role() == ContainerEnd.Role.Serves)
            .filter(each -> leaving.isBeforeItsEnd(ending.endedMillis(each)))
            .min(Comparator.comparingLong(ending::endedMillis))
            .map(c -> of(evidence, leaving, ending.endedMillis(c), true, c.name(), null));
  }

  private static StoppedServingEarly of(
      Evidence evidence,
      Leaving leaving,
      long stoppedMillis,
      boolean ended,
      @Nullable String container,
      @Nullable ProbedPort port) {
    return new StoppedServingEarly(
        stoppedMillis - leaving.atMillis(),
        evidence.timeline().propagationSeconds(),
        evidence.timeline().template().sleepSeconds(),
        ended,
        container,
        port);
  }

  @Override
  public Check check() {
    return CHECK;
  }

  @Override
  public RestsOn restsOn(Evidence evidence) {
    if (container != null) {
      return RestsOn.Status;
    }
    boolean ofAnother = port != null && !port.equals(evidence.timeline().ports().asked());
    return ofAnother ? RestsOn.Connections : evidence.serving().restsOn();
  }

  @Override
  public String message() {
    return what()
        + Seconds.of(Math.abs(afterLeavingMillis))
        + (afterLeavingMillis < 0 ? " before leaving" : " after leaving")
        + " its endpoints; clients may come for "
        + propagationSeconds
        + " s. "
        + cure();
  }

  private String what() {
    if (container != null) {
      return "Its container " + container + ", which serves another port, had ended ";
    }
    return ended
        ? "Its process had ended "
        : "It refused connections " + (port == null ? "" : "to " + port.shown() + " ");
  }

  private String cure() {
    int needed = propagationSeconds + 1;
    if (sleepSeconds == 0) {
      return "It has no preStop sleep: with apply: OnRollout or Immediately the operator adds one of "
          + needed
          + " s to the template (if the template has it, something took it out of the pod), or"
          + " the app waits that long after SIGTERM before it stops listening, and so does each"
          + " container that it needs.";
    }
    String sleep = "Its preStop sleep of " + sleepSeconds + " s ";
    return sleepSeconds <= propagationSeconds
        ? sleep + "is too short: it takes " + needed + " s."
        : sleep
            + "should have covered that: the process ended or stopped listening before"
            + " SIGTERM was due, or the hook did not run (look for FailedPreStopHook; kubelets older"
            + " than 1.30 do not know the sleep).";
  }
}

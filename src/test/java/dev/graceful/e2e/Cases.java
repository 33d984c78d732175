package dev.graceful.e2e;

import static dev.graceful.e2e.Case.BOTH;
import static dev.graceful.e2e.Case.NEW;
import static dev.graceful.e2e.Case.PROTECTED;

import java.util.List;

/** All labelled cases. */
final class Cases {

  private static final String TWO_AND_ONE_MORE =
      "strategy: {rollingUpdate: {maxSurge: 1, maxUnavailable: 0}}";
  private static final String NO_MORE_THAN_WANTED =
      "strategy: {rollingUpdate: {maxSurge: 0, maxUnavailable: 1}}";

  private Cases() {}

  static List<Case> all() {
    return List.of(
        Case.of("textbook", app("textbook"), NEW, "StoppedServingEarly"),
        Case.of("textbook-protected", app("textbook"), NEW, "ConnectionsServed", "KilledAtDeadline")
            .under(PROTECTED),
        Case.of("drain", app("drain"), BOTH, "ConnectionsServed"),
        Case.of("drain-protected", app("drain"), BOTH, "ConnectionsServed").under(PROTECTED),
        Case.of("drain-scale-in", app("drain"), BOTH, "ConnectionsServed").when(Deed.SCALE_IN),
        Case.of("drain-evicted", app("drain"), BOTH, "ConnectionsServed").when(Deed.EVICTION),
        Case.of("drain-deleted", app("drain"), BOTH, "ConnectionsServed").when(Deed.DELETION),
        Case.of("drain-forced", app("drain"), BOTH, "Inconclusive").when(Deed.FORCED_DELETION),
        Case.of("drain-kubelet-stopped", app("drain"), BOTH, "ConnectionsServed")
            .when(Deed.DELETION_WITHOUT_KUBELET),
        Case.of("drain-rollover", app("drain"), BOTH, "ConnectionsServed", "NotApplicable")
            .when(Deed.ROLLOVER),
        Case.of("drain-undone", app("drain"), BOTH, "ConnectionsServed", "NotApplicable")
            .when(Deed.UNDO),
        Case.of("drain-paused", app("drain"), BOTH, "ConnectionsServed").when(Deed.PAUSE),
        Case.of("drain-scaled-meanwhile", app("drain"), BOTH, "ConnectionsServed", "NotApplicable")
            .when(Deed.ROLLOUT_WHILE_SCALED),
        Case.of("drain-alone-with-surge", alone("drain"), BOTH, "ConnectionsServed"),
        Case.of(
            "drain-alone-without-surge",
            alone("drain").withSpec(NO_MORE_THAN_WANTED),
            NEW,
            "NoReadyEndpointLeft"));
  }

  private static OwnersYaml app(String pattern) {
    return OwnersYaml.of(Workload.NAME)
        .ending(new Pattern(pattern))
        .withReplicas(2)
        .withSpec(TWO_AND_ONE_MORE);
  }

  private static OwnersYaml alone(String pattern) {
    return app(pattern).withReplicas(1);
  }
}

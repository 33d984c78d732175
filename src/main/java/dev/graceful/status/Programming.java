package dev.graceful.status;

import dev.graceful.api.v1alpha1.Condition;
import dev.graceful.shape.Shaping;
import dev.graceful.shape.Shaping.InPlace;
import dev.graceful.shape.Shaping.Leave;
import dev.graceful.shape.Shaping.Reason;
import dev.graceful.shape.Shaping.Wait;
import dev.graceful.shape.Shaping.Write;
import java.util.Map;
import java.util.Set;

/** Whether what was decided is in the Deployments. */
public final class Programming {

  /** The reason of a policy some of whose Deployments are left alone. */
  public static final String PARTIALLY_PROGRAMMED = "PartiallyProgrammed";

  private static final Set<String> LEFT_ALONE =
      Set.of(
          Reason.NotExposed.name(),
          Reason.OwnPreStop.name(),
          Reason.GraceDeclared.name(),
          Reason.RecreateStrategy.name());

  private Programming() {}

  /** No policy selects the Deployment any more. */
  public static Assessment notGoverned() {
    return Assessment.no(
        "NotGoverned",
        "No policy selects the Deployment any more. What the operator wrote is still in its pod"
            + " template, and what was there before is in spec.before.");
  }

  /** What a shaping means for one Deployment, before anything is written. */
  public static Assessment ofShaping(Shaping shaping) {
    return switch (shaping) {
      case InPlace s -> Assessment.yes(s.reason().name(), s.message());
      case Write s ->
          Assessment.no(Reason.RolloutInProgress.name(), "Written; its rollout begins.");
      case Wait s -> Assessment.no(s.reason().name(), s.message());
      case Leave s ->
          Assessment.no(
              s.reason().name(),
              s.yaml().isEmpty() ? s.message() : s.message() + " YAML:\n" + s.yaml());
    };
  }

  /** The Deployment changed while it was decided on, and nothing was written. */
  public static Assessment outdated() {
    return Assessment.no(
        Reason.RolloutInProgress.name(), "The Deployment has just changed; it is decided on anew.");
  }

  /**
   * A write that was refused.
   *
   * @param answer the API server's own words
   */
  public static Assessment refused(String answer) {
    return Assessment.no(
        Reason.WriteRefused.name(), "The API server did not take the change: " + answer);
  }

  /** Whether a Deployment is as it is to stay: programmed, or left alone for good reason. */
  static boolean isInPlace(Assessment programmed) {
    return programmed.status() == Condition.Status.True || LEFT_ALONE.contains(programmed.reason());
  }

  private static boolean isInPlace(Condition programmed) {
    return isInPlace(
        new Assessment(programmed.status(), programmed.reason(), programmed.message()));
  }

  /**
   * What a policy says of its Deployments.
   *
   * @param programmed the Programmed conditions by Deployment
   * @param matched how many Deployments it selects; those without a condition are still to come
   */
  public static Assessment ofPolicy(Map<String, Condition> programmed, int matched) {
    long done =
        programmed.values().stream().filter(c -> c.status() == Condition.Status.True).count();
    String counts = done + " of " + matched + " Deployments programmed";
    var pending =
        programmed.entrySet().stream()
            .filter(e -> !isInPlace(e.getValue()))
            .sorted(Map.Entry.comparingByKey())
            .findFirst();
    if (pending.isPresent()) {
      var entry = pending.get();
      return Assessment.no(
          entry.getValue().reason(),
          counts + "; " + entry.getKey() + ": " + entry.getValue().message());
    }
    if (programmed.size() < matched) {
      return Assessment.no(Reason.RolloutInProgress.name(), counts + "; the others are to come.");
    }
    if (done < matched) {
      var left =
          programmed.entrySet().stream()
              .filter(e -> e.getValue().status() != Condition.Status.True)
              .sorted(Map.Entry.comparingByKey())
              .findFirst()
              .orElseThrow();
      return Assessment.yes(
          PARTIALLY_PROGRAMMED,
          counts + "; left alone: " + left.getKey() + ": " + left.getValue().message());
    }
    return Assessment.yes(Reason.Programmed.name(), counts + ".");
  }
}

package dev.graceful.report;

import dev.graceful.api.v1alpha1.Condition;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Builds condition lists by the Kubernetes API conventions. */
public final class Conditions {

  private Conditions() {}

  /**
   * The next list of conditions. A condition whose status stays keeps its transition time, so that
   * the same assessments give an equal list.
   *
   * @param old null: there were none
   * @param generation of the object that was assessed
   */
  public static List<Condition> next(
      @Nullable List<Condition> old,
      Map<ConditionType, Assessment> assessments,
      @Nullable Long generation,
      Instant now) {
    return assessments.entrySet().stream()
        .map(
            entry ->
                next(find(old, entry.getKey()), entry.getKey(), entry.getValue(), generation, now))
        .toList();
  }

  /** The condition with a sentence more. */
  static Condition adding(Condition condition, String sentence) {
    return new Condition(
        condition.type(),
        condition.status(),
        condition.reason(),
        condition.message() + " " + sentence,
        condition.lastTransitionTime(),
        condition.observedGeneration());
  }

  /** The condition of a type; null: it is not there. */
  public static @Nullable Condition find(@Nullable List<Condition> conditions, ConditionType type) {
    if (conditions == null) {
      return null;
    }
    return conditions.stream().filter(c -> c.type().equals(type.name())).findFirst().orElse(null);
  }

  private static Condition next(
      @Nullable Condition old,
      ConditionType type,
      Assessment assessment,
      @Nullable Long generation,
      Instant now) {
    String since =
        old != null && old.status() == assessment.status()
            ? old.lastTransitionTime()
            : now.truncatedTo(ChronoUnit.SECONDS).toString();
    return new Condition(
        type.name(),
        assessment.status(),
        assessment.reason(),
        assessment.message(),
        since,
        generation);
  }
}

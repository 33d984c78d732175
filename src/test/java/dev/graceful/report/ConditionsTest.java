package dev.graceful.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graceful.api.v1alpha1.Condition;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConditionsTest {

  private static final Instant FIRST = Instant.parse("2026-01-01T10:00:00.750Z");
  private static final Instant LATER = Instant.parse("2026-01-01T11:00:00Z");

  @Test
  void aNewConditionBeginsNowToTheSecond() {
    // when
    List<Condition> conditions =
        Conditions.next(
            null, Map.of(ConditionType.Ready, Assessment.yes("Ready", "All is well.")), 7L, FIRST);

    // then
    assertThat(conditions)
        .containsExactly(
            new Condition(
                "Ready",
                Condition.Status.True,
                "Ready",
                "All is well.",
                "2026-01-01T10:00:00Z",
                7L));
  }

  @Test
  void theSameAssessmentsGiveAnEqualList() {
    // given
    var assessments = Map.of(ConditionType.Ready, Assessment.no("Paused", "It is paused."));
    List<Condition> before = Conditions.next(null, assessments, 7L, FIRST);

    // when
    List<Condition> after = Conditions.next(before, assessments, 7L, LATER);

    // then
    assertThat(after).isEqualTo(before);
  }

  @Test
  void aStatusThatStaysKeepsItsTransitionTime() {
    // given
    List<Condition> before =
        Conditions.next(
            null, Map.of(ConditionType.Ready, Assessment.no("Paused", "It is paused.")), 7L, FIRST);

    // when
    List<Condition> after =
        Conditions.next(
            before,
            Map.of(ConditionType.Ready, Assessment.no("RolloutInProgress", "A rollout.")),
            8L,
            LATER);

    // then
    assertThat(after)
        .extracting(Condition::lastTransitionTime)
        .containsExactly("2026-01-01T10:00:00Z");
    assertThat(after).extracting(Condition::reason).containsExactly("RolloutInProgress");
    assertThat(after).extracting(Condition::observedGeneration).containsExactly(8L);
  }

  @Test
  void aStatusThatChangesIsDatedAnew() {
    // given
    List<Condition> before =
        Conditions.next(
            null, Map.of(ConditionType.Ready, Assessment.no("Paused", "It is paused.")), 7L, FIRST);

    // when
    List<Condition> after =
        Conditions.next(
            before, Map.of(ConditionType.Ready, Assessment.unknown("Paused", "")), 7L, LATER);

    // then
    assertThat(after)
        .extracting(Condition::lastTransitionTime)
        .containsExactly("2026-01-01T11:00:00Z");
  }

  @Test
  void theOrderIsThatOfTheAssessments() {
    // given
    Map<ConditionType, Assessment> assessments = new LinkedHashMap<>();
    assessments.put(ConditionType.Ready, Assessment.yes("Ready", ""));
    assessments.put(ConditionType.Accepted, Assessment.yes("Accepted", ""));

    // when
    List<Condition> conditions = Conditions.next(List.of(), assessments, 1L, FIRST);

    // then
    assertThat(conditions).extracting(Condition::type).containsExactly("Ready", "Accepted");
  }

  @Test
  void aVeryLongMessageIsCutAndSaysSo() {
    // given
    var assessment = Assessment.no("WriteRefused", "x".repeat(5_000));

    // when
    List<Condition> conditions =
        Conditions.next(null, Map.of(ConditionType.Programmed, assessment), 1L, FIRST);

    // then
    assertThat(conditions.getFirst().message()).hasSize(2_000).endsWith("x…");
  }

  @Test
  void findsByType() {
    // given
    List<Condition> conditions =
        Conditions.next(null, Map.of(ConditionType.Ready, Assessment.yes("Ready", "")), 1L, FIRST);

    // when, then
    assertThat(Conditions.find(conditions, ConditionType.Ready)).isSameAs(conditions.getFirst());
    assertThat(Conditions.find(conditions, ConditionType.Accepted)).isNull();
    assertThat(Conditions.find(null, ConditionType.Ready)).isNull();
  }
}

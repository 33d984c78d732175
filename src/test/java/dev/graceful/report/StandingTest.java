package dev.graceful.report;

import static dev.graceful.report.Kstatus.Current;
import static dev.graceful.report.Kstatus.Failed;
import static dev.graceful.report.Kstatus.InProgress;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.graceful.api.v1alpha1.Condition;
import dev.graceful.api.v1alpha1.Condition.Status;
import dev.graceful.api.v1alpha1.GracefulPolicy;
import dev.graceful.api.v1alpha1.GracefulPolicySpec;
import dev.graceful.api.v1alpha1.LabelSelector;
import dev.graceful.facts.WorkloadRef;
import dev.graceful.report.PolicyStatus.Tally;
import dev.graceful.template.Change;
import dev.graceful.template.Shaping.Pending;
import dev.graceful.template.Shaping.Reason;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Tools that wait come to an end: a rest is Current, and what needs a person is Failed. */
class StandingTest {

  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  static Stream<Arguments> programmed() {
    return Stream.of(
        // The template is as it is to stay.
        arguments(settled(Reason.Programmed), Current),
        arguments(settled(Reason.DrainShortened), Current),
        arguments(settled(Reason.AlreadyGraceful), Current),
        arguments(settled(Reason.ObserveOnly), Current),
        arguments(settled(Reason.NotExposed), Current),
        arguments(settled(Reason.OwnPreStop), Current),
        arguments(settled(Reason.GraceDeclared), Current),
        arguments(settled(Reason.RecreateStrategy), Current),
        arguments(settled(Reason.NoSurge), Current),
        arguments(settled(Reason.OwnedByController), Current),
        arguments(settled(Reason.ScaledToZero), Current),
        arguments(settled(Reason.ReadinessUnproven), Current),
        arguments(settled(Reason.GivingBack), Current),
        // The next move is the owner's, and may never come.
        arguments(awaitingOwner(Reason.Programmed), Current),
        arguments(awaitingOwner(Reason.GraceDeclared), Current),
        arguments(awaitingOwner(Reason.GivingBack), Current),
        arguments(Programming.blocked(Reason.DeploymentPaused, "So."), Current),
        arguments(Programming.blocked(Reason.ObserveOnly, "So."), Current),
        // It goes on by itself.
        arguments(Programming.rolling(), InProgress),
        arguments(Programming.outdated(), InProgress),
        arguments(Programming.blocked(Reason.RolloutInProgress, "So."), InProgress),
        arguments(Programming.queued(), InProgress),
        arguments(Programming.trying(), InProgress),
        arguments(Programming.failed("too many requests"), InProgress),
        arguments(Programming.ungoverned(60), InProgress),
        // It does not.
        arguments(settled(Reason.Contested), Failed),
        arguments(awaitingOwner(Reason.Contested), Failed),
        arguments(Programming.stuck("ReplicaSet has timed out."), Failed),
        arguments(Programming.blocked(Reason.RolloutStuck, "So."), Failed),
        arguments(
            Programming.queueStopped(new WorkloadRef("shop", "api"), "It has timed out."), Failed),
        arguments(Programming.refused("exceeded quota"), Failed));
  }

  @ParameterizedTest
  @MethodSource("programmed")
  void aProtectionComesToAnEnd(Assessment programmed, Kstatus expected) {
    var status = ProtectionStatus.next(null, programmed, List.of(), 2L, NOW);

    check(2L, status.observedGeneration(), requireNonNull(status.conditions()), expected);
    assertThat(Kstatus.of(3L, status.observedGeneration(), requireNonNull(status.conditions())))
        .as("after an edit")
        .isEqualTo(InProgress);
  }

  @ParameterizedTest
  @MethodSource("programmed")
  void aPolicyComesToAnEndWithItsDeployments(Assessment programmed, Kstatus expected) {
    var condition =
        new Condition(
            "Programmed",
            programmed.status(),
            programmed.reason(),
            programmed.message(),
            NOW.toString(),
            1L);
    var beside = new Condition("Programmed", Status.True, "Programmed", "", NOW.toString(), 1L);

    check(new Tally(1, Map.of("web", condition), Map.of(), Map.of()), expected);
    check(new Tally(2, Map.of("web", condition, "api", beside), Map.of(), Map.of()), expected);
  }

  static Stream<Arguments> tallies() {
    var done = new Condition("Programmed", Status.True, "Programmed", "", NOW.toString(), 1L);
    var refused = new Condition("Programmed", Status.False, "WriteRefused", "", NOW.toString(), 1L);
    var queued = new Condition("Programmed", Status.False, "Queued", "", NOW.toString(), 1L);
    var violated =
        new Condition("TerminationsGraceful", Status.False, "CutConnections", "", "", 1L);
    return Stream.of(
        arguments("nothing is selected", new Tally(0, Map.of(), Map.of(), Map.of()), Current),
        arguments("the rest is to come", tally(2, Map.of("a", done)), InProgress),
        arguments("one needs a person", tally(3, Map.of("a", queued, "b", refused)), Failed),
        arguments(
            "an older policy governs all",
            new Tally(1, Map.of(), Map.of(), Map.of("a", "older")),
            Failed),
        arguments(
            "an older policy governs one",
            new Tally(2, Map.of("a", done), Map.of(), Map.of("b", "older")),
            Current),
        arguments(
            "a verdict is bad",
            new Tally(1, Map.of("a", done), Map.of("a", violated), Map.of()),
            Current));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("tallies")
  void aPolicyComesToAnEnd(String ignored, Tally tally, Kstatus expected) {
    check(tally, expected);
  }

  @Test
  void everyReasonHasItsStanding() {
    assertThat(
            programmed()
                .map(each -> ((Assessment) each.get()[0]).reason())
                .collect(Collectors.toSet()))
        .isEqualTo(
            EnumSet.allOf(Reason.class).stream().map(Reason::name).collect(Collectors.toSet()));
  }

  /** Or Reconciling would be there for ever, beside Ready. */
  @Test
  void whatNoLongerHoldsIsGone() {
    var before = ProtectionStatus.next(null, Programming.rolling(), List.of(), 2L, NOW);
    var after = ProtectionStatus.next(before, settled(Reason.Programmed), List.of(), 2L, NOW);

    assertThat(before.conditions()).extracting(Condition::type).contains("Reconciling");
    assertThat(after.conditions())
        .extracting(Condition::type)
        .containsExactly("Programmed", "TerminationsGraceful", "Ready");
  }

  private static void check(Tally tally, Kstatus expected) {
    var policy = new GracefulPolicy();
    policy.setMetadata(new ObjectMetaBuilder().withNamespace("shop").withGeneration(2L).build());
    policy.setSpec(
        new GracefulPolicySpec(new LabelSelector(null, null), null, null, null, null, null));
    var status = PolicyStatus.next(policy, tally, null, NOW);

    check(2L, status.observedGeneration(), requireNonNull(status.conditions()), expected);
  }

  private static void check(
      long generation, @Nullable Long observed, List<Condition> conditions, Kstatus expected) {
    assertThat(Kstatus.of(generation, observed, conditions)).isEqualTo(expected);
    assertThat(conditions)
        .filteredOn(c -> c.type().equals("Reconciling") || c.type().equals("Stalled"))
        .as("abnormal, and so there only while it holds, with why")
        .hasSize(expected == Current ? 0 : 1)
        .allSatisfy(
            c -> {
              assertThat(c.status()).isEqualTo(Status.True);
              assertThat(c.type()).isEqualTo(expected == Failed ? "Stalled" : "Reconciling");
              assertThat(c.reason()).isNotEmpty();
            });
  }

  private static Tally tally(int matched, Map<String, Condition> programmed) {
    return new Tally(matched, programmed, Map.of(), Map.of());
  }

  private static Assessment settled(Reason reason) {
    return Programming.settled(reason, "So.");
  }

  private static Assessment awaitingOwner(Reason reason) {
    return Programming.awaitingOwner(new Pending(reason, "So.", null, Change.NONE), false);
  }
}

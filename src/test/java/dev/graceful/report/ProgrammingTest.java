package dev.graceful.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graceful.api.v1alpha1.Condition.Status;
import dev.graceful.api.v1alpha1.Decision;
import dev.graceful.facts.WorkloadRef;
import dev.graceful.template.Change;
import dev.graceful.template.ReasonsGivenLater;
import dev.graceful.template.Shaping.Pending;
import dev.graceful.template.Shaping.Reason;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class ProgrammingTest {

  private static final WorkloadRef WEB = new WorkloadRef("shop", "web");
  private static final Decision DECISION = new Decision(List.of("app"), 6, 36);

  @ParameterizedTest
  @EnumSource(
      mode = Mode.INCLUDE,
      names = {"Programmed", "DrainShortened", "AlreadyGraceful", "ObserveOnly"})
  void whatIsInPlaceIsProgrammed(Reason reason) {
    assertThat(Programming.settled(reason, "So."))
        .isEqualTo(new Assessment(Status.True, reason.name(), "So."));
  }

  @ParameterizedTest
  @EnumSource(
      mode = Mode.INCLUDE,
      names = {
        "NotExposed",
        "OwnPreStop",
        "GraceDeclared",
        "RecreateStrategy",
        "Contested",
        "ReadinessUnproven"
      })
  void whatIsLeftAloneIsNotProgrammed(Reason reason) {
    assertThat(Programming.settled(reason, "So."))
        .isEqualTo(new Assessment(Status.False, reason.name(), "So."));
  }

  @Test
  void whatWaitsForTheOwnerIsProgrammedAndSaysHowItGoesIn() {
    // when
    Assessment inside = Programming.awaitingOwner(pending(Reason.Programmed, "", DECISION), true);
    Assessment after = Programming.awaitingOwner(pending(Reason.Programmed, "", DECISION), false);

    // then
    assertThat(inside.status()).isEqualTo(Status.True);
    assertThat(inside.reason()).isEqualTo("PendingRollout");
    assertThat(inside.message())
        .isEqualTo("Decided; written inside the owner's next change of the pod template.");
    assertThat(after.reason()).isEqualTo("PendingRollout");
    assertThat(after.message())
        .startsWith("Decided; written right after the owner's next change")
        .contains("rolls out twice", "no MutatingAdmissionPolicy");
  }

  @Test
  void whatElseIsToBeSaidComesLastAsItMayEndInYaml() {
    // given
    String message = "It declares 20. To commit:\nspec: {}\n";

    // when
    Assessment shortened =
        Programming.awaitingOwner(pending(Reason.DrainShortened, message, DECISION), true);
    Assessment declared =
        Programming.awaitingOwner(pending(Reason.GraceDeclared, message, null), true);

    // then
    assertThat(shortened.reason()).isEqualTo("PendingRollout");
    assertThat(shortened.message()).startsWith("Decided; written inside").endsWith(message);
    assertThat(declared.status()).isEqualTo(Status.False);
    assertThat(declared.reason()).isEqualTo("GraceDeclared");
    assertThat(declared.message())
        .startsWith("What the operator wrote before goes inside")
        .endsWith(message);
  }

  @Test
  void whatGoesBackBecauseThePolicyWantsLessIsProgrammedToo() {
    assertThat(Programming.awaitingOwner(pending(Reason.Programmed, "", null), true))
        .isEqualTo(
            new Assessment(
                Status.True,
                "PendingRollout",
                "What the operator wrote before goes inside the owner's next change of the pod"
                    + " template."));
  }

  @Test
  void whatGoesBackBecauseNobodyGovernsItIsNot() {
    // when
    Assessment givingBack =
        Programming.awaitingOwner(pending(Reason.GivingBack, "Back.", null), true);

    // then
    assertThat(givingBack.status()).isEqualTo(Status.False);
    assertThat(givingBack.reason()).isEqualTo("GivingBack");
    assertThat(Programming.ungoverned(60).status()).isEqualTo(Status.Unknown);
    assertThat(Programming.ungoverned(60).reason()).isEqualTo("GivingBack");
    assertThat(Programming.ungoverned(60).message()).contains("within 60 s");
  }

  @Test
  void aTurnSaysWhyItHasNotCome() {
    // when
    Assessment later = Programming.queued();
    Assessment stopped = Programming.queueStopped(WEB, "It has timed out.");

    // then
    assertThat(later.status()).isEqualTo(Status.False);
    assertThat(stopped.status()).isEqualTo(Status.False);
    assertThat(stopped.message()).contains("shop/web", "It has timed out.");
    assertThat(reasons(later, stopped)).isEqualTo(ReasonsGivenLater.BY_THE_TURN);
  }

  @Test
  void whatComesOfAWriteIsNotProgrammedUntilItIsOver() {
    for (Assessment each :
        List.of(
            Programming.rolling(),
            Programming.stuck("ReplicaSet has timed out progressing."),
            Programming.outdated(),
            Programming.refused("exceeded quota"),
            Programming.failed("too many requests"),
            Programming.blocked(Reason.DeploymentPaused, "Paused."))) {
      assertThat(each.status()).as(each.reason()).isEqualTo(Status.False);
    }
    assertThat(Programming.stuck("ReplicaSet has timed out.").message())
        .endsWith("The Deployment says: ReplicaSet has timed out.");
    assertThat(Programming.refused("exceeded quota").message())
        .isEqualTo("The API server does not take the change: exceeded quota");
    assertThat(Programming.failed("Too many requests.").message())
        .isEqualTo(
            "The API server cannot take the operator's write; it is tried again. It says: Too many"
                + " requests.");
    assertThat(Programming.blocked(Reason.DeploymentPaused, "Paused."))
        .isEqualTo(new Assessment(Status.False, "DeploymentPaused", "Paused."));
  }

  @Test
  void itGivesEachOfItsReasons() {
    assertThat(
            reasons(
                Programming.awaitingOwner(pending(Reason.Programmed, "", DECISION), false),
                Programming.rolling(),
                Programming.outdated(),
                Programming.stuck("It has timed out."),
                Programming.trying(),
                Programming.refused("exceeded quota"),
                Programming.failed("too many requests"),
                Programming.ungoverned(60)))
        .isEqualTo(ReasonsGivenLater.BY_PROGRAMMING);
  }

  private static Pending pending(Reason reason, String message, @Nullable Decision decision) {
    return new Pending(reason, message, decision, Change.NONE);
  }

  private static Set<Reason> reasons(Assessment... assessments) {
    return Stream.of(assessments)
        .map(assessment -> Reason.valueOf(assessment.reason()))
        .collect(Collectors.toSet());
  }
}

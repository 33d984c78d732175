package dev.graceful.template;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graceful.api.v1alpha1.Apply;
import dev.graceful.api.v1alpha1.Before;
import dev.graceful.api.v1alpha1.Decision;
import dev.graceful.api.v1alpha1.DeploymentProtectionSpec;
import dev.graceful.api.v1alpha1.PolicyRef;
import dev.graceful.facts.DeploymentFacts;
import dev.graceful.facts.Deployments.TemplateChange;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ContestTest {

  private static final Decision DECIDED = new Decision(List.of("app"), 6, 36);
  private static final Before BEFORE = new Before(30, null);
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  private static final Instant LATER = NOON.plusSeconds(600);
  private static final TemplateChange REVERT =
      new TemplateChange(deployment("lifecycle: {preStop: {sleep: {seconds: 6}}}"), deployment(""));
  private static final TemplateChange NEW_IMAGE =
      new TemplateChange(deployment(""), deployment("image: 'shop/app:42'"));

  @Test
  void aRevertIsKeptAndTheSecondMakesTheOperatorGiveWay() {
    // when
    Contest first = contest(recorded(null, null), NOON, REVERT);
    Contest second = contest(first.in(recorded(null, null)), LATER, NEW_IMAGE, REVERT);

    // then
    assertThat(first).isEqualTo(new Contest(List.of(NOON.toString()), null));
    assertThat(first.isGivenUp()).isFalse();
    assertThat(second).isEqualTo(new Contest(List.of(NOON.toString(), LATER.toString()), 7L));
    assertThat(second.isGivenUp()).isTrue();
  }

  @Test
  void twoAtOnceCountAsTwo() {
    assertThat(contest(recorded(null, null), NOON, REVERT, REVERT).isGivenUp()).isTrue();
  }

  @Test
  void anEarlierOneOfMoreThanAnHourAgoDoesNotCount() {
    // given
    DeploymentProtectionSpec longAgo = recorded(List.of(NOON.minusSeconds(3601).toString()), null);

    // then
    assertThat(contest(longAgo, NOON, REVERT))
        .isEqualTo(new Contest(List.of(NOON.toString()), null));
  }

  @Test
  void itStaysGivenUpUntilThePolicyIsEdited() {
    // given
    List<String> reverts = List.of(NOON.toString(), LATER.toString());

    // then
    assertThat(contest(recorded(reverts, 7L), LATER)).isEqualTo(new Contest(reverts, 7L));
    assertThat(contest(recorded(reverts, 6L), LATER)).isEqualTo(Contest.NONE);
    assertThat(contest(recorded(reverts, 6L), LATER, REVERT))
        .as("the first under the edited policy")
        .isEqualTo(new Contest(List.of(LATER.toString()), null));
  }

  @Test
  void allElseOfTheRecordStaysAsItWas() {
    // given
    DeploymentProtectionSpec recorded = recorded(List.of(NOON.toString()), 7L);

    // then
    assertThat(Contest.NONE.in(recorded)).isEqualTo(recorded(null, null));
    assertThat(new Contest(List.of(NOON.toString()), 7L).in(recorded(null, null)))
        .isEqualTo(recorded);
  }

  private static Contest contest(
      DeploymentProtectionSpec recorded, Instant now, TemplateChange... changes) {
    return Contest.of(recorded, 7L, List.of(changes), Ledger.of(recorded), Set.of(), now);
  }

  private static DeploymentProtectionSpec recorded(
      @Nullable List<String> reverts, @Nullable Long contestedGeneration) {
    return new DeploymentProtectionSpec(
        new PolicyRef("web", "p-1"),
        Apply.Immediately,
        null,
        DECIDED,
        null,
        BEFORE,
        3L,
        reverts,
        contestedGeneration);
  }

  private static DeploymentFacts deployment(String container) {
    return DeploymentFacts.from(
        Serialization.unmarshal(
            """
            metadata: {namespace: shop, name: web, uid: d-1, generation: 3, resourceVersion: "5"}
            spec:
              template:
                spec:
                  terminationGracePeriodSeconds: 36
                  containers:
                  - name: app
                    %s
            """
                .formatted(container),
            Deployment.class));
  }
}

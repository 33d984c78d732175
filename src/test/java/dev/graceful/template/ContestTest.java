package dev.graceful.template;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graceful.api.v1alpha1.Before;
import dev.graceful.api.v1alpha1.Decision;
import dev.graceful.facts.DeploymentFacts;
import dev.graceful.facts.Deployments.TemplateChange;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.List;
import java.util.Set;
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
    Contest first = contest(Contest.NONE, NOON, REVERT);
    Contest second = contest(first, LATER, NEW_IMAGE, REVERT);

    // then
    assertThat(first).isEqualTo(new Contest(List.of(NOON.toString()), null));
    assertThat(first.isGivenUp()).isFalse();
    assertThat(second).isEqualTo(new Contest(List.of(NOON.toString(), LATER.toString()), 7L));
    assertThat(second.isGivenUp()).isTrue();
  }

  @Test
  void twoAtOnceCountAsTwo() {
    assertThat(contest(Contest.NONE, NOON, REVERT, REVERT).isGivenUp()).isTrue();
  }

  @Test
  void anEarlierOneOfMoreThanAnHourAgoDoesNotCount() {
    // given
    var longAgo = new Contest(List.of(NOON.minusSeconds(3601).toString()), null);

    // then
    assertThat(contest(longAgo, NOON, REVERT))
        .isEqualTo(new Contest(List.of(NOON.toString()), null));
  }

  @Test
  void itStaysGivenUpUntilThePolicyIsEdited() {
    // given
    List<String> reverts = List.of(NOON.toString(), LATER.toString());

    // then
    assertThat(contest(new Contest(reverts, 7L), LATER)).isEqualTo(new Contest(reverts, 7L));
    assertThat(contest(new Contest(reverts, 6L), LATER)).isEqualTo(Contest.NONE);
    assertThat(contest(new Contest(reverts, 6L), LATER, REVERT))
        .as("the first under the edited policy")
        .isEqualTo(new Contest(List.of(LATER.toString()), null));
  }

  private static Contest contest(Contest recorded, Instant now, TemplateChange... changes) {
    var ledger = new Ledger(DECIDED, List.of(), BEFORE);
    return Contest.of(recorded, 7L, List.of(changes), ledger, Set.of(), now);
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

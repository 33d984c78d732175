package dev.graceful.template;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graceful.api.v1alpha1.Before;
import dev.graceful.api.v1alpha1.Decision;
import dev.graceful.facts.DeploymentFacts;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RevertsTest {

  private static final Before BEFORE = new Before(30, null);
  private static final Decision DECIDED = new Decision(List.of("app"), 6, 36);
  private static final Ledger LEDGER = new Ledger(DECIDED, List.of(), BEFORE);

  private static final String SLEEP = "lifecycle: {preStop: {sleep: {seconds: 6}}}";
  private static final String HOOK = "lifecycle: {preStop: {exec: {command: [/bin/drain]}}}";
  private static final String GRACE = "f:terminationGracePeriodSeconds: {}";

  private static final DeploymentFacts WRITTEN = owner("helm", "app", SLEEP, 36, "");
  private static final DeploymentFacts PLAIN = owner("helm", "app", "", 30, GRACE);

  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  @Test
  void takingOutTheSleepIsARevert() {
    assertThat(isRevert(WRITTEN, PLAIN)).isTrue();
    assertThat(isRevert(WRITTEN, owner("helm", "app", "", 36, ""))).isTrue();
  }

  /**
   * Reports r13: charts, and Terraform's provider, state the default of 30 s in so many words, so
   * it comes back with each of their writes.
   */
  @Test
  void aGracePeriodThatComesBackIsNoneR13() {
    assertThat(isRevert(WRITTEN, owner("helm", "app", SLEEP, 30, GRACE))).isFalse();
    assertThat(isRevert(WRITTEN, owner("helm", "app", SLEEP, 20, GRACE))).isFalse();
    assertThat(isRevert(WRITTEN, owner("helm", "app", SLEEP, 60, GRACE))).isFalse();
    assertThat(
            isRevert(
                owner("helm", "app", SLEEP, 60, GRACE), owner("helm", "app", SLEEP, 30, GRACE)))
        .as("it was a longer one of the owner's own")
        .isFalse();
  }

  @Test
  void anythingElseIsNone() {
    assertThat(isRevert(WRITTEN, owner("helm", "app", SLEEP + ", image: 'shop/app:42'", 36, "")))
        .isFalse();
    assertThat(isRevert(PLAIN, owner("helm", "app", "image: 'shop/app:42'", 30, GRACE))).isFalse();
    assertThat(isRevert(PLAIN, WRITTEN)).isFalse();
  }

  @Test
  void anOwnHookIsNone() {
    assertThat(isRevert(WRITTEN, owner("helm", "app", HOOK, 36, ""))).isFalse();
  }

  @Test
  void renamingTheContainerIsNone() {
    assertThat(isRevert(WRITTEN, owner("helm", "web", "", 36, ""))).isFalse();
  }

  @Test
  void anUndoIsNone() {
    // given
    DeploymentFacts undone = owner("kubectl", "app", "", 30, GRACE);

    // then
    assertThat(Reverts.isRevert(WRITTEN, undone, LEDGER, Set.of(undone.template()))).isFalse();
    assertThat(Reverts.isRevert(WRITTEN, undone, LEDGER, Set.of()))
        .as("a template that was never there before")
        .isTrue();
    assertThat(Reverts.isRevert(WRITTEN, PLAIN, LEDGER, Set.of(PLAIN.template())))
        .as("the same template from a file")
        .isTrue();
  }

  /** What admission takes out inside the owner's write, because the policy wants less. */
  @Test
  void whatIsNotWantedAnyMoreIsNone() {
    // given
    Ledger nothing = new Ledger(null, List.of(DECIDED), BEFORE);
    Ledger less = new Ledger(new Decision(List.of("app"), 3, 33), List.of(DECIDED), BEFORE);
    Ledger graceOnly = new Ledger(new Decision(List.of(), 0, 36), List.of(DECIDED), BEFORE);

    // then
    assertThat(Reverts.isRevert(WRITTEN, PLAIN, nothing, Set.of())).isFalse();
    assertThat(Reverts.isRevert(WRITTEN, owner("helm", "app", SLEEP, 33, ""), less, Set.of()))
        .isFalse();
    assertThat(Reverts.isRevert(WRITTEN, owner("helm", "app", "", 36, ""), graceOnly, Set.of()))
        .isFalse();
  }

  @Test
  void oneIsNotYetAContest() {
    assertThat(Reverts.isContested(List.of())).isFalse();
    assertThat(Reverts.isContested(Reverts.with(null, NOW))).isFalse();
  }

  @Test
  void twoWithinAnHourAre() {
    // given
    List<String> one = Reverts.with(null, NOW);

    // when
    List<String> two = Reverts.with(one, NOW.plusSeconds(59 * 60));

    // then
    assertThat(two).containsExactly("2026-03-01T12:00:00Z", "2026-03-01T12:59:00Z");
    assertThat(Reverts.isContested(two)).isTrue();
  }

  @Test
  void twoThatAreFurtherApartAreNot() {
    // given
    List<String> one = Reverts.with(null, NOW);

    // when
    List<String> another = Reverts.with(one, NOW.plusSeconds(61 * 60));

    // then
    assertThat(another).containsExactly("2026-03-01T13:01:00Z");
    assertThat(Reverts.isContested(another)).isFalse();
  }

  @Test
  void onlyTheLatestAreKept() {
    // given
    List<String> two = Reverts.with(Reverts.with(null, NOW), NOW.plusSeconds(1));

    // then
    assertThat(Reverts.with(two, NOW.plusSeconds(2)))
        .containsExactly("2026-03-01T12:00:01Z", "2026-03-01T12:00:02Z");
  }

  private static boolean isRevert(DeploymentFacts before, DeploymentFacts now) {
    return Reverts.isRevert(before, now, LEDGER, Set.of());
  }

  private static DeploymentFacts owner(
      String manager, String container, String more, long graceSeconds, String owned) {
    return DeploymentFacts.from(
        Serialization.unmarshal(
            """
            metadata:
              namespace: shop
              name: web
              managedFields:
              - manager: %s
                operation: Update
                time: "2026-03-01T12:00:00Z"
                fieldsV1: {"f:spec": {"f:template": {"f:spec": {%s}}}}
            spec:
              template:
                spec:
                  terminationGracePeriodSeconds: %d
                  containers: [{name: %s%s}]
            """
                .formatted(
                    manager, owned, graceSeconds, container, more.isEmpty() ? "" : ", " + more),
            Deployment.class));
  }
}

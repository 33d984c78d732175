package dev.graceful.template.rule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graceful.api.v1alpha1.Apply;
import dev.graceful.api.v1alpha1.Before;
import dev.graceful.api.v1alpha1.Decision;
import dev.graceful.api.v1alpha1.ReadinessProbe;
import dev.graceful.api.v1alpha1.TcpSocketAction;
import dev.graceful.facts.ClientPorts;
import dev.graceful.facts.ContainerFacts;
import dev.graceful.facts.DeploymentFacts;
import dev.graceful.facts.ReadinessAnswer;
import dev.graceful.facts.Replacement;
import dev.graceful.facts.TemplateContainer;
import dev.graceful.facts.WorkloadRef;
import dev.graceful.template.Ledger;
import dev.graceful.template.Shaping.Reason;
import dev.graceful.template.ShutdownGoal;
import dev.graceful.template.rule.Draft.Kind;
import io.fabric8.kubernetes.api.model.IntOrString;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What single rules do in situations that no golden story has. */
class RulesTest {

  private static final ClientPorts EXPOSED =
      new ClientPorts(true, Set.of(8080), Set.of(), Set.of());
  private static final ReadinessProbe TCP = tcp(8080);
  private static final Decision SLEEP = new Decision(List.of("app"), 6, 36);
  private static final Decision PROBED = SLEEP.withProbe(TCP, List.of("app"));
  private static final ShutdownGoal WISH = new ShutdownGoal(Apply.OnRollout, 5, 30, null);
  private static final ShutdownGoal WITH_PROBE =
      new ShutdownGoal(Apply.OnRollout, 5, 30, tcp(9090));
  private static final Draft DRAFT =
      new Draft(Kind.PROGRAM, Reason.Programmed, List.of(), "", SLEEP);

  @Test
  void tenSecondsToDrainAreEnoughForASleep() {
    assertThat(new GraceDeclared().apply(declared(16))).isEmpty();
    assertThat(new GraceDeclared().apply(declared(15)))
        .hasValueSatisfying(draft -> assertThat(draft.kind()).isEqualTo(Kind.LEAVE));
  }

  @Test
  void anOwnSleepIsNotLeftAloneForADeclaredGracePeriod() {
    // given
    Situation s =
        new Situation(
            WISH, deployment(12, true, sleeping(6)), EXPOSED, List.of(), Ledger.EMPTY, null);

    // then
    assertThat(new GraceDeclared().apply(s)).isEmpty();
    assertThat(new DrainShortened().apply(s))
        .hasValueSatisfying(
            draft -> {
              assertThat(draft.decision()).isNull();
              assertThat(draft.message(true))
                  .startsWith("The Deployment declares terminationGracePeriodSeconds: 12, which")
                  .contains("leaves less than the 30 s to drain that the policy asks for.")
                  .endsWith("terminationGracePeriodSeconds: 36\n");
            });
  }

  @Test
  void aDecisionKeepsTheLongestGracePeriodThatNoOwnerDeclares() {
    // given
    Ledger decided = new Ledger(SLEEP, List.of(), new Before(30, null));
    TemplateContainer renamed = container("web", 0, null);

    // then
    assertThat(new KeepDecision().apply(unseen(decided, deployment(30, false, renamed))))
        .hasValueSatisfying(draft -> assertThat(draft.decision()).isEqualTo(SLEEP));
    assertThat(new KeepDecision().apply(unseen(decided, deployment(20, true, renamed))))
        .hasValueSatisfying(
            draft -> assertThat(draft.decision()).isEqualTo(new Decision(List.of("app"), 6, 20)));
    assertThat(new KeepDecision().apply(unseen(decided, deployment(30, false, sleeping(0)))))
        .as("the decided container is there")
        .isEmpty();
    assertThat(new KeepDecision().apply(unseen(Ledger.EMPTY, deployment(30, false, renamed))))
        .isEmpty();
  }

  @Test
  void onlyWhatWasNeverDecidedIsNotExposed() {
    // given
    DeploymentFacts renamed = deployment(30, false, container("web", 0, null));
    Ledger decided = new Ledger(SLEEP, List.of(), new Before(30, null));

    // then
    assertThat(new NotExposed().apply(unseen(Ledger.EMPTY, renamed))).isPresent();
    assertThat(new NotExposed().apply(unseen(decided, renamed))).isEmpty();
  }

  @Test
  void aProbeThatWorksStaysUntilThePolicysIsProven() {
    // given
    Ledger decided = new Ledger(PROBED, List.of(), new Before(30, null));
    DeploymentFacts probed = deployment(36, false, container("app", 6, TCP));
    var s =
        new Situation(
            WITH_PROBE, probed, EXPOSED, List.of(), decided, new ReadinessAnswer.Failed("no"));

    // then
    assertThat(new ProbeProven().apply(s, DRAFT)).isEmpty();
    assertThat(new KeepProbe().apply(s, DRAFT))
        .hasValueSatisfying(
            draft -> {
              assertThat(draft.reason()).isEqualTo(Reason.ReadinessUnproven);
              assertThat(draft.decision()).isEqualTo(PROBED);
              assertThat(draft.message(false))
                  .isEqualTo("The policy's readiness probe is not written: no.");
            });
    assertThat(new KeepProbe().apply(unseen(Ledger.EMPTY, probed), DRAFT)).isEmpty();
  }

  @Test
  void aProbeIsADecisionOfItsOwn() {
    // given
    ShutdownGoal wish = new ShutdownGoal(Apply.OnRollout, 5, 30, TCP);
    DeploymentFacts own = deployment(60, true, sleeping(6));
    var s =
        new Situation(wish, own, EXPOSED, List.of(), Ledger.EMPTY, new ReadinessAnswer.Passed());
    Draft graceful = new AlreadyGraceful().apply(s).orElseThrow();

    // when
    Draft probed = new ProbeProven().apply(s, graceful).orElseThrow();

    // then
    assertThat(graceful.message(true)).isEqualTo("The pod template is as the policy wants it.");
    assertThat(probed.reason()).isEqualTo(Reason.Programmed);
    assertThat(probed.decision())
        .isEqualTo(new Decision(List.of(), 0, 60).withProbe(TCP, List.of("app")));
    assertThat(probed.message(true)).isEqualTo("The pod template has what was decided.");
    assertThat(probed.message(false)).isEmpty();
  }

  @Test
  void theYamlHasTheSleepsOfAllContainersOrNone() {
    // given
    Situation s = declared(30);
    var noSleep =
        new Situation(
            new ShutdownGoal(Apply.OnRollout, 0, 40, null),
            s.deployment(),
            EXPOSED,
            List.of(),
            Ledger.EMPTY,
            null);

    // then
    assertThat(ToCommit.sleep(s, List.of("app", "side")))
        .isEqualTo(
            """
            spec:
              template:
                spec:
                  terminationGracePeriodSeconds: 36
                  containers:
                  - name: app
                    lifecycle:
                      preStop:
                        sleep:
                          seconds: 6
                  - name: side
                    lifecycle:
                      preStop:
                        sleep:
                          seconds: 6
            """);
    assertThat(ToCommit.sleep(s, List.of())).isEqualTo(ToCommit.grace(36));
    assertThat(ToCommit.sleep(noSleep, List.of("app"))).isEqualTo(ToCommit.grace(40));
  }

  private static Situation declared(long graceSeconds) {
    return new Situation(
        WISH, deployment(graceSeconds, true, sleeping(0)), EXPOSED, List.of(), Ledger.EMPTY, null);
  }

  private static Situation unseen(Ledger ledger, DeploymentFacts deployment) {
    return new Situation(WITH_PROBE, deployment, ClientPorts.NONE, List.of(), ledger, null);
  }

  private static TemplateContainer sleeping(int seconds) {
    return container("app", seconds, null);
  }

  private static TemplateContainer container(
      String name, int sleepSeconds, @Nullable ReadinessProbe probe) {
    boolean sleeps = sleepSeconds > 0;
    var facts =
        new ContainerFacts(
            name, sleeps, sleepSeconds, probe != null, null, EXPOSED.tcp(), Map.of());
    return new TemplateContainer(facts, sleeps, false, false, probe, false);
  }

  private static DeploymentFacts deployment(
      long graceSeconds, boolean declared, TemplateContainer container) {
    return new DeploymentFacts(
        new WorkloadRef("shop", "web"),
        "d-1",
        "1001",
        2,
        false,
        false,
        Replacement.ROLLING,
        null,
        false,
        true,
        null,
        Map.of(),
        "template-1",
        false,
        graceSeconds,
        declared,
        false,
        List.of(container));
  }

  private static ReadinessProbe tcp(int port) {
    return new ReadinessProbe(
        null, new TcpSocketAction(new IntOrString(port)), null, null, null, null);
  }
}

package dev.graceful.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graceful.api.v1alpha1.Apply;
import dev.graceful.api.v1alpha1.Before;
import dev.graceful.api.v1alpha1.Decision;
import dev.graceful.api.v1alpha1.DeploymentProtection;
import dev.graceful.api.v1alpha1.DeploymentProtectionSpec;
import dev.graceful.api.v1alpha1.GracefulPolicy;
import dev.graceful.api.v1alpha1.PolicyRef;
import dev.graceful.cluster.Ledgers;
import dev.graceful.cluster.Templates;
import dev.graceful.observe.DeploymentFacts;
import dev.graceful.observe.WorkloadRef;
import dev.graceful.reconcile.Programmer.Acted;
import dev.graceful.reconcile.Programmer.Subject;
import dev.graceful.shape.Change;
import dev.graceful.shape.Change.OfContainer;
import dev.graceful.shape.Change.PreStop;
import dev.graceful.shape.Contest;
import dev.graceful.shape.Ledger;
import dev.graceful.shape.Shaping.InPlace;
import dev.graceful.shape.Shaping.Leave;
import dev.graceful.shape.Shaping.Pending;
import dev.graceful.shape.Shaping.Reason;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The order of the writes, and what each answer to one of them leads to. */
class ProgrammerTest {

  private static final WorkloadRef WEB = new WorkloadRef("shop", "web");
  private static final Decision DECIDED = new Decision(List.of("app"), 6, 36);
  private static final Before BEFORE = new Before(30, null);
  private static final Change ADD =
      new Change(36L, List.of(new OfContainer("app", new PreStop.Sleep(6), null)));
  private static final Pending PENDING = new Pending(Reason.Programmed, "", DECIDED, ADD);
  private static final DeploymentProtectionSpec NOTHING =
      new DeploymentProtectionSpec(new PolicyRef("web", "p-1"));
  private static final String NO = "exceeded quota";

  /** Both kinds of writes, in their order. */
  private final List<String> writes = new ArrayList<>();

  private final Deque<Templates.Outcome> answers = new ArrayDeque<>();
  private final List<WorkloadRef> woken = new ArrayList<>();
  private Turns turns = new Turns(1, woken::add);
  private @Nullable RuntimeException noRecord;
  private @Nullable RuntimeException noWrite;
  private DeploymentProtectionSpec kept = NOTHING;
  private long generation = 1;
  private long nanos;
  private boolean ownerIsRolling;
  private int mostAtAdmission;

  // ------------------------------------------------------------ in its turn

  @Test
  void itIsRecordedBeforeItIsWritten() {
    // when
    Acted acted = programmer().act(PENDING, immediately(NOTHING, settled(4)));

    // then
    assertThat(writes).containsExactly("record sleep 6 rolls 5", "write");
    assertThat(kept.before()).isEqualTo(BEFORE);
    assertThat(acted.programmed().reason()).isEqualTo("RolloutInProgress");
    assertThat(acted.again()).isNull();
    assertThat(turns.isRolling(WEB)).isTrue();
  }

  @Test
  void whatCannotBeRecordedIsNotWrittenAndHoldsUpNobodyElse() {
    // given
    noRecord = new KubernetesClientException("the API server is away");
    Programmer programmer = programmer();

    // when
    assertThatThrownBy(() -> programmer.act(PENDING, immediately(NOTHING, settled(4))))
        .isSameAs(noRecord);

    // then
    assertThat(writes).isEmpty();
    assertThat(turns.isRolling(WEB)).isFalse();
  }

  @Test
  void afterACrashBetweenBothWritesTheSecondFollows() {
    // given that only the first was done, by another process
    programmer().act(PENDING, immediately(NOTHING, settled(4)));
    writes.clear();

    // when
    programmer().act(PENDING, immediately(kept, settled(4)));

    // then the record says it already
    assertThat(writes).containsExactly("write");
  }

  @Test
  void aWriteWhoseAnswerIsLostGivesUpItsTurn() {
    // given
    Programmer programmer = programmer();
    noWrite = new KubernetesClientException("429");

    // when
    assertThatThrownBy(() -> programmer.act(PENDING, immediately(NOTHING, settled(4))))
        .isSameAs(noWrite);

    // then
    assertThat(kept.decision()).as("it may have been written").isEqualTo(DECIDED);
    assertThat(turns.isRolling(WEB)).isFalse();
  }

  @Test
  void whatIsRefusedIsNotRecordedAnyMoreAndLeftInPeaceForLongerEachTime() {
    // given
    Programmer programmer = programmer();
    answers.add(new Templates.Refused(NO));
    answers.add(new Templates.Refused(NO));

    // when
    Acted first = programmer.act(PENDING, immediately(NOTHING, settled(4)));
    Acted tooSoon = programmer.act(PENDING, immediately(kept, settled(4)));
    nanos += Duration.ofSeconds(61).toNanos();
    Acted second = programmer.act(PENDING, immediately(kept, settled(4)));

    // then
    assertThat(writes)
        .containsExactly(
            "record sleep 6 rolls 5",
            "write",
            "record nothing",
            "record sleep 6 rolls 5",
            "write",
            "record nothing");
    assertThat(List.of(first, tooSoon, second))
        .allSatisfy(
            acted -> {
              assertThat(acted.programmed().reason()).isEqualTo("WriteRefused");
              assertThat(acted.programmed().message()).contains(NO);
            });
    assertThat(first.again()).isEqualTo(Duration.ofMinutes(1));
    assertThat(tooSoon.again()).isEqualTo(Duration.ofMinutes(1));
    assertThat(second.again()).isEqualTo(Duration.ofMinutes(2));
    assertThat(programmer.decision(PENDING, immediately(kept, settled(4)))).isNull();
    assertThat(turns.isRolling(WEB)).isFalse();
  }

  @Test
  void anotherTemplateIsTriedAtOnceAfterARefusal() {
    // given
    Programmer programmer = programmer();
    answers.add(new Templates.Refused(NO));
    programmer.act(PENDING, immediately(NOTHING, settled(4)));
    writes.clear();

    // when
    Acted acted =
        programmer.act(PENDING, immediately(kept, deployment(5, 5, "image: 'shop/app:42'")));

    // then
    assertThat(writes).containsExactly("record sleep 6 rolls 6", "write");
    assertThat(acted.again()).isNull();
  }

  @Test
  void whatWasTakenInPartStaysRecorded() {
    // given
    answers.add(new Templates.Altered("the sleep was dropped"));

    // when
    Programmer programmer = programmer();
    Acted acted = programmer.act(PENDING, immediately(NOTHING, settled(4)));

    // then
    assertThat(writes).containsExactly("record sleep 6 rolls 5", "write");
    assertThat(acted.programmed().message()).contains("the sleep was dropped");
    assertThat(programmer.decision(PENDING, immediately(kept, settled(4)))).isEqualTo(DECIDED);
    assertThat(acted.again()).isEqualTo(Duration.ofMinutes(1));
  }

  @Test
  void whatHasChangedMeanwhileIsDecidedAnew() {
    // given
    answers.add(new Templates.Outdated());

    // when
    Acted acted = programmer().act(PENDING, immediately(NOTHING, settled(4)));

    // then
    assertThat(acted.programmed().reason()).isEqualTo("RolloutInProgress");
    assertThat(acted.again()).isEqualTo(Duration.ofSeconds(1));
    assertThat(turns.isRolling(WEB)).isFalse();
  }

  @Test
  void whileARolloutIsUnderWayNothingIsWritten() {
    // when
    Acted acted = programmer().act(PENDING, immediately(NOTHING, deployment(5, 4, "")));

    // then
    assertThat(writes).isEmpty();
    assertThat(acted.programmed().reason()).isEqualTo("RolloutInProgress");
  }

  // ------------------------------------------------------------ the contest

  @Test
  void aRevertIsRecordedEvenWhileARolloutHoldsTheTemplateBack() {
    // given
    DeploymentProtectionSpec before = recorded();
    Programmer programmer = programmer();
    var revert = new Contest(List.of("2026-03-01T12:00:00Z"), null);

    // when
    DeploymentProtectionSpec noted = programmer.note(WEB, before, revert);
    programmer.act(PENDING, immediately(noted, deployment(6, 5, "")));

    // then
    assertThat(writes).containsExactly("record sleep 6 rolls 5");
    assertThat(kept.reverts()).isEqualTo(revert.reverts());
    assertThat(revert.in(before)).isEqualTo(kept);
  }

  @Test
  void aRevertStaysRecordedWhateverIsRecordedLater() {
    // given
    Programmer programmer = programmer();
    var revert = new Contest(List.of("2026-03-01T12:00:00Z"), null);
    DeploymentProtectionSpec noted = programmer.note(WEB, recorded(), revert);

    // when
    programmer.act(PENDING, immediately(noted, settled(6)));

    // then
    assertThat(kept.rolls()).isEqualTo(7);
    assertThat(kept.reverts()).isEqualTo(revert.reverts());
  }

  @Test
  void noContestIsNoWrite() {
    // when
    DeploymentProtectionSpec noted = programmer().note(WEB, recorded(), Contest.NONE);

    // then
    assertThat(writes).isEmpty();
    assertThat(noted).isEqualTo(recorded());
  }

  @Test
  void whereItIsGivenUpTheTemplateIsLeftAlone() {
    // given
    Programmer programmer = programmer();
    DeploymentProtectionSpec noted =
        programmer.note(WEB, recorded(), new Contest(List.of("a", "b"), 7L));
    writes.clear();

    // when
    Acted acted = programmer.act(new Leave(Reason.Contested, ""), immediately(noted, settled(6)));

    // then
    assertThat(writes).containsExactly("record nothing rolls 5");
    assertThat(kept.contestedGeneration()).isEqualTo(7);
    assertThat(acted.programmed().reason()).isEqualTo("Contested");
    assertThat(turns.isRolling(WEB)).isFalse();
  }

  // ------------------------------------------------------------ with the owner's next write

  @Test
  void whatTheOwnersNextWriteIsToHaveIsTriedBeforeItIsRecorded() {
    // given
    mostAtAdmission = 1;

    // when
    Acted acted = programmer().act(PENDING, onRollout(NOTHING, settled(4)));

    // then
    assertThat(writes).containsExactly("dry run", "record sleep 6 at admission");
    assertThat(acted.programmed().reason()).isEqualTo("PendingRollout");
  }

  @Test
  void whatTheApiServerWouldRefuseIsNotRecorded() {
    // given
    mostAtAdmission = 1;
    answers.add(new Templates.Refused(NO));

    // when
    Programmer programmer = programmer();
    Acted acted = programmer.act(PENDING, onRollout(NOTHING, settled(4)));

    // then
    assertThat(writes).containsExactly("dry run");
    assertThat(acted.programmed().reason()).isEqualTo("WriteRefused");
    assertThat(programmer.decision(PENDING, onRollout(NOTHING, settled(4)))).isNull();
  }

  @Test
  void whatIsAboutToBeWrittenIsDecided() {
    assertThat(programmer().decision(PENDING, onRollout(NOTHING, settled(4)))).isEqualTo(DECIDED);
  }

  @Test
  void whatIsRecordedAlreadyIsNotTriedAgain() {
    // given
    mostAtAdmission = 1;
    programmer().act(PENDING, onRollout(NOTHING, settled(4)));
    writes.clear();

    // when
    programmer().act(PENDING, onRollout(kept, settled(4)));

    // then
    assertThat(writes).isEmpty();
  }

  @Test
  void withoutAnAdmissionPolicyItJoinsTheOwnersRollout() {
    // given
    ownerIsRolling = true;

    // when
    Acted acted = programmer().act(PENDING, onRollout(NOTHING, deployment(5, 4, "")));

    // then
    assertThat(writes).containsExactly("record sleep 6", "write");
    assertThat(acted.programmed().reason()).isEqualTo("RolloutInProgress");
  }

  // ------------------------------------------------------------ at rest

  @Test
  void whatIsInPlaceAndRecordedIsNoWrite() {
    // when
    Acted acted =
        programmer()
            .act(new InPlace(Reason.Programmed, "", DECIDED), immediately(recorded(), settled(5)));

    // then
    assertThat(writes).isEmpty();
    assertThat(acted.programmed().reason()).isEqualTo("Programmed");
    assertThat(turns.isRolling(WEB)).isFalse();
  }

  @Test
  void anOlderRecordOfTheWatchIsNotBelieved() {
    // given
    Programmer programmer = programmer();
    programmer.act(PENDING, immediately(NOTHING, settled(4)));

    // then
    assertThat(programmer.recorded(WEB, shown(NOTHING, 1))).isEqualTo(kept);
    assertThat(programmer.recorded(WEB, shown(NOTHING, generation)))
        .as("the watch has caught up")
        .isEqualTo(NOTHING);
  }

  @Test
  void whatTheOperatorStillHoldsIsLetGo() {
    // when
    programmer()
        .act(
            new InPlace(Reason.Programmed, "", DECIDED),
            immediately(recorded(), deployment(5, 5, "", "graceful-operator")));

    // then
    assertThat(writes).containsExactly("let go");
  }

  // ------------------------------------------------------------ what it works with

  /** As after a start: nobody's turn is remembered. */
  private Programmer programmer() {
    turns = new Turns(1, woken::add);
    return new Programmer(
        ref -> ownerIsRolling,
        new FakeLedgers(),
        new FakeTemplates(),
        turns,
        new AdmissionPlaces(mostAtAdmission),
        () -> nanos);
  }

  private final class FakeLedgers implements Ledgers {

    @Override
    public void govern(DeploymentFacts deployment, GracefulPolicy policy) {
      throw new UnsupportedOperationException("the policies do that");
    }

    @Override
    public void delete(DeploymentProtection protection) {
      throw new UnsupportedOperationException("the reconciler does that");
    }

    @Override
    public ObjectMeta record(WorkloadRef ref, DeploymentProtectionSpec spec) {
      if (noRecord != null) {
        throw noRecord;
      }
      Decision decision = spec.decision();
      writes.add(
          "record "
              + (decision == null ? "nothing" : "sleep " + decision.sleepSeconds())
              + (spec.rolls() == null ? "" : " rolls " + spec.rolls())
              + (Boolean.TRUE.equals(spec.atAdmission()) ? " at admission" : ""));
      kept = spec;
      generation++;
      return new ObjectMetaBuilder().withUid("dp-1").withGeneration(generation).build();
    }
  }

  private final class FakeTemplates implements Templates {

    @Override
    public Outcome write(DeploymentFacts deployment, Change change) {
      writes.add("write");
      return answer();
    }

    @Override
    public Outcome dryRun(DeploymentFacts deployment, Change change) {
      writes.add("dry run");
      return answer();
    }

    @Override
    public void letGo(WorkloadRef ref) {
      writes.add("let go");
    }

    private Outcome answer() {
      if (noWrite != null) {
        throw noWrite;
      }
      return Objects.requireNonNullElse(answers.poll(), new Written());
    }
  }

  private static Subject immediately(DeploymentProtectionSpec recorded, DeploymentFacts is) {
    return subject(Apply.Immediately, recorded, is);
  }

  private static Subject onRollout(DeploymentProtectionSpec recorded, DeploymentFacts is) {
    return subject(Apply.OnRollout, recorded, is);
  }

  private static Subject subject(
      Apply apply, DeploymentProtectionSpec recorded, DeploymentFacts is) {
    return new Subject(
        is, recorded, Ledger.of(recorded), apply, () -> Stream.of(shown(recorded, 1)));
  }

  /** By the watch. */
  private static DeploymentProtection shown(DeploymentProtectionSpec spec, long generation) {
    var protection = new DeploymentProtection();
    protection.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace("shop")
            .withName("web")
            .withUid("dp-1")
            .withGeneration(generation)
            .build());
    protection.setSpec(spec);
    return protection;
  }

  private static DeploymentProtectionSpec recorded() {
    return new DeploymentProtectionSpec(
        NOTHING.policy(), Apply.Immediately, null, DECIDED, null, BEFORE, 5L, null, null);
  }

  private static DeploymentFacts settled(long generation) {
    return deployment(generation, generation, "");
  }

  private static DeploymentFacts deployment(long generation, long observed, String container) {
    return deployment(generation, observed, container, "helm");
  }

  private static DeploymentFacts deployment(
      long generation, long observed, String container, String manager) {
    return DeploymentFacts.from(
        Serialization.unmarshal(
            """
            metadata:
              namespace: shop
              name: web
              uid: d-1
              resourceVersion: "5"
              generation: %d
              managedFields: [{manager: %s}]
            spec:
              replicas: 1
              template:
                spec:
                  terminationGracePeriodSeconds: 30
                  containers:
                  - name: app
                    %s
            status: {observedGeneration: %d, replicas: 1, updatedReplicas: 1, availableReplicas: 1}
            """
                .formatted(generation, manager, container, observed),
            Deployment.class));
  }
}

package dev.graceful.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graceful.api.v1alpha1.Apply;
import dev.graceful.api.v1alpha1.Before;
import dev.graceful.api.v1alpha1.Decision;
import dev.graceful.api.v1alpha1.DeploymentProtection;
import dev.graceful.api.v1alpha1.DeploymentProtectionSpec;
import dev.graceful.api.v1alpha1.DeploymentProtectionStatus;
import dev.graceful.api.v1alpha1.GracefulPolicy;
import dev.graceful.api.v1alpha1.PolicyRef;
import dev.graceful.cluster.Ledgers;
import dev.graceful.cluster.Templates;
import dev.graceful.config.Settings;
import dev.graceful.facts.DeploymentFacts;
import dev.graceful.facts.WorkloadRef;
import dev.graceful.rollout.RolloutState;
import dev.graceful.rollout.RolloutState.Aim;
import dev.graceful.rollout.Step.End;
import dev.graceful.template.Change;
import dev.graceful.template.Change.OfContainer;
import dev.graceful.template.Change.PreStop;
import dev.graceful.template.Contest;
import dev.graceful.template.Journal;
import dev.graceful.template.Ledger;
import dev.graceful.template.Shaping;
import dev.graceful.template.Shaping.InPlace;
import dev.graceful.template.Shaping.Leave;
import dev.graceful.template.Shaping.Pending;
import dev.graceful.template.Shaping.Reason;
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
class ApplierTest {

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
  private Workloads workloads = workloads();
  private @Nullable RuntimeException noRecord;
  private @Nullable RuntimeException noWrite;
  private DeploymentProtectionSpec kept = NOTHING;
  private Journal noted = Journal.EMPTY;
  private long generation = 1;
  private long nanos;
  private boolean ownerIsRolling;
  private int mostAtAdmission;

  // ------------------------------------------------------------ in its turn

  @Test
  void itIsRecordedBeforeItIsWritten() {
    // when
    End acted = operator().act(PENDING, immediately(NOTHING, settled(4)));

    // then
    assertThat(writes).containsExactly("note rolls 5", "record sleep 6", "write");
    assertThat(kept.before()).isEqualTo(BEFORE);
    assertThat(acted.programmed().reason()).isEqualTo("RolloutInProgress");
    assertThat(acted.again()).isNull();
    assertThat(workloads.isRolling(WEB)).isTrue();
  }

  @Test
  void whatCannotBeRecordedIsNotWrittenAndHoldsUpNobodyElse() {
    // given
    noRecord = new KubernetesClientException("the API server is away");
    Operator operator = operator();

    // when
    assertThatThrownBy(() -> operator.act(PENDING, immediately(NOTHING, settled(4))))
        .isSameAs(noRecord);

    // then
    assertThat(writes).isEmpty();
    assertThat(workloads.isRolling(WEB)).isFalse();
  }

  @Test
  void afterACrashBetweenBothWritesTheSecondFollows() {
    // given that only the first was done, by another process
    operator().act(PENDING, immediately(NOTHING, settled(4)));
    writes.clear();

    // when
    operator().act(PENDING, new Subject(Apply.Immediately, kept, noted, settled(4)));

    // then the records says it already
    assertThat(writes).containsExactly("write");
  }

  @Test
  void aWriteWhoseAnswerIsLostGivesUpItsTurn() {
    // given
    Operator operator = operator();
    noWrite = new KubernetesClientException("429");

    // when
    assertThatThrownBy(() -> operator.act(PENDING, immediately(NOTHING, settled(4))))
        .isSameAs(noWrite);

    // then
    assertThat(kept.decision()).as("it may have been written").isEqualTo(DECIDED);
    assertThat(workloads.isRolling(WEB)).isFalse();
  }

  @Test
  void whatIsRefusedIsNotRecordedAnyMoreAndLeftInPeaceForLongerEachTime() {
    // given
    Operator operator = operator();
    answers.add(new Templates.Refused(NO));
    answers.add(new Templates.Refused(NO));

    // when
    End first = operator.act(PENDING, immediately(NOTHING, settled(4)));
    End tooSoon = operator.act(PENDING, immediately(kept, settled(4)));
    nanos += Duration.ofSeconds(61).toNanos();
    End second = operator.act(PENDING, immediately(kept, settled(4)));

    // then
    assertThat(writes)
        .containsExactly(
            "note rolls 5",
            "record sleep 6",
            "write",
            "note",
            "record nothing",
            "note rolls 5",
            "record sleep 6",
            "write",
            "note",
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
    assertThat(operator.decision(PENDING, immediately(kept, settled(4)))).isNull();
    assertThat(workloads.isRolling(WEB)).isFalse();
  }

  @Test
  void anotherTemplateIsTriedAtOnceAfterARefusal() {
    // given
    Operator operator = operator();
    answers.add(new Templates.Refused(NO));
    operator.act(PENDING, immediately(NOTHING, settled(4)));
    writes.clear();

    // when
    End acted = operator.act(PENDING, immediately(kept, deployment(5, 5, "image: 'shop/app:42'")));

    // then
    assertThat(writes).containsExactly("note rolls 6", "record sleep 6", "write");
    assertThat(acted.again()).isNull();
  }

  @Test
  void whatWasTakenInPartStaysRecorded() {
    // given
    answers.add(new Templates.Altered("the sleep was dropped"));

    // when
    Operator operator = operator();
    End acted = operator.act(PENDING, immediately(NOTHING, settled(4)));

    // then
    assertThat(writes).containsExactly("note rolls 5", "record sleep 6", "write");
    assertThat(acted.programmed().message()).contains("the sleep was dropped");
    assertThat(operator.decision(PENDING, immediately(kept, settled(4)))).isEqualTo(DECIDED);
    assertThat(acted.again()).isEqualTo(Duration.ofMinutes(1));
  }

  @Test
  void whatHasChangedMeanwhileIsDecidedAnew() {
    // given
    answers.add(new Templates.Outdated());

    // when
    End acted = operator().act(PENDING, immediately(NOTHING, settled(4)));

    // then
    assertThat(acted.programmed().reason()).isEqualTo("RolloutInProgress");
    assertThat(acted.again()).isEqualTo(Duration.ofSeconds(1));
    assertThat(workloads.isRolling(WEB)).isFalse();
  }

  @Test
  void whileARolloutIsUnderWayNothingIsWritten() {
    // when
    End acted = operator().act(PENDING, immediately(NOTHING, deployment(5, 4, "")));

    // then
    assertThat(writes).isEmpty();
    assertThat(acted.programmed().reason()).isEqualTo("RolloutInProgress");
  }

  // ------------------------------------------------------------ the contest

  @Test
  void aRevertIsRecordedEvenWhileARolloutHoldsTheTemplateBack() {
    // given
    Operator operator = operator();
    var revert = new Contest(List.of("2026-03-01T12:00:00Z"), null);

    // when
    operator.act(PENDING, rolled(deployment(6, 5, "")).after(revert));

    // then
    assertThat(writes).containsExactly("note rolls 5 reverts 1");
    assertThat(noted).isEqualTo(new Journal(5L, revert));
  }

  @Test
  void aRevertStaysRecordedWhateverIsRecordedLater() {
    // given
    Operator operator = operator();
    var revert = new Contest(List.of("2026-03-01T12:00:00Z"), null);

    // when
    operator.act(PENDING, rolled(settled(6)).after(revert));

    // then
    assertThat(noted).isEqualTo(new Journal(7L, revert));
  }

  @Test
  void noContestIsNoWrite() {
    // when
    End acted = operator().act(null, rolled(settled(6)).after(Contest.NONE));

    // then
    assertThat(writes).isEmpty();
    assertThat(acted.programmed().reason()).isEqualTo("ReadinessUnproven");
  }

  @Test
  void aRevertIsRecordedWhileAReadinessProbeIsTried() {
    // given
    var revert = new Contest(List.of("2026-03-01T12:00:00Z"), null);

    // when
    operator().act(null, rolled(settled(6)).after(revert));

    // then
    assertThat(writes).containsExactly("note rolls 5 reverts 1");
    assertThat(noted.contest()).isEqualTo(revert);
  }

  @Test
  void whereItIsGivenUpTheTemplateIsLeftAlone() {
    // given
    Operator operator = operator();
    var givenUp = new Contest(List.of("a", "b"), 7L);

    // when
    End acted = operator.act(new Leave(Reason.Contested, ""), rolled(settled(6)).after(givenUp));

    // then
    assertThat(writes).containsExactly("note rolls 5 reverts 2", "record nothing");
    assertThat(noted.contest()).isEqualTo(givenUp);
    assertThat(acted.programmed().reason()).isEqualTo("Contested");
    assertThat(workloads.isRolling(WEB)).isFalse();
  }

  // ------------------------------------------------------------ with the owner's next write

  @Test
  void whatTheOwnersNextWriteIsToHaveIsTriedBeforeItIsRecorded() {
    // given
    mostAtAdmission = 1;

    // when
    End acted = operator().act(PENDING, onRollout(NOTHING, settled(4)));

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
    Operator operator = operator();
    End acted = operator.act(PENDING, onRollout(NOTHING, settled(4)));

    // then
    assertThat(writes).containsExactly("dry run");
    assertThat(acted.programmed().reason()).isEqualTo("WriteRefused");
    assertThat(operator.decision(PENDING, onRollout(NOTHING, settled(4)))).isNull();
  }

  @Test
  void whatIsAboutToBeWrittenIsDecided() {
    assertThat(operator().decision(PENDING, onRollout(NOTHING, settled(4)))).isEqualTo(DECIDED);
  }

  @Test
  void whatIsRecordedAlreadyIsNotTriedAgain() {
    // given
    mostAtAdmission = 1;
    operator().act(PENDING, onRollout(NOTHING, settled(4)));
    writes.clear();

    // when
    operator().act(PENDING, onRollout(kept, settled(4)));

    // then
    assertThat(writes).isEmpty();
  }

  @Test
  void withoutAnAdmissionPolicyItJoinsTheOwnersRollout() {
    // given
    ownerIsRolling = true;

    // when
    End acted = operator().act(PENDING, onRollout(NOTHING, deployment(5, 4, "")));

    // then
    assertThat(writes).containsExactly("record sleep 6", "write");
    assertThat(acted.programmed().reason()).isEqualTo("RolloutInProgress");
  }

  // ------------------------------------------------------------ at rest

  @Test
  void whatIsInPlaceAndRecordedIsNoWrite() {
    // when
    End acted = operator().act(new InPlace(Reason.Programmed, "", DECIDED), rolled(settled(5)));

    // then
    assertThat(writes).isEmpty();
    assertThat(acted.programmed().reason()).isEqualTo("Programmed");
    assertThat(workloads.isRolling(WEB)).isFalse();
  }

  @Test
  void anOlderRecordOfTheWatchIsNotBelieved() {
    // given
    Operator operator = operator();
    operator.act(PENDING, immediately(NOTHING, settled(4)));

    // then
    assertThat(operator.recorded(WEB, shown(NOTHING, 1))).isEqualTo(kept);
    assertThat(operator.recorded(WEB, shown(NOTHING, generation)))
        .as("the watch has caught up")
        .isEqualTo(NOTHING);
  }

  /** The watch's protection keeps its generation when a status is written. */
  @Test
  void anOlderJournalOfTheWatchIsNotBelieved() {
    // given
    Operator operator = operator();
    DeploymentProtection earlier = shown(NOTHING, 1);
    earlier.setStatus(
        new DeploymentProtectionStatus(1L, null, null, null, 3L, List.of("noon"), null));
    DeploymentProtection another = shown(NOTHING, 1);
    another.getMetadata().setUid("dp-2");

    // then
    assertThat(operator.journal(earlier))
        .as("before this process has written")
        .isEqualTo(new Journal(3L, new Contest(List.of("noon"), null)));
    operator.act(PENDING, immediately(NOTHING, settled(4)));
    assertThat(operator.journal(earlier)).isEqualTo(new Journal(5L, Contest.NONE));
    assertThat(operator.journal(another)).as("of an object of its own").isEqualTo(Journal.EMPTY);
    assertThat(operator().journal(earlier))
        .as("after a restart")
        .isEqualTo(new Journal(3L, new Contest(List.of("noon"), null)));
  }

  @Test
  void whatTheOperatorStillHoldsIsLetGo() {
    // when
    operator()
        .act(
            new InPlace(Reason.Programmed, "", DECIDED),
            rolled(deployment(5, 5, "", "graceful-operator")));

    // then
    assertThat(writes).containsExactly("let go");
  }

  // ------------------------------------------------------------ what it works with

  /** As after a start: nobody's turn is remembered. */
  private Operator operator() {
    workloads = workloads();
    return new Operator(
        new Applier(
            workloads,
            new FakeLedgers(),
            new FakeTemplates(),
            (ref, changes) -> writes.add("drop changes"),
            () -> nanos));
  }

  private Workloads workloads() {
    return new Workloads(
        new Settings.Apply() {
          @Override
          public boolean atAdmission() {
            return true;
          }

          @Override
          public int mostAtAdmission() {
            return mostAtAdmission;
          }

          @Override
          public int mostAtOnce() {
            return 1;
          }
        },
        woken::add);
  }

  /** A process, with what it remembers. */
  private final class Operator {

    private final Applier applier;

    Operator(Applier applier) {
      this.applier = applier;
    }

    End act(@Nullable Shaping shaping, Subject it) {
      return applier.advance(state(shaping, it), () -> Stream.of(shown(it.recorded(), 1)));
    }

    /** What it is about to publish as decided. */
    @Nullable Decision decision(Shaping shaping, Subject it) {
      return state(shaping, it).decision();
    }

    DeploymentProtectionSpec recorded(WorkloadRef ref, DeploymentProtection shown) {
      return workloads.update(ref, memory -> memory.seeing(shown)).recorded(shown);
    }

    Journal journal(DeploymentProtection shown) {
      return workloads.update(WEB, memory -> memory.seeing(shown)).journal(shown);
    }

    private RolloutState state(@Nullable Shaping shaping, Subject it) {
      var aim =
          new Aim(
              it.is(),
              it.recorded(),
              it.journal(),
              Ledger.of(it.recorded()),
              it.apply(),
              shaping,
              it.contest(),
              List.of(),
              ownerIsRolling,
              workloads.isRolling(WEB),
              null);
      return RolloutState.of(aim, workloads.of(WEB).setbacks(), nanos);
    }
  }

  private record Subject(
      Apply apply,
      DeploymentProtectionSpec recorded,
      Journal journal,
      DeploymentFacts is,
      Contest contest) {

    /** With the contest as it is noted. */
    Subject(Apply apply, DeploymentProtectionSpec recorded, Journal journal, DeploymentFacts is) {
      this(apply, recorded, journal, is, journal.contest());
    }

    Subject after(Contest other) {
      return new Subject(apply, recorded, journal, is, other);
    }
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
              + (Boolean.TRUE.equals(spec.atAdmission()) ? " at admission" : ""));
      kept = spec;
      generation++;
      return new ObjectMetaBuilder().withUid("dp-1").withGeneration(generation).build();
    }

    @Override
    public ObjectMeta note(WorkloadRef ref, Journal journal) {
      if (noRecord != null) {
        throw noRecord;
      }
      int reverts = journal.contest().reverts().size();
      writes.add(
          "note"
              + (journal.rolloutGeneration() == null ? "" : " rolls " + journal.rolloutGeneration())
              + (reverts == 0 ? "" : " reverts " + reverts));
      noted = journal;
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
    return new Subject(Apply.Immediately, recorded, Journal.EMPTY, is);
  }

  /** After the operator's write of generation 5. */
  private static Subject rolled(DeploymentFacts is) {
    return new Subject(Apply.Immediately, recorded(), new Journal(5L, Contest.NONE), is);
  }

  private static Subject onRollout(DeploymentProtectionSpec recorded, DeploymentFacts is) {
    return new Subject(Apply.OnRollout, recorded, Journal.EMPTY, is);
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
        NOTHING.policy(), Apply.Immediately, null, DECIDED, null, BEFORE);
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

package dev.graceful.template;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.graceful.api.v1alpha1.Apply;
import dev.graceful.api.v1alpha1.Decision;
import dev.graceful.api.v1alpha1.GracefulPolicySpec;
import dev.graceful.api.v1alpha1.HttpGetAction;
import dev.graceful.api.v1alpha1.ReadinessProbe;
import dev.graceful.facts.ClientPorts;
import dev.graceful.facts.DeploymentFacts;
import dev.graceful.facts.Deployments;
import dev.graceful.facts.Deployments.TemplateChange;
import dev.graceful.facts.ReadinessAnswer;
import dev.graceful.facts.TemplateContainer;
import dev.graceful.rollout.WriteTiming;
import dev.graceful.template.Shaping.Pending;
import dev.graceful.template.Shaping.Reason;
import dev.graceful.template.rule.Planner;
import io.fabric8.kubernetes.api.model.IntOrString;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each file of {@code template/} is one Deployment (as it differs from one in {@code like/}), the
 * policy that governs it, the operator's ledger, and what comes of them.
 */
class PlannerTest {

  /** Strict, so that a misspelt or a forgotten key fails instead of meaning zero. */
  private static final ObjectMapper YAML =
      YAMLMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .build();

  private static final String TO_COMMIT = "To commit:\n";

  /** Those whose no comes with what the owner may do about it. */
  private static final Set<Reason> WITH_YAML =
      EnumSet.of(
          Reason.DrainShortened,
          Reason.GraceDeclared,
          Reason.OwnPreStop,
          Reason.RecreateStrategy,
          Reason.NoSurge,
          Reason.Contested);

  private static final ReadinessProbe PROBE =
      new ReadinessProbe(
          new HttpGetAction("/other", new IntOrString(8080), null), null, null, null, 2, null);

  /** Every Deployment is given to each of them, whatever its own story says. */
  private static final List<ShutdownGoal> WISHES =
      List.of(
          new ShutdownGoal(Apply.Immediately, 5, 30, null),
          new ShutdownGoal(Apply.OnRollout, 15, 45, PROBE),
          new ShutdownGoal(Apply.OnRollout, 2, 3, null),
          new ShutdownGoal(Apply.Immediately, 0, 60, PROBE),
          new ShutdownGoal(Apply.OnRollout, 0, 1, null));

  private static final List<ReadinessAnswer> ANSWERS =
      List.of(new ReadinessAnswer.Passed(), new ReadinessAnswer.Failed("GET /other was refused"));

  enum Circumstance {
    /** The chart's MutatingAdmissionPolicy is there. */
    Admission,
    /** The owner was just seen to change the template. */
    OwnerIsRolling,
    /** The owner has taken out twice what the operator wrote. */
    Contested
  }

  /**
   * What is given beside the objects, and what is expected.
   *
   * @param injected the containers that the pods have beside those of the template; null: none
   * @param udpPorts those that the slices have beside the TCP ports; null: none
   * @param discovery the Services for discovery that have the pods too; null: none
   * @param readiness what a running pod answers to the policy's readiness probe: "passed", or why
   *     it fails; null: there is nothing to try
   * @param circumstances null: none of them
   * @param change of a Pending one
   * @param moment when that may be written, or why it may not be now
   * @param policyLeaves the containers in which the chart's admission policy leaves the operator's
   *     values: it reads the last applied configuration as a text, and where that has a value for
   *     one container, it takes that value for the owner's in all; null: none
   * @param revert whether the operator counts the owner's write as a revert, where no admission
   *     policy changes it; given with a Deployment before that write
   * @param policyKeepsBefore whether the admission policy puts back the template before the write,
   *     as the owner changed nothing; the operator sees the write only without the policy, and then
   *     writes the decision
   */
  record Expected(
      String story,
      Set<Integer> servingPorts,
      @Nullable List<String> injected,
      @Nullable Set<Integer> udpPorts,
      @Nullable Set<String> discovery,
      @Nullable String readiness,
      @Nullable Set<Circumstance> circumstances,
      String kind,
      Reason reason,
      @Nullable Decision decision,
      @Nullable List<String> change,
      @Nullable String moment,
      @Nullable List<String> messageContains,
      @Nullable List<String> policyLeaves,
      @Nullable Boolean revert,
      @Nullable Boolean policyKeepsBefore) {

    ClientPorts ports() {
      Set<Integer> others = udpPorts == null ? Set.of() : udpPorts;
      return new ClientPorts(
          !servingPorts.isEmpty() || !others.isEmpty(),
          servingPorts,
          others,
          discovery == null ? Set.of() : discovery);
    }

    boolean has(Circumstance circumstance) {
      return circumstances != null && circumstances.contains(circumstance);
    }

    RunningPods pods() {
      return new RunningPods(ports(), Objects.requireNonNullElse(injected, List.<String>of()));
    }

    @Nullable ReadinessAnswer answer() {
      return readiness == null
          ? null
          : readiness.equals("passed")
              ? new ReadinessAnswer.Passed()
              : new ReadinessAnswer.Failed(readiness);
    }
  }

  /**
   * A story, read.
   *
   * @param wish null: no policy governs it
   * @param before the Deployment before the owner's write; null: any other
   */
  record Case(
      String name,
      @Nullable ShutdownGoal wish,
      Template template,
      @Nullable Template before,
      Ledger recorded,
      Expected expected) {

    @Override
    public String toString() {
      return name
          + " with "
          + wish
          + ", ports "
          + expected.servingPorts()
          + ", readiness "
          + expected.readiness();
    }

    Ledger ledger() {
      return wish == null ? recorded : recorded.orAtCreation(wish, template.facts());
    }

    Shaping shape(Template other, Ledger ledger) {
      DeploymentFacts facts = other.facts();
      if (wish == null) {
        return Planner.giveBack(facts, ledger);
      }
      return expected.has(Circumstance.Contested)
          ? Planner.contested(wish, facts, ledger)
          : Planner.shape(wish, facts, expected.pods(), ledger, expected.answer());
    }

    Shaping shape() {
      return shape(template, ledger());
    }
  }

  static List<Path> cases() throws IOException, URISyntaxException {
    Path folder =
        Path.of(Objects.requireNonNull(PlannerTest.class.getResource("/template")).toURI());
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void shapesAsTheStorySays(Path file) throws IOException {
    // given
    Case given = read(file);
    Expected expected = given.expected();

    // when
    Shaping shaping = given.shape();

    // then
    assertThat(shaping.getClass().getSimpleName()).as(expected.story()).isEqualTo(expected.kind());
    assertThat(shaping.reason()).as(expected.story()).isEqualTo(expected.reason());
    assertThat(shaping.decision()).as(expected.story()).isEqualTo(expected.decision());
    assertThat(shaping instanceof Pending pending ? Template.lines(pending.change()) : null)
        .as(expected.story())
        .isEqualTo(expected.change());
    assertThat(shaping instanceof Pending pending ? moment(given, pending) : null)
        .as(expected.story())
        .isEqualTo(expected.moment());
    assertThat(Objects.requireNonNullElse(expected.messageContains(), List.<String>of()))
        .allSatisfy(words -> assertThat(shaping.message()).contains(words));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void anOwnersWriteIsARevertWhereTheStorySaysSo(Path file) {
    // given
    Case given = read(file);
    Expected expected = given.expected();
    if (given.before() == null) {
      assertThat(expected.revert()).as(expected.story()).isNull();
      return;
    }
    DeploymentFacts now = given.template().facts();
    Deployments deployments = new Deployments();
    deployments.put(given.before().facts(), false, 0);

    // when
    deployments.put(now, true, 1);
    List<TemplateChange> changes = deployments.changes(now.ref());

    // then
    assertThat(changes)
        .as(expected.story())
        .hasSize(now.heldByUs() ? 0 : 1)
        .allSatisfy(
            change ->
                assertThat(
                        Reverts.isRevert(
                            change.before(), change.now(), given.ledger(), Set.of(now.template())))
                    .isEqualTo(expected.revert()));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aPodIsAskedWhereTheStoryHasItAnswer(Path file) throws IOException {
    // given
    Case given = read(file);
    if (given.wish() == null) {
      return;
    }

    // when
    Readiness.Trial trial =
        Planner.trial(
            given.wish(), given.template().facts(), given.expected().pods(), given.ledger());

    // then
    assertThat(trial != null)
        .as(given.expected().story())
        .isEqualTo(given.expected().readiness() != null);
  }

  /** A decision that its own outcome does not satisfy would start one rollout after the other. */
  @ParameterizedTest
  @MethodSource("cases")
  void isContentWithWhatItWrote(Path file) throws IOException {
    for (Case given : withOtherWishes(read(file))) {
      // given
      if (!(given.shape() instanceof Pending pending)) {
        continue;
      }
      Template written = given.template().with(pending.change());

      // when
      Shaping next = given.shape(written, recorded(given, pending));

      // then
      assertThat(next).as("%s", given).isNotInstanceOf(Pending.class);
      assertThat(next.decision()).as("%s", given).isEqualTo(pending.decision());
    }
  }

  /** Byte for byte: what the operator writes makes no difference to what it gives back. */
  @ParameterizedTest
  @MethodSource("cases")
  void givesBackWhatWasThereBefore(Path file) throws IOException {
    for (Case given : withOtherWishes(read(file))) {
      // given
      if (!(given.shape() instanceof Pending pending)) {
        continue;
      }
      Template before = givenBack(given.template(), given.ledger());
      Template written = given.template().with(pending.change());

      // when
      Template after = givenBack(written, recorded(given, pending));

      // then
      assertThat(after.json()).as("%s", given).isEqualTo(before.json());
      if (given.ledger().equals(Ledger.EMPTY)) {
        assertThat(after.json()).as("%s", given).isEqualTo(given.template().json());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void neverTakesFromAnOwnerWhatHeSet(Path file) throws IOException {
    for (Case given : withOtherWishes(read(file))) {
      // when
      if (!(given.shape() instanceof Pending pending)) {
        continue;
      }
      Template written = given.template().with(pending.change());

      // then
      DeploymentFacts before = given.template().facts();
      assertThat(written.rest()).as("%s", given).isEqualTo(given.template().rest());
      if (before.graceDeclared()) {
        assertThat(written.graceSeconds()).as("%s", given).isEqualTo(before.graceSeconds());
      }
      if (given.ledger().equals(Ledger.EMPTY)) {
        assertThat(written.graceSeconds())
            .as("%s", given)
            .isGreaterThanOrEqualTo(before.graceSeconds());
      }
      for (TemplateContainer container : before.containers()) {
        boolean empty = given.ledger().equals(Ledger.EMPTY);
        ObjectNode was = given.template().container(container.name());
        ObjectNode is = written.container(container.name());
        if (was.at("/lifecycle").has("preStop") && (empty || container.preStopDeclared())) {
          assertThat(is.get("lifecycle")).as("%s", given).isEqualTo(was.get("lifecycle"));
        }
        if (was.has("readinessProbe") && (empty || container.readinessDeclared())) {
          assertThat(is.get("readinessProbe")).as("%s", given).isEqualTo(was.get("readinessProbe"));
        }
      }
    }
  }

  /** The API server refuses a sleep that is longer than the grace period. */
  @ParameterizedTest
  @MethodSource("cases")
  void noSleepIsEverLongerThanTheGracePeriod(Path file) throws IOException {
    for (Case given : withOtherWishes(read(file))) {
      // given
      DeploymentFacts facts = given.template().facts();
      List<Shaping> all = new ArrayList<>(List.of(given.shape()));
      all.add(Planner.giveBack(facts, given.ledger()));
      if (given.wish() != null) {
        all.add(Planner.contested(given.wish(), facts, given.ledger()));
      }

      for (Shaping shaping : all) {
        // when
        Change change = shaping instanceof Pending pending ? pending.change() : Change.NONE;
        Template written = given.template().with(change);

        // then
        assertThat(written.longestSleep())
            .as("%s: %s", given, shaping)
            .isLessThanOrEqualTo(written.graceSeconds());
      }
    }
  }

  /** Cut off and saved as it is, it is a part of a Deployment. */
  @ParameterizedTest
  @MethodSource("cases")
  void whatToCommitIsYaml(Path file) throws IOException {
    for (Case given : withOtherWishes(read(file))) {
      // when
      Shaping shaping = given.shape();
      int at = shaping.message().indexOf(TO_COMMIT);

      // then
      if (WITH_YAML.contains(shaping.reason())) {
        assertThat(at).as("%s", shaping).isPositive();
      }
      if (at >= 0) {
        JsonNode yaml = YAML.readTree(shaping.message().substring(at + TO_COMMIT.length()));
        JsonNode pod = yaml.at("/spec/template/spec");
        assertThat(pod.path("containers").isNull()).as("%s", shaping).isFalse();
        assertThat(yaml.properties()).extracting(e -> e.getKey()).containsExactly("spec");
        assertThat(
                pod.path("terminationGracePeriodSeconds").isInt()
                    || yaml.at("/spec/strategy/type").asText().equals("RollingUpdate"))
            .as("%s", shaping)
            .isTrue();
        assertThat(pod.path("containers"))
            .allSatisfy(
                c -> {
                  assertThat(c.path("name").isTextual()).isTrue();
                  assertThat(c.at("/lifecycle/preStop/sleep/seconds").asInt()).isPositive();
                });
      }
    }
  }

  /** Nobody is told that a template has what is still to be written, or what nobody decided. */
  @ParameterizedTest
  @MethodSource("cases")
  void saysThatItIsThereOnlyWhereItIs(Path file) throws IOException {
    for (Case given : withOtherWishes(read(file))) {
      // when
      Shaping shaping = given.shape();

      // then
      if (shaping instanceof Pending || shaping.decision() == null) {
        assertThat(shaping.message()).as("%s", given).doesNotContain("has what was decided");
      }
    }
  }

  @Test
  void everyReasonHasAStory() throws IOException, URISyntaxException {
    // given
    Set<Reason> all = EnumSet.allOf(Reason.class);

    // when
    Set<Reason> told = EnumSet.noneOf(Reason.class);
    for (Path file : cases()) {
      told.add(read(file).shape().reason());
    }
    told.addAll(ReasonsGivenLater.all());

    // then
    assertThat(told).isEqualTo(all);
  }

  private static String moment(Case given, Pending pending) {
    // What goes back does so by the rule under which it was written.
    Apply apply = given.wish() == null ? Apply.OnRollout : given.wish().apply();
    WriteTiming moment =
        WriteTiming.of(
            pending.appliedAs(apply),
            given.template().facts(),
            false,
            given.expected().has(Circumstance.Admission),
            given.expected().has(Circumstance.OwnerIsRolling));
    return moment instanceof WriteTiming.Blocked blocked
        ? blocked.reason().name()
        : moment.getClass().getSimpleName();
  }

  private static Ledger recorded(Case given, Pending pending) {
    Ledger ledger = given.ledger();
    return ledger.deciding(pending.decision(), ledger.beforeWriting(given.template().facts()));
  }

  private static Template givenBack(Template template, Ledger ledger) {
    return Planner.giveBack(template.facts(), ledger) instanceof Pending pending
        ? template.with(pending.change())
        : template;
  }

  /** The case itself, and what other policies and other answers would make of its Deployment. */
  static List<Case> withOtherWishes(Case given) {
    List<Case> all = new ArrayList<>(List.of(given));
    Expected expected = given.expected();
    for (ShutdownGoal wish : WISHES) {
      for (ReadinessAnswer answer : ANSWERS) {
        for (Set<Integer> ports : List.of(expected.servingPorts(), Set.<Integer>of())) {
          all.add(
              new Case(
                  given.name(),
                  wish,
                  given.template(),
                  null,
                  given.recorded(),
                  new Expected(
                      expected.story(),
                      ports,
                      expected.injected(),
                      expected.udpPorts(),
                      expected.discovery(),
                      answer instanceof ReadinessAnswer.Failed failed ? failed.why() : "passed",
                      expected.circumstances(),
                      "",
                      Reason.Programmed,
                      null,
                      null,
                      null,
                      null,
                      expected.policyLeaves(),
                      null,
                      null)));
        }
      }
    }
    return all;
  }

  /**
   * A file of the folder {@code template}.
   *
   * @param like the Deployment in {@code like/} that it resembles
   * @param patch what differs, as a JSON merge patch (RFC 7386); null: nothing does
   * @param before what differed before the owner's write, as another patch of {@code like}, with
   *     the ledger of then; null: the story does not depend on it
   * @param policy null: no policy governs it
   * @param ledger null: nothing is recorded
   */
  record StoryFile(
      String story,
      String like,
      @Nullable JsonNode patch,
      @Nullable JsonNode before,
      @Nullable GracefulPolicySpec policy,
      @Nullable Ledger ledger,
      ObjectNode expected) {

    Template deployment(Path likes, @Nullable JsonNode differs) throws IOException {
      JsonNode base = YAML.readTree(likes.resolve(like + ".yaml").toFile());
      return Template.of(differs == null ? base : merged(base, differs));
    }
  }

  static Case read(Path file) {
    try {
      StoryFile given = YAML.readValue(file.toFile(), StoryFile.class);
      Path likes = file.resolveSibling("like");
      return new Case(
          file.getFileName().toString().replace(".yaml", ""),
          given.policy() == null ? null : ShutdownGoal.of(given.policy()),
          given.deployment(likes, given.patch()),
          given.before() == null ? null : given.deployment(likes, given.before()),
          Objects.requireNonNullElse(given.ledger(), Ledger.EMPTY),
          YAML.treeToValue(given.expected().put("story", given.story()), Expected.class));
    } catch (IOException e) {
      throw new UncheckedIOException(file.toString(), e);
    }
  }

  private static JsonNode merged(JsonNode base, JsonNode patch) {
    if (!patch.isObject()) {
      return patch;
    }
    ObjectNode result =
        base instanceof ObjectNode object
            ? object.deepCopy()
            : JsonNodeFactory.instance.objectNode();
    for (Map.Entry<String, JsonNode> entry : patch.properties()) {
      if (entry.getValue().isNull()) {
        result.remove(entry.getKey());
      } else {
        result.set(entry.getKey(), merged(result.path(entry.getKey()), entry.getValue()));
      }
    }
    return result;
  }
}

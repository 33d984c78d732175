package dev.graceful.shape;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.graceful.api.v1alpha1.Decision;
import dev.graceful.api.v1alpha1.GracefulPolicySpec;
import dev.graceful.observe.DeploymentFacts;
import dev.graceful.shape.Change.OfContainer;
import dev.graceful.shape.Change.PreStop;
import dev.graceful.shape.Change.ReadinessChange;
import dev.graceful.shape.Shaping.Pending;
import dev.graceful.shape.Shaping.Reason;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each folder under {@code shape/} is one Deployment as its owner left it, and what a policy makes
 * of it.
 */
class ShaperTest {

  /** The reasons that only an attempt to write can give; shaping comes before it. */
  private static final Set<Reason> GIVEN_BY_WRITES = EnumSet.of(Reason.WriteRefused);

  /** Strict, so that a misspelt or a forgotten key fails instead of meaning zero. */
  private static final ObjectMapper YAML =
      YAMLMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .build();

  record Expected(
      String story,
      Set<Integer> servingPorts,
      String kind,
      Reason reason,
      @Nullable Reason blocked,
      @Nullable Decision decision,
      List<String> messageContains,
      List<String> yamlContains) {}

  /**
   * A folder's files.
   *
   * @param ledger empty where there is no such file: the operator has written nothing yet
   */
  record Case(Wish wish, Deployment deployment, Ledger ledger, Expected expected) {

    Shaping shape() {
      return Shaper.shape(
          wish, DeploymentFacts.from(deployment), expected.servingPorts(), ledger, null);
    }
  }

  static List<Path> cases() throws IOException, URISyntaxException {
    Path folder = Path.of(Objects.requireNonNull(ShaperTest.class.getResource("/shape")).toURI());
    try (Stream<Path> folders = Files.list(folder)) {
      return folders.sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void shapesAsTheStorySays(Path folder) throws IOException {
    // given
    Case given = read(folder);

    // when
    Shaping shaping = given.shape();

    // then
    Expected expected = given.expected();
    assertThat(shaping.getClass().getSimpleName()).as(expected.story()).isEqualTo(expected.kind());
    assertThat(shaping.reason()).as(expected.story()).isEqualTo(expected.reason());
    assertThat(shaping.decision()).as(expected.story()).isEqualTo(expected.decision());
    assertThat(expected.messageContains())
        .allSatisfy(words -> assertThat(shaping.message()).contains(words));
    assertThat(expected.yamlContains())
        .allSatisfy(words -> assertThat(shaping.message()).contains(words));
    if (shaping instanceof Pending) {
      Moment moment =
          Moment.of(given.wish().apply(), DeploymentFacts.from(given.deployment()), false, false);
      assertThat(moment instanceof Moment.Blocked blocked ? blocked.reason() : null)
          .as(expected.story())
          .isEqualTo(expected.blocked());
    }
  }

  /** A decision that its own outcome does not satisfy would start one rollout after the other. */
  @ParameterizedTest
  @MethodSource("cases")
  void isContentWithWhatItWrote(Path folder) throws IOException {
    // given
    Case given = read(folder);
    if (!(given.shape() instanceof Pending pending)) {
      return;
    }
    Ledger ledger =
        given
            .ledger()
            .deciding(
                pending.decision(),
                given.ledger().beforeWriting(DeploymentFacts.from(given.deployment())));
    Deployment written = written(given.deployment(), pending.change());

    // when
    Shaping next =
        Shaper.shape(
            given.wish(),
            DeploymentFacts.from(written),
            given.expected().servingPorts(),
            ledger,
            null);

    // then
    assertThat(next).as(given.expected().story()).isNotInstanceOf(Pending.class);
    assertThat(next.decision()).isEqualTo(pending.decision());
  }

  @Test
  void everyReasonHasAStory() throws IOException, URISyntaxException {
    // given
    Set<Reason> all = EnumSet.complementOf(EnumSet.copyOf(GIVEN_BY_WRITES));

    // when
    Set<Reason> told = EnumSet.noneOf(Reason.class);
    for (Path folder : cases()) {
      told.add(read(folder).shape().reason());
    }

    // then
    assertThat(told).isEqualTo(all);
  }

  @Test
  void neverTakesFromAnOwnerWhatHeSet() throws IOException, URISyntaxException {
    for (Path folder : cases()) {
      // given
      Case given = read(folder);
      if (given.ledger().before() != null) {
        continue;
      }

      // when
      Decision decision = given.shape().decision();

      // then
      if (decision != null) {
        assertThat(decision.terminationGracePeriodSeconds())
            .as(given.expected().story())
            .isGreaterThanOrEqualTo(DeploymentFacts.from(given.deployment()).graceSeconds());
        assertThat(given.deployment().getSpec().getTemplate().getSpec().getContainers())
            .filteredOn(container -> decision.containers().contains(container.getName()))
            .as(given.expected().story())
            .allMatch(container -> container.getLifecycle() == null);
      }
    }
  }

  private static Case read(Path folder) throws IOException {
    Path ledger = folder.resolve("ledger.yaml");
    return new Case(
        Wish.of(YAML.readValue(folder.resolve("policy.yaml").toFile(), GracefulPolicySpec.class)),
        Serialization.unmarshal(
            Files.readString(folder.resolve("deployment.yaml")), Deployment.class),
        Files.exists(ledger) ? YAML.readValue(ledger.toFile(), Ledger.class) : Ledger.EMPTY,
        YAML.readValue(folder.resolve("expected.yaml").toFile(), Expected.class));
  }

  /** What the API server has after the write. */
  private static Deployment written(Deployment deployment, Change change) {
    List<Container> containers =
        deployment.getSpec().getTemplate().getSpec().getContainers().stream()
            .map(c -> written(c, change))
            .toList();
    var pod = deployment.edit().editSpec().editTemplate().editSpec().withContainers(containers);
    if (change.graceSeconds() != null) {
      pod.withTerminationGracePeriodSeconds(change.graceSeconds());
    }
    return pod.endSpec().endTemplate().endSpec().build();
  }

  private static Container written(Container container, Change change) {
    var builder = new ContainerBuilder(container);
    for (OfContainer part : change.containers()) {
      if (part.name().equals(container.getName())) {
        switch (part.preStop()) {
          case null -> {}
          case PreStop.Sleep sleep ->
              builder
                  .editOrNewLifecycle()
                  .withNewPreStop()
                  .withNewSleep((long) sleep.seconds())
                  .endPreStop()
                  .endLifecycle();
          case PreStop.Gone gone -> builder.editLifecycle().withPreStop(null).endLifecycle();
          case PreStop.GoneWithLifecycle gone -> builder.withLifecycle(null);
        }
        switch (part.readiness()) {
          case null -> {}
          case ReadinessChange.Given given ->
              builder.withReadinessProbe(YAML.convertValue(given.probe(), Probe.class));
          case ReadinessChange.Taken taken -> builder.withReadinessProbe(null);
        }
      }
    }
    return builder.build();
  }
}

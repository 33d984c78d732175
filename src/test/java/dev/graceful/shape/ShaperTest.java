package dev.graceful.shape;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.graceful.api.v1alpha1.Decision;
import dev.graceful.api.v1alpha1.GracefulPolicySpec;
import dev.graceful.observe.DeploymentFacts;
import dev.graceful.shape.Shaping.InPlace;
import dev.graceful.shape.Shaping.Leave;
import dev.graceful.shape.Shaping.Reason;
import dev.graceful.shape.Shaping.Wait;
import dev.graceful.shape.Shaping.Write;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
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
      return Shaper.shape(wish, DeploymentFacts.from(deployment), expected.servingPorts(), ledger);
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
    assertThat(decision(shaping)).as(expected.story()).isEqualTo(expected.decision());
    String yaml = shaping instanceof Leave leave ? leave.yaml() : "";
    assertThat(expected.messageContains())
        .allSatisfy(words -> assertThat(shaping.message()).contains(words));
    assertThat(expected.yamlContains()).allSatisfy(words -> assertThat(yaml).contains(words));
  }

  /** A decision that its own outcome does not satisfy would start one rollout after the other. */
  @ParameterizedTest
  @MethodSource("cases")
  void isContentWithWhatItWrote(Path folder) throws IOException {
    // given
    Case given = read(folder);
    if (!(given.shape() instanceof Write write)) {
      return;
    }
    var ledger =
        new Ledger(
            write.decision(),
            given.ledger().beforeWriting(DeploymentFacts.from(given.deployment())));
    Deployment written = written(given.deployment(), write.decision());

    // when
    Shaping next =
        Shaper.shape(
            given.wish(), DeploymentFacts.from(written), given.expected().servingPorts(), ledger);

    // then
    assertThat(next).as(given.expected().story()).isInstanceOf(InPlace.class);
    assertThat(decision(next)).isEqualTo(write.decision());
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
      Decision decision = decision(given.shape());

      // then
      if (decision != null) {
        assertThat((long) decision.terminationGracePeriodSeconds())
            .as(given.expected().story())
            .isGreaterThanOrEqualTo(DeploymentFacts.from(given.deployment()).graceSeconds());
        assertThat(given.deployment().getSpec().getTemplate().getSpec().getContainers())
            .filteredOn(container -> decision.containers().contains(container.getName()))
            .as(given.expected().story())
            .allMatch(container -> container.getLifecycle() == null);
      }
    }
  }

  private static @Nullable Decision decision(Shaping shaping) {
    return switch (shaping) {
      case InPlace s -> s.decision();
      case Write s -> s.decision();
      case Wait s -> s.decision();
      case Leave s -> null;
    };
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
  private static Deployment written(Deployment deployment, Decision decision) {
    List<Container> containers =
        deployment.getSpec().getTemplate().getSpec().getContainers().stream()
            .map(c -> decision.containers().contains(c.getName()) ? sleeping(c, decision) : c)
            .toList();
    return deployment
        .edit()
        .editSpec()
        .editTemplate()
        .editSpec()
        .withTerminationGracePeriodSeconds((long) decision.terminationGracePeriodSeconds())
        .withContainers(containers)
        .endSpec()
        .endTemplate()
        .endSpec()
        .build();
  }

  private static Container sleeping(Container container, Decision decision) {
    var builder = new ContainerBuilder(container).withLifecycle(null);
    return decision.sleepSeconds() == 0
        ? builder.build()
        : builder
            .withNewLifecycle()
            .withNewPreStop()
            .withNewSleep((long) decision.sleepSeconds())
            .endPreStop()
            .endLifecycle()
            .build();
  }
}

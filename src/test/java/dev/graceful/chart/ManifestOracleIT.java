package dev.graceful.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.rbac.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The build derives a manifest from the reconcilers and the extensions in use. Nobody installs it,
 * but it changes when the code starts to need what the chart does not give.
 */
class ManifestOracleIT {

  private static final Path GENERATED = Path.of("target", "kubernetes", "kubernetes.yml");

  /** Resource and verbs that the generator gives, and why the operator does without. */
  private record NotNeeded(String resource, Set<String> verbs, String because) {}

  private static final List<NotNeeded> NOT_NEEDED =
      List.of(
          new NotNeeded(
              "gracefulpolicies.graceful.dev",
              Set.of("create", "update", "patch", "delete"),
              "policies belong to the people who write them"),
          new NotNeeded(
              "gracefulpolicies.graceful.dev/status",
              Set.of("get", "list", "watch", "create", "update", "delete"),
              "a status is read with its object and written by patch"),
          new NotNeeded(
              "gracefulpolicies.graceful.dev/finalizers",
              Set.of("get", "list", "watch", "create", "update", "patch", "delete"),
              "there is no finalizer, nor an owner reference that blocks deletion"),
          new NotNeeded(
              "deploymentprotections.graceful.dev",
              Set.of("update"),
              "written with server-side apply, which is a patch"),
          new NotNeeded(
              "deploymentprotections.graceful.dev/status",
              Set.of("get", "list", "watch", "create", "update", "delete"),
              "a status is read with its object and written by patch"),
          new NotNeeded(
              "deploymentprotections.graceful.dev/finalizers",
              Set.of("get", "list", "watch", "create", "update", "patch", "delete"),
              "there is no finalizer, nor an owner reference that blocks deletion"));

  private static Manifest generated = new Manifest(List.of(), List.of());

  private final Manifest chart = Helm.template();

  @BeforeAll
  static void readWhatTheBuildMade() throws IOException {
    assertThat(GENERATED).as("made by `mvn package`").exists();
    generated = Manifest.parse(Files.readString(GENERATED));
  }

  @Test
  void theChartGivesEveryVerbThatTheCodeNeeds() {
    Map<String, Set<String>> given = given();
    List<String> missing = new ArrayList<>();
    Manifest.verbs(generated.rules())
        .forEach(
            (resource, verbs) ->
                verbs.stream()
                    .filter(verb -> !given.getOrDefault(resource, Set.of()).contains(verb))
                    .filter(verb -> !isNotNeeded(resource, verb))
                    .forEach(verb -> missing.add(verb + " " + resource)));

    assertThat(missing).isEmpty();
  }

  @Test
  void theGeneratorSpokeAboutTheKindsThatTheOperatorReconciles() {
    assertThat(Manifest.verbs(generated.rules()))
        .containsKeys("gracefulpolicies.graceful.dev", "deploymentprotections.graceful.dev");
  }

  @Test
  void whatIsNotNeededIsNotGiven() {
    Map<String, Set<String>> given = given();

    assertThat(NOT_NEEDED)
        .allSatisfy(
            entry ->
                assertThat(given.getOrDefault(entry.resource(), Set.of()))
                    .as("%s: %s", entry.resource(), entry.because())
                    .doesNotContainAnyElementsOf(entry.verbs()));
  }

  @Test
  void portsAndProbesAreTheSame() {
    Container ours = chart.container();
    Container theirs = generated.container();

    assertThat(ours.getPorts())
        .extracting(ContainerPort::getName, ContainerPort::getContainerPort)
        .containsExactlyElementsOf(
            theirs.getPorts().stream()
                .map(port -> tuple(port.getName(), port.getContainerPort()))
                .toList());
    assertSameProbe(ours, ours.getStartupProbe(), theirs, theirs.getStartupProbe());
    assertSameProbe(ours, ours.getLivenessProbe(), theirs, theirs.getLivenessProbe());
    assertSameProbe(ours, ours.getReadinessProbe(), theirs, theirs.getReadinessProbe());
  }

  /** What the operator's account gets; the roles for people are none of its business. */
  private Map<String, Set<String>> given() {
    return Manifest.verbs(
        Stream.concat(
            chart.clusterRole("graceful-operator").getRules().stream(),
            chart.only(Role.class).getRules().stream()));
  }

  private static boolean isNotNeeded(String resource, String verb) {
    return NOT_NEEDED.stream()
        .anyMatch(entry -> entry.resource().equals(resource) && entry.verbs().contains(verb));
  }

  private static void assertSameProbe(
      Container ours, Probe probe, Container theirs, Probe generatedProbe) {
    assertThat(probe.getHttpGet().getPath()).isEqualTo(generatedProbe.getHttpGet().getPath());
    assertThat(port(ours, probe)).isEqualTo(port(theirs, generatedProbe));
  }

  /** The number of the port, which a probe may call by its name. */
  private static int port(Container container, Probe probe) {
    var port = probe.getHttpGet().getPort();
    if (port.getIntVal() != null) {
      return port.getIntVal();
    }
    return container.getPorts().stream()
        .filter(candidate -> candidate.getName().equals(port.getStrVal()))
        .mapToInt(ContainerPort::getContainerPort)
        .findFirst()
        .orElseThrow(() -> new AssertionError("no port " + port.getStrVal()));
  }
}

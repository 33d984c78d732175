package dev.graceful.chart;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where the admission policies come along; what they do is tried on a real API server. */
class ChartAdmissionTest {

  private static final String[] SERVED = {"--api-versions", Helm.MUTATING_ADMISSION_POLICY};

  @Test
  void theyAreLeftOutWhereTheClusterDoesNotServeThem() {
    Manifest manifest = Helm.template();

    assertThat(policies(manifest)).isEmpty();
    assertThat(appliesAtAdmission(manifest)).isFalse();
  }

  @Test
  void theyComeWithTheirBindingsWhereItDoes() {
    Manifest manifest = Helm.template(SERVED);

    assertThat(policies(manifest))
        .containsExactlyInAnyOrder(
            "MutatingAdmissionPolicy graceful-operator-at-creation",
            "MutatingAdmissionPolicyBinding graceful-operator-at-creation",
            "MutatingAdmissionPolicy graceful-operator-on-rollout",
            "MutatingAdmissionPolicyBinding graceful-operator-on-rollout");
    assertThat(appliesAtAdmission(manifest)).isTrue();
  }

  @Test
  void theyCanBeSwitchedOff() {
    Manifest manifest = Helm.template(SERVED[0], SERVED[1], "--set", "admission.enabled=false");

    assertThat(policies(manifest)).isEmpty();
    assertThat(appliesAtAdmission(manifest)).isFalse();
  }

  @Test
  void theyNeverStandInAnOwnersWay() {
    List<String> policies =
        Helm.template(SERVED).documents().stream()
            .filter(document -> document.contains("kind: MutatingAdmissionPolicy\n"))
            .toList();

    assertThat(policies)
        .hasSize(2)
        .allSatisfy(policy -> assertThat(policy).contains("failurePolicy: Ignore\n"));
  }

  @Test
  void theOperatorsAccountIsTheOneThatItRunsAs() {
    Manifest manifest =
        Helm.template(
            SERVED[0], SERVED[1], "--set", "serviceAccount.name=other", "--namespace", "elsewhere");

    assertThat(manifest.documents())
        .filteredOn(document -> document.contains("kind: MutatingAdmissionPolicy\n"))
        .hasSize(2)
        .allSatisfy(
            policy -> assertThat(policy).contains("'system:serviceaccount:elsewhere:other'"));
  }

  /** The test in {@code e2e/admission} reads them. */
  @Test
  void theyAreWrittenDown() throws IOException {
    List<String> policies =
        Helm.template(SERVED).documents().stream()
            .filter(document -> document.contains("kind: MutatingAdmissionPolicy\n"))
            .toList();

    assertThat(policies).hasSize(2);
    Path folder = Files.createDirectories(Path.of("target", "admission"));
    Files.writeString(folder.resolve("policies.yaml"), String.join("\n---\n", policies));
  }

  private static List<String> policies(Manifest manifest) {
    return manifest.objects().stream()
        .filter(object -> object.getKind().startsWith("MutatingAdmissionPolicy"))
        .map(ChartAdmissionTest::kindAndName)
        .toList();
  }

  private static String kindAndName(HasMetadata object) {
    return object.getKind() + " " + object.getMetadata().getName();
  }

  private static boolean appliesAtAdmission(Manifest manifest) {
    return manifest.container().getEnv().stream()
        .anyMatch(
            variable ->
                variable.getName().equals("GRACEFUL_APPLY_AT_ADMISSION")
                    && "true".equals(variable.getValue()));
  }
}

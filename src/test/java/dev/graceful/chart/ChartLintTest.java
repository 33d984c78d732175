package dev.graceful.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The chart as a package. */
class ChartLintTest {

  @Test
  void helmFindsNothingToComplainAbout() {
    Helm.Answer answer = Helm.runWithImage("lint", "--strict", Helm.CHART.toString());

    assertThat(answer.code()).as(answer.out() + answer.errors()).isZero();
  }

  @Test
  void chartAndApplicationHaveTheVersionOfTheBuild() throws IOException {
    JsonNode chart =
        Manifest.YAML.unmarshal(Files.readString(Helm.CHART.resolve("Chart.yaml")), JsonNode.class);
    var version =
        Pattern.compile("<artifactId>graceful-operator</artifactId>\\s*<version>(.*)</version>")
            .matcher(Files.readString(Path.of("pom.xml")));

    assertThat(version.find()).isTrue();
    assertThat(chart.path("version").asText()).isEqualTo(version.group(1));
    assertThat(chart.path("appVersion").asText()).isEqualTo(version.group(1));
  }

  @Test
  void kubernetesWithoutTheSleepActionIsRefused() {
    Helm.Answer answer = Helm.tryTemplate("--kube-version", "1.29.9");

    assertThat(answer.code()).isNotZero();
    assertThat(answer.errors()).contains("requires kubeVersion: >=1.30.0-0");
  }

  @Test
  void theVersionsOfCloudProvidersAreTaken() {
    Helm.Answer answer = Helm.tryTemplate("--kube-version", "1.30.0-gke.100");

    assertThat(answer.code()).as(answer.errors()).isZero();
  }

  @Test
  void whoeverInstallsItIsToldWhatToDoNext() {
    Helm.Answer answer =
        Helm.runWithImage(
            "install", "graceful-operator", Helm.CHART.toString(), "--dry-run=client");

    assertThat(answer.code()).as(answer.errors()).isZero();
    String notes = answer.out().substring(answer.out().indexOf("NOTES:"));
    assertThat(notes.strip().lines()).hasSizeLessThanOrEqualTo(6);
    assertThat(notes)
        .contains("kubectl label deployment", "kind: GracefulPolicy")
        .contains("kubectl get gracefulpolicies,deploymentprotections,terminationreports");
  }
}

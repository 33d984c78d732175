package dev.graceful.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The CRDs come out of the chart as the build generated them. */
class ChartCrdTest {

  private static final Path SOURCE = Path.of("crds");
  private static final Path COPIES = Helm.CHART.resolve("files").resolve("crds");

  @Test
  void theChartHasExactCopies() {
    assertThat(files(SOURCE))
        .as("crds/ at the top of the repository")
        .containsOnlyKeys(
            "deploymentprotections.graceful.dev-v1.yml",
            "gracefulpolicies.graceful.dev-v1.yml",
            "terminationreports.graceful.dev-v1.yml");
    assertThat(files(COPIES))
        .as("the copies in the chart: run `make crds`")
        .isEqualTo(files(SOURCE));
  }

  @Test
  void theyAreRenderedWithNothingLostAndAreKept() {
    Manifest manifest = Helm.template();

    Map<String, JsonNode> rendered = new TreeMap<>();
    for (int i = 0; i < manifest.objects().size(); i++) {
      if (manifest.objects().get(i) instanceof CustomResourceDefinition crd) {
        assertThat(crd.getMetadata().getAnnotations())
            .containsEntry("helm.sh/resource-policy", "keep");
        rendered.put(crd.getMetadata().getName(), withoutMetadata(manifest.documents().get(i)));
      }
    }

    Map<String, JsonNode> generated = new TreeMap<>();
    for (String text : files(SOURCE).values()) {
      var name =
          Manifest.YAML.unmarshal(text, CustomResourceDefinition.class).getMetadata().getName();
      generated.put(name, withoutMetadata(text));
    }
    assertThat(rendered).hasSize(3).containsOnlyKeys(generated.keySet());
    // Helm writes a round number without its decimal point: 0.0 comes out as 0.
    Comparator<JsonNode> byNumber =
        (one, other) ->
            one.isNumber() && other.isNumber()
                ? one.decimalValue().compareTo(other.decimalValue())
                : one.equals(other) ? 0 : 1;
    generated.forEach(
        (name, crd) ->
            assertThat(crd.equals(byNumber, rendered.get(name)))
                .as("%s is rendered as %s", crd, rendered.get(name))
                .isTrue());
  }

  @Test
  void theyAreNotWhereHelmWouldNeverUpgradeThem() {
    assertThat(Helm.CHART.resolve("crds")).doesNotExist();
  }

  private static JsonNode withoutMetadata(String text) {
    ObjectNode crd = Manifest.YAML.unmarshal(text, ObjectNode.class);
    assertThat(crd.remove("metadata")).isNotNull();
    return crd;
  }

  private static Map<String, String> files(Path folder) {
    if (!Files.isDirectory(folder)) {
      return Map.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      Map<String, String> contents = new TreeMap<>();
      for (Path file : files.toList()) {
        if (file.getFileName().toString().endsWith(".yml")) {
          contents.put(file.getFileName().toString(), Files.readString(file));
        }
      }
      return contents;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

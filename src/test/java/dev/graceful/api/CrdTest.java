package dev.graceful.api;

import static dev.graceful.api.CrdFiles.property;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CrdTest {

  @Test
  void committedFilesAreWhatTheBuildGenerates() throws IOException {
    Map<String, String> generated = CrdFiles.generate();

    assertThat(CrdFiles.texts(CrdFiles.COMMITTED))
        .as("crds/ differs from the API classes: run `make crds` and commit")
        .isEqualTo(generated);
  }

  @Test
  void everyFieldIsDescribedAndBounded() throws IOException {
    List<String> missing = new ArrayList<>();
    for (CustomResourceDefinition crd : crds()) {
      for (CustomResourceDefinitionVersion version : crd.getSpec().getVersions()) {
        JSONSchemaProps root = version.getSchema().getOpenAPIV3Schema();
        root.getProperties()
            .forEach(
                (name, schema) ->
                    check(crd.getSpec().getNames().getKind() + "." + name, schema, missing));
      }
    }

    assertThat(missing).isEmpty();
  }

  @Test
  void conditionsAreAMapByType() throws IOException {
    for (CustomResourceDefinition crd : crds()) {
      JSONSchemaProps root =
          crd.getSpec().getVersions().getFirst().getSchema().getOpenAPIV3Schema();
      JSONSchemaProps conditions = property(property(root, "status"), "conditions");
      assertThat(conditions.getXKubernetesListType()).isEqualTo("map");
      assertThat(conditions.getXKubernetesListMapKeys()).containsExactly("type");
    }
  }

  /** The API server refuses a CRD whose default its own schema refuses. */
  @ParameterizedTest
  @CsvSource({
    "GracefulPolicy, Accepted Programmed TerminationsGraceful Ready",
    "DeploymentProtection, Programmed TerminationsGraceful Ready"
  })
  void whatTheOperatorHasNotSeenYetIsPending(String kind, String types) throws IOException {
    JSONSchemaProps status = property(root(kind), "status");
    JSONSchemaProps condition = property(status, "conditions").getItems().getSchema();

    JsonNode conditions = status.getDefault().path("conditions");

    assertThat(conditions)
        .extracting(c -> c.path("type").asText())
        .containsExactly(types.split(" "));
    assertThat(conditions)
        .allSatisfy(
            c -> {
              assertThat(c.path("status").asText()).isEqualTo("Unknown");
              assertThat(c.path("reason").asText()).isEqualTo("Pending");
              assertThat(Instant.parse(c.path("lastTransitionTime").asText()))
                  .isEqualTo(Instant.EPOCH);
              assertThat(c.fieldNames())
                  .toIterable()
                  .as("neither more nor less than the schema requires")
                  .containsExactlyInAnyOrderElementsOf(condition.getRequired());
              condition
                  .getRequired()
                  .forEach(field -> isWithin(property(condition, field), c.get(field).asText()));
            });
  }

  private static void isWithin(JSONSchemaProps schema, String value) {
    if (!schema.getEnum().isEmpty()) {
      assertThat(schema.getEnum()).extracting(JsonNode::asText).contains(value);
      return;
    }
    assertThat(value).hasSizeLessThanOrEqualTo(schema.getMaxLength().intValue());
    if (schema.getPattern() != null) {
      assertThat(value).matches(schema.getPattern());
    }
  }

  @Test
  void columnsOfAPolicyAreInTheOrderThatPeopleRead() throws IOException {
    CustomResourceDefinition policy =
        crds().stream()
            .filter(crd -> crd.getSpec().getNames().getKind().equals("GracefulPolicy"))
            .findFirst()
            .orElseThrow();

    assertThat(policy.getSpec().getVersions().getFirst().getAdditionalPrinterColumns())
        .extracting(CustomResourceColumnDefinition::getName)
        .containsExactly("Apply", "Matched", "Programmed", "State", "Graceful", "Ready", "Age");
  }

  /** Whoever writes no more than a selector must not have anything restarted. */
  @Test
  void byDefaultAPolicyWaitsForOwners() throws IOException {
    JSONSchemaProps spec = property(root("GracefulPolicy"), "spec");

    assertThat(property(spec, "apply").getDefault().asText()).isEqualTo("OnRollout");
    assertThat(property(spec, "apply").getEnum())
        .extracting(JsonNode::asText)
        .containsExactlyInAnyOrder("Never", "OnRollout", "Immediately");
    assertThat(spec.getRequired()).containsExactly("selector");
  }

  /** The API server's budget for expressions is reckoned with this bound. */
  @Test
  void aProtectionKeepsThreeEarlierDecisions() throws IOException {
    JSONSchemaProps spec = property(root("DeploymentProtection"), "spec");

    assertThat(property(spec, "earlier").getMaxItems()).isEqualTo(3);
  }

  private static JSONSchemaProps root(String kind) throws IOException {
    return crds().stream()
        .filter(crd -> crd.getSpec().getNames().getKind().equals(kind))
        .findFirst()
        .orElseThrow()
        .getSpec()
        .getVersions()
        .getFirst()
        .getSchema()
        .getOpenAPIV3Schema();
  }

  private static List<CustomResourceDefinition> crds() throws IOException {
    return CrdFiles.texts(CrdFiles.COMMITTED).values().stream()
        .map(text -> Serialization.unmarshal(text, CustomResourceDefinition.class))
        .toList();
  }

  private static void check(String path, JSONSchemaProps schema, List<String> missing) {
    if (schema.getDescription() == null || schema.getDescription().isBlank()) {
      missing.add(path + ": no description");
    }
    switch (schema.getType()) {
      case null ->
          assertThat(schema.getXKubernetesIntOrString()).as(path + " without a type").isTrue();
      case "string" -> {
        boolean bounded =
            schema.getMaxLength() != null
                || (schema.getEnum() != null && !schema.getEnum().isEmpty());
        if (!bounded) {
          missing.add(path + ": no maxLength and no enum");
        }
      }
      case "array" -> {
        if (schema.getMaxItems() == null) {
          missing.add(path + ": no maxItems");
        }
        JSONSchemaProps items = schema.getItems().getSchema();
        if (items.getProperties() != null) {
          items
              .getProperties()
              .forEach((name, field) -> check(path + "[]." + name, field, missing));
        }
      }
      case "object" -> {
        if (schema.getProperties() != null) {
          schema.getProperties().forEach((name, field) -> check(path + "." + name, field, missing));
        }
      }
      default -> {}
    }
  }
}

package dev.graceful.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graceful.api.v1alpha1.Condition;
import dev.graceful.api.v1alpha1.DeploymentProtection;
import dev.graceful.api.v1alpha1.GracefulPolicy;
import dev.graceful.api.v1alpha1.TerminationReport;
import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.crdv2.generator.CRDPostProcessor;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Generates the CRD files from the classes of the API, with what the generator has no words for.
 */
final class CrdFiles {

  /** The committed files. */
  static final Path COMMITTED = Path.of("crds");

  /** Where the build puts what it generates. */
  static final Path GENERATED = Path.of("target", "crds");

  /** Columns in the order in which people read them. */
  private static final List<String> COLUMNS =
      List.of(
          "Policy",
          "Apply",
          "Matched",
          "Deployment",
          "Revision",
          "Sleep",
          "Grace",
          "Terminations",
          "Programmed",
          "State",
          "Graceful",
          "Reason",
          "Margin-ms",
          "Ready",
          "Age");

  /**
   * What the operator always writes, and so replaces: what it leaves out of its apply would stay.
   */
  private static final Map<String, List<String>> CONDITIONS =
      Map.of(
          "GracefulPolicy", List.of("Accepted", "Programmed", "TerminationsGraceful", "Ready"),
          "DeploymentProtection", List.of("Programmed", "TerminationsGraceful", "Ready"));

  private CrdFiles() {}

  /** Writes all files to {@link #GENERATED} and returns their texts by file name. */
  static Map<String, String> generate() throws IOException {
    Files.createDirectories(GENERATED);
    new CRDGenerator()
        .customResourceClasses(
            GracefulPolicy.class, DeploymentProtection.class, TerminationReport.class)
        .forCRDVersions("v1")
        .withPostProcessor(
            new CRDPostProcessor() {
              @Override
              public HasMetadata process(HasMetadata crd, String crdSpecVersion) {
                return complete(crd);
              }
            })
        .inOutputDir(GENERATED.toFile())
        .detailedGenerate();
    return texts(GENERATED);
  }

  /** The texts of a folder's files by name. */
  static Map<String, String> texts(Path folder) throws IOException {
    Map<String, String> texts = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        texts.put(file.getFileName().toString(), Files.readString(file));
      }
    }
    return texts;
  }

  /** A field that must be in the schema. */
  static JSONSchemaProps property(JSONSchemaProps schema, String name) {
    return Objects.requireNonNull(schema.getProperties().get(name), name);
  }

  private static HasMetadata complete(HasMetadata object) {
    var crd = (CustomResourceDefinition) object;
    for (CustomResourceDefinitionVersion version : crd.getSpec().getVersions()) {
      version
          .getAdditionalPrinterColumns()
          .sort(
              Comparator.comparingInt(
                  (CustomResourceColumnDefinition column) -> COLUMNS.indexOf(column.getName())));
      JSONSchemaProps root = version.getSchema().getOpenAPIV3Schema();
      root.setDescription(
          switch (crd.getSpec().getNames().getKind()) {
            case "GracefulPolicy" ->
                "Selects Deployments of its own namespace, says how their pods are to be ended, and"
                    + " has every termination of them judged.";
            case "DeploymentProtection" ->
                "The ledger of one Deployment that a GracefulPolicy governs. Written by the"
                    + " operator.";
            case "TerminationReport" ->
                "How the pods of one revision of a Deployment were ended. Written by the operator.";
            default ->
                throw new IllegalStateException("no description for " + crd.getFullResourceName());
          });
      JSONSchemaProps spec = property(root, "spec");
      spec.setDescription("What is wanted, or decided.");
      root.setRequired(List.of("spec"));
      property(root, "status").setDescription("What was observed.");
      List<String> conditions = CONDITIONS.get(crd.getSpec().getNames().getKind());
      if (conditions != null) {
        property(root, "status").setDefault(pending(conditions));
      }
      root.getProperties().values().forEach(CrdFiles::complete);
      labelSelector(spec);
    }
    return crd;
  }

  /** The status of an object that the operator has not seen yet, so that tools wait for it. */
  private static JsonNode pending(List<String> conditions) {
    return new ObjectMapper()
        .valueToTree(
            Map.of(
                "conditions",
                conditions.stream()
                    .map(
                        type ->
                            new Condition(
                                type,
                                Condition.Status.Unknown,
                                "Pending",
                                "The operator has not seen it yet. If this stays, see whether the"
                                    + " operator runs, and what it logs.",
                                "1970-01-01T00:00:00Z",
                                null))
                    .toList()));
  }

  /** Bounds, formats and list types, which the generator cannot be told by annotation. */
  private static void complete(JSONSchemaProps schema) {
    if ("integer".equals(schema.getType())) {
      schema.setFormat("int64");
    }
    if ("array".equals(schema.getType())) {
      boolean conditions =
          schema.getItems().getSchema().getProperties() != null
              && schema.getItems().getSchema().getProperties().containsKey("lastTransitionTime");
      schema.setXKubernetesListType(conditions ? "map" : "atomic");
      if (conditions) {
        schema.setXKubernetesListMapKeys(List.of("type"));
      }
      complete(schema.getItems().getSchema());
      if ("string".equals(schema.getItems().getSchema().getType())
          && schema.getItems().getSchema().getMaxLength() == null) {
        schema.getItems().getSchema().setMaxLength(253L);
      }
    }
    if (schema.getProperties() != null) {
      JSONSchemaProps time = schema.getProperties().get("lastTransitionTime");
      if (time != null) {
        time.setFormat("date-time");
      }
      schema.getProperties().values().forEach(CrdFiles::complete);
    }
  }

  private static void labelSelector(JSONSchemaProps spec) {
    JSONSchemaProps selector = spec.getProperties().get("selector");
    if (selector == null) {
      return;
    }
    selector.setXKubernetesMapType("atomic");
    JSONSchemaProps labels = property(selector, "matchLabels");
    labels.setMaxProperties(32L);
    labels.getAdditionalProperties().getSchema().setMaxLength(63L);
    labels
        .getAdditionalProperties()
        .getSchema()
        .setPattern("^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$");
  }
}

package dev.graceful.template;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graceful.api.v1alpha1.Apply;
import dev.graceful.api.v1alpha1.Before;
import dev.graceful.api.v1alpha1.Decision;
import dev.graceful.api.v1alpha1.DeploymentProtectionSpec;
import dev.graceful.api.v1alpha1.PolicyRef;
import dev.graceful.template.PlannerTest.Case;
import dev.graceful.template.Shaping.Pending;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Writes down what the operator makes of each Deployment of {@code template/}, for the test in
 * {@code e2e/admission}: in an owner's write of that Deployment, the chart's admission policy has
 * to make the same of it.
 */
class AdmissionCasesTest {

  private static final Path FILE = Path.of("target", "admission", "cases.jsonl");
  private static final ObjectMapper JSON =
      new ObjectMapper().setDefaultPropertyInclusion(JsonInclude.Include.NON_NULL);

  @Test
  void areWrittenDown() throws IOException, URISyntaxException {
    // when
    Set<String> lines = new LinkedHashSet<>();
    for (Path file : PlannerTest.cases()) {
      // The story itself comes first, under the name of its file.
      Set<String> ofStory = new LinkedHashSet<>();
      for (Case given : PlannerTest.withOtherWishes(PlannerTest.read(file))) {
        ofStory.add(line(given));
      }
      lines.addAll(numbered(ofStory));
    }

    // then
    assertThat(lines).hasSizeGreaterThan(150);
    Files.createDirectories(FILE.getParent());
    Files.write(FILE, lines);
  }

  private static List<String> numbered(Set<String> ofStory) throws IOException {
    List<String> lines = new ArrayList<>();
    for (String line : ofStory) {
      ObjectNode node = (ObjectNode) JSON.readTree(line);
      if (!lines.isEmpty()) {
        node.put("name", node.path("name").asText() + "/" + lines.size());
      }
      lines.add(node.toString());
    }
    return lines;
  }

  private static String line(Case given) {
    Shaping shaping = given.shape();
    ObjectNode node = JSON.createObjectNode();
    node.put("name", given.name());
    node.set("oldObject", beforeTheOwnersWrite(given));
    node.set("object", given.template().deployment());
    node.set("params", protection(given, shaping));
    node.set("expected", byThePolicy(given, shaping));
    return node.toString();
  }

  /** What the operator makes of it, but where the policy cannot see what the operator sees. */
  private static JsonNode byThePolicy(Case given, Shaping shaping) {
    if (given.before() != null && given.expected().policyKeepsBefore() != null) {
      return given.before().deployment();
    }
    Template written =
        shaping instanceof Pending pending
            ? given.template().with(pending.change())
            : given.template();
    JsonNode result = written.deployment().deepCopy();
    allAlikeWhereNew(given, shaping, result);
    Set<String> left =
        Set.copyOf(Objects.requireNonNullElse(given.expected().policyLeaves(), List.<String>of()));
    for (JsonNode each : result.at("/spec/template/spec/containers")) {
      ObjectNode container = (ObjectNode) each;
      ObjectNode before = given.template().container(container.path("name").asText());
      if (left.contains(container.path("name").asText())) {
        keep(container, before, "lifecycle");
        keep(container, before, "readinessProbe");
      }
      if (isNowhereSeen(given, shaping) && !container.at("/lifecycle").has("preStop")) {
        // The operator leaves a container that is new while no pod is exposed. The policy knows
        // no EndpointSlices: for it a container without a hook is one that would end too soon.
        Template.lifecycle(container)
            .putObject("preStop")
            .putObject("sleep")
            .put("seconds", Objects.requireNonNull(shaping.decision()).sleepSeconds());
      }
    }
    return result;
  }

  /**
   * The policy does not know which port a Service sends clients to: a container that the owner adds
   * sleeps as those that serve, until the operator has decided on it.
   */
  private static void allAlikeWhereNew(Case given, Shaping shaping, JsonNode result) {
    Decision recorded = given.recorded().decision();
    Decision decision = shaping.decision();
    if (recorded == null || decision == null || decision.helpers() == null || !isAnyNew(given)) {
      return;
    }
    for (JsonNode each : result.at("/spec/template/spec/containers")) {
      String name = each.path("name").asText();
      if (decision.helpers().containers().contains(name) && !recorded.containers().contains(name)) {
        ((ObjectNode) each.at("/lifecycle/preStop/sleep")).put("seconds", decision.sleepSeconds());
      }
    }
    if (recorded.helpers() == null) {
      ((ObjectNode) result.at("/spec/template/spec"))
          .put("terminationGracePeriodSeconds", recorded.terminationGracePeriodSeconds());
    }
  }

  private static boolean isAnyNew(Case given) {
    return given.before() != null
        && given.before().containers().size() < given.template().containers().size();
  }

  private static boolean isNowhereSeen(Case given, Shaping shaping) {
    Decision decision = shaping.decision();
    return decision != null
        && decision.sleepSeconds() > 0
        && !decision.containers().isEmpty()
        && !given.expected().ports().exposed();
  }

  private static void keep(ObjectNode container, ObjectNode before, String field) {
    if (before.has(field)) {
      container.set(field, before.get(field));
    } else if (!field.equals("lifecycle")) {
      container.remove(field);
    }
  }

  /** Without one in the story, the owner changes what is none of the operator's business. */
  private static JsonNode beforeTheOwnersWrite(Case given) {
    if (given.before() != null) {
      return given.before().deployment();
    }
    JsonNode copy = given.template().deployment().deepCopy();
    ((ObjectNode) copy.at("/spec/template/metadata/labels")).put("changed-by-the-owner", "not-yet");
    return copy;
  }

  private static JsonNode protection(Case given, Shaping shaping) {
    Ledger ledger = given.ledger();
    Before before =
        shaping.decision() == null && ledger.before() == null
            ? null
            : ledger.beforeWriting(given.template().facts());
    // What is recorded when the owner writes is of the template before that.
    Ledger next =
        given.before() == null ? ledger.deciding(shaping.decision(), before) : given.recorded();
    var spec =
        new DeploymentProtectionSpec(
            new PolicyRef("web", "p-1"),
            apply(given),
            true,
            next.decision(),
            next.earlier().isEmpty() ? null : next.earlier(),
            next.before());
    JsonNode metadata = given.template().deployment().path("metadata");
    ObjectNode protection = JSON.createObjectNode();
    protection.put("apiVersion", "graceful.dev/v1alpha1").put("kind", "DeploymentProtection");
    ObjectNode itsMetadata = protection.putObject("metadata");
    itsMetadata.set("namespace", metadata.path("namespace"));
    itsMetadata.set("name", metadata.path("name"));
    itsMetadata
        .putArray("ownerReferences")
        .addObject()
        .put("apiVersion", "apps/v1")
        .put("kind", "Deployment")
        .put("name", metadata.path("name").asText())
        .put("uid", metadata.path("uid").asText());
    protection.set("spec", JSON.valueToTree(spec));
    return protection;
  }

  /** What is decided does not depend on whether it is written at once or with the owner. */
  private static Apply apply(Case given) {
    @Nullable ShutdownGoal wish = given.wish();
    return wish != null && wish.apply() == Apply.Never ? Apply.Never : Apply.OnRollout;
  }
}

package dev.graceful.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.graceful.api.v1alpha1.GracefulPolicy;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A wrong policy is refused when it is written, and whoever writes it is told which field it is.
 */
@ExtendWith(OperatorExtension.class)
final class PolicyValidationIT {

  private static final String NAMESPACE = "e2e-validation";
  private static final String VALID = "{selector: {matchLabels: {tier: web}}, apply: Never}";

  private final Suite suite;

  PolicyValidationIT(Suite suite) {
    this.suite = suite;
  }

  @BeforeAll
  static void createNamespace(Suite suite) {
    suite.cluster().createNamespace(NAMESPACE);
  }

  @BeforeEach
  void deletePolicies() {
    policies().forEach(policy -> suite.cluster().client().resource(policy).delete());
  }

  static Stream<Arguments> wrongSpecs() {
    return Stream.of(
        arguments("{}", "spec.selector"),
        arguments("{}", "spec.apply"),
        arguments("{apply: Never}", "spec.selector"),
        arguments("{selector: {}}", "spec.apply"),
        arguments("{selector: {}, apply: Sometimes}", "spec.apply"),
        arguments("{selector: {}, apply: OnRollout}", "spec.apply"),
        arguments(
            "{selector: {}, apply: Never, propagationSeconds: -1}", "spec.propagationSeconds"),
        arguments(
            "{selector: {}, apply: Never, propagationSeconds: 301}", "spec.propagationSeconds"),
        arguments(
            "{selector: {}, apply: Never, propagationSeconds: soon}", "spec.propagationSeconds"),
        arguments(
            "{selector: {}, apply: Never, propagationSeconds: 1.5}", "spec.propagationSeconds"),
        arguments("{selector: {}, apply: Never, drainSeconds: -5}", "spec.drainSeconds"),
        arguments("{selector: {}, apply: Never, drainSeconds: 0}", "spec.drainSeconds"),
        arguments("{selector: {}, apply: Never, drainSeconds: 3601}", "spec.drainSeconds"),
        arguments("{selector: {}, apply: Never, verify: {mode: Guess}}", "spec.verify.mode"),
        arguments("{selector: {}, apply: Never, propagationSecond: 5}", "spec.propagationSecond"),
        arguments("{selector: {}, apply: Never, verify: {exec: {}}}", "spec.verify.exec"),
        arguments(
            "{selector: {matchLabel: {tier: web}}, apply: Never}", "spec.selector.matchLabel"),
        arguments(
            "{selector: {matchLabels: {tier: 'not a value!'}}, apply: Never}",
            "spec.selector.matchLabels"),
        arguments(
            "{selector: {matchExpressions: [{operator: Exists}]}, apply: Never}",
            "spec.selector.matchExpressions[0].key"),
        arguments(
            "{selector: {matchExpressions: [{key: tier}]}, apply: Never}",
            "spec.selector.matchExpressions[0].operator"),
        arguments(
            "{selector: {matchExpressions: [{key: tier, operator: Like, values: [web]}]}, apply: Never}",
            "spec.selector.matchExpressions[0].operator"),
        arguments(
            "{selector: {matchExpressions: [{key: tier, operator: In}]}, apply: Never}",
            "spec.selector.matchExpressions[0].values"),
        arguments(
            "{selector: {matchExpressions: [{key: tier, operator: NotIn, values: []}]}, apply: Never}",
            "spec.selector.matchExpressions[0].values"),
        arguments(
            "{selector: {matchExpressions: [{key: tier, operator: Exists, values: [web]}]}, apply: Never}",
            "spec.selector.matchExpressions[0].values"));
  }

  @ParameterizedTest(name = "{1}: {0}")
  @MethodSource("wrongSpecs")
  void isRefusedWithTheFieldsName(String spec, String field) {
    assertThatThrownBy(() -> apply("spec: " + spec)).hasMessageContaining(field);
    assertThat(policies()).isEmpty();
  }

  @Test
  void policyWithoutSpecIsRefused() {
    assertThatThrownBy(() -> apply("")).hasMessageContaining("spec");
    assertThat(policies()).isEmpty();
  }

  @Test
  void policyThatStandsIsNotChangedByWrongOne() {
    apply("spec: " + VALID);
    GracefulPolicy before = policies().getFirst();

    assertThatThrownBy(
            () -> apply("spec: {selector: {}, apply: Immediately, propagationSeconds: 1000}"))
        .hasMessageContaining("spec.propagationSeconds");

    GracefulPolicy after = policies().getFirst();
    assertThat(after.getSpec()).isEqualTo(before.getSpec());
    assertThat(after.getMetadata().getGeneration()).isEqualTo(before.getMetadata().getGeneration());
  }

  private List<GracefulPolicy> policies() {
    return suite
        .cluster()
        .client()
        .resources(GracefulPolicy.class)
        .inNamespace(NAMESPACE)
        .list()
        .getItems();
  }

  private static void apply(String spec) {
    CommandLine.run(
        List.of("kubectl", "apply", "-n", NAMESPACE, "-f", "-"),
        """
        apiVersion: graceful.dev/v1alpha1
        kind: GracefulPolicy
        metadata: {name: web}
        %s
        """
            .formatted(spec));
  }
}

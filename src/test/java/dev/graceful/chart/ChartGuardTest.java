package dev.graceful.chart;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.admissionregistration.v1.MatchCondition;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.NamedRuleWithOperations;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingAdmissionPolicy;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingAdmissionPolicyBinding;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.Validation;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The admission policies as objects; {@link GuardIT} shows what they do. */
class ChartGuardTest {

  private final Manifest manifest = Helm.template();

  @Test
  void eachPolicyIsBoundAndDenies() {
    assertThat(names(manifest))
        .containsExactlyInAnyOrder(
            "graceful-operator-policy-writers",
            "graceful-operator-records",
            "graceful-operator-operator-writes");
    assertThat(manifest.all(ValidatingAdmissionPolicyBinding.class))
        .allSatisfy(
            binding -> {
              assertThat(binding.getSpec().getPolicyName())
                  .isEqualTo(binding.getMetadata().getName());
              assertThat(binding.getSpec().getValidationActions()).containsExactly("Deny");
              // Everywhere, and for all objects.
              assertThat(binding.getSpec().getMatchResources()).isNull();
            })
        .extracting(binding -> binding.getSpec().getPolicyName())
        .containsExactlyInAnyOrderElementsOf(names(manifest));
    assertThat(manifest.all(ValidatingAdmissionPolicy.class))
        .extracting(policy -> policy.getSpec().getFailurePolicy())
        .containsOnly("Fail");
  }

  @Test
  void whatIsOursCanAlwaysBeDeleted() {
    assertThat(
            manifest.all(ValidatingAdmissionPolicy.class).stream()
                .flatMap(
                    policy -> policy.getSpec().getMatchConstraints().getResourceRules().stream())
                .filter(rule -> rule.getApiGroups().contains("graceful.dev")))
        .hasSize(2)
        .extracting(NamedRuleWithOperations::getOperations)
        .containsOnly(List.of("CREATE", "UPDATE"));
  }

  @Test
  void everyRefusalIsSaidInOneLine() {
    assertThat(
            manifest.all(ValidatingAdmissionPolicy.class).stream()
                .flatMap(policy -> policy.getSpec().getValidations().stream()))
        .isNotEmpty()
        .extracting(Validation::getMessage)
        .allSatisfy(message -> assertThat(message).isNotBlank().doesNotContain("\n", "{{"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "crds.install=true                               | graceful-operator",
        "fullnameOverride=a                              | a",
        "fullnameOverride=a,serviceAccount.name=b        | b",
        "serviceAccount.create=false,serviceAccount.name=b | b",
      })
  void theOperatorIsKnownByItsAccount(String settings, String account) {
    Manifest changed = Helm.template("--set", settings);

    assertThat(changed.pod().getSpec().getServiceAccountName()).isEqualTo(account);
    assertThat(conditions(changed).filter(c -> c.getName().equals("it-is-the-operator")))
        .extracting(MatchCondition::getExpression)
        .containsExactly(
            "request.userInfo.username == 'system:serviceaccount:graceful-system:%s'"
                .formatted(account));
    assertThat(conditions(changed).filter(c -> c.getName().equals("it-is-not-the-operator")))
        .extracting(MatchCondition::getExpression)
        .containsExactly(
            "request.userInfo.username != 'system:serviceaccount:graceful-system:%s'"
                .formatted(account));
  }

  @Test
  void theirNamesFollowTheReleases() {
    assertThat(names(Helm.template("--set", "fullnameOverride=a")))
        .containsExactlyInAnyOrder("a-policy-writers", "a-records", "a-operator-writes");
  }

  private static List<String> names(Manifest manifest) {
    return manifest.all(ValidatingAdmissionPolicy.class).stream()
        .map(policy -> policy.getMetadata().getName())
        .toList();
  }

  private static Stream<MatchCondition> conditions(Manifest manifest) {
    return manifest.all(ValidatingAdmissionPolicy.class).stream()
        .flatMap(policy -> policy.getSpec().getMatchConditions().stream());
  }
}

package dev.graceful.template;

import static dev.graceful.api.v1alpha1.LabelSelectorRequirement.Operator.DoesNotExist;
import static dev.graceful.api.v1alpha1.LabelSelectorRequirement.Operator.Exists;
import static dev.graceful.api.v1alpha1.LabelSelectorRequirement.Operator.In;
import static dev.graceful.api.v1alpha1.LabelSelectorRequirement.Operator.NotIn;
import static org.assertj.core.api.Assertions.assertThat;

import dev.graceful.api.v1alpha1.Apply;
import dev.graceful.api.v1alpha1.GracefulPolicy;
import dev.graceful.api.v1alpha1.GracefulPolicySpec;
import dev.graceful.api.v1alpha1.LabelSelector;
import dev.graceful.api.v1alpha1.LabelSelectorRequirement;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SelectionTest {

  private static final LabelSelector ALL = new LabelSelector(null, null);
  private static final Map<String, String> WEB = Map.of("tier", "web", "app", "shop");

  @Test
  void anEmptySelectorMatchesAll() {
    assertThat(Selection.matches(ALL, WEB)).isTrue();
    assertThat(Selection.matches(ALL, Map.of())).isTrue();
    assertThat(Selection.matches(new LabelSelector(Map.of(), List.of()), Map.of())).isTrue();
  }

  @Test
  void kubectlCanBeAskedTheSame() {
    assertThat(Selection.query(ALL)).isEqualTo("graceful.dev/skip!=true");
    assertThat(
            Selection.query(
                new LabelSelector(
                    WEB,
                    List.of(
                        new LabelSelectorRequirement("a", In, List.of("b", "c")),
                        new LabelSelectorRequirement("d", NotIn, List.of("e")),
                        new LabelSelectorRequirement("f", Exists, null),
                        new LabelSelectorRequirement("g", DoesNotExist, List.of())))))
        .isEqualTo("app=shop,tier=web,a in (b,c),d notin (e),f,!g,graceful.dev/skip!=true");
  }

  @Test
  void allLabelsOfMatchLabelsMustBeThere() {
    assertThat(Selection.matches(labels(Map.of("tier", "web")), WEB)).isTrue();
    assertThat(Selection.matches(labels(WEB), WEB)).isTrue();
    assertThat(Selection.matches(labels(Map.of("tier", "db")), WEB)).isFalse();
    assertThat(Selection.matches(labels(Map.of("tier", "web", "app", "blog")), WEB)).isFalse();
    assertThat(Selection.matches(labels(Map.of("zone", "a")), WEB)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "In,           web, true",
    "In,           db,  false",
    "NotIn,        web, false",
    "NotIn,        db,  true",
    "Exists,       ,    true",
    "DoesNotExist, ,    false",
  })
  void aLabelThatIsThere(
      LabelSelectorRequirement.Operator operator, @Nullable String value, boolean matches) {
    // given
    var selector = requires("tier", operator, value);

    // when
    boolean matched = Selection.matches(selector, WEB);

    // then
    assertThat(matched).isEqualTo(matches);
  }

  @ParameterizedTest
  @CsvSource({
    "In,           web, false",
    "NotIn,        web, true",
    "Exists,       ,    false",
    "DoesNotExist, ,    true",
  })
  void aLabelThatIsMissing(
      LabelSelectorRequirement.Operator operator, @Nullable String value, boolean matches) {
    // given
    var selector = requires("zone", operator, value);

    // when
    boolean matched = Selection.matches(selector, WEB);

    // then
    assertThat(matched).isEqualTo(matches);
  }

  @Test
  void bothPartsAndAllRequirementsMustHold() {
    // given
    var holds = new LabelSelectorRequirement("tier", In, List.of("api", "web"));
    var fails = new LabelSelectorRequirement("app", DoesNotExist, null);

    // when, then
    assertThat(Selection.matches(new LabelSelector(Map.of("app", "shop"), List.of(holds)), WEB))
        .isTrue();
    assertThat(Selection.matches(new LabelSelector(Map.of("app", "blog"), List.of(holds)), WEB))
        .isFalse();
    assertThat(Selection.matches(new LabelSelector(null, List.of(holds, fails)), WEB)).isFalse();
  }

  @Test
  void theOlderPolicyWins() {
    // given
    GracefulPolicy older = policy("zebra", "2026-01-01T09:59:59Z", ALL);
    GracefulPolicy younger = policy("ant", "2026-01-01T10:00:00Z", ALL);

    // when
    var governing = Selection.governing(WEB, List.of(younger, older));

    // then
    assertThat(governing).containsSame(older);
  }

  @Test
  void ofEquallyOldPoliciesTheFirstByNameWins() {
    // given
    GracefulPolicy ant = policy("ant", "2026-01-01T10:00:00Z", ALL);
    GracefulPolicy zebra = policy("zebra", "2026-01-01T10:00:00Z", ALL);

    // when
    var governing = Selection.governing(WEB, List.of(zebra, ant));

    // then
    assertThat(governing).containsSame(ant);
  }

  @Test
  void anOlderPolicyThatDoesNotSelectTheDeploymentDoesNotGovernIt() {
    // given
    GracefulPolicy older = policy("old", "2026-01-01T09:00:00Z", requires("tier", NotIn, "web"));
    GracefulPolicy younger = policy("new", "2026-01-01T10:00:00Z", requires("tier", Exists, null));

    // when
    var governing = Selection.governing(WEB, List.of(older, younger));

    // then
    assertThat(governing).containsSame(younger);
  }

  @Test
  void aPolicyOnItsWayOutGovernsNothing() {
    // given
    GracefulPolicy policy = policy("old", "2026-01-01T09:00:00Z", ALL);
    policy.getMetadata().setDeletionTimestamp("2026-01-02T09:00:00Z");

    // when
    var governing = Selection.governing(WEB, List.of(policy));

    // then
    assertThat(governing).isEmpty();
  }

  @Test
  void theSkipLabelOptsOut() {
    // given
    List<GracefulPolicy> policies = List.of(policy("all", "2026-01-01T09:00:00Z", ALL));

    // when, then
    assertThat(Selection.governing(Map.of("graceful.dev/skip", "true"), policies)).isEmpty();
    assertThat(Selection.governing(Map.of("graceful.dev/skip", "false"), policies)).isPresent();
    assertThat(Selection.governing(Map.of(), policies)).isPresent();
  }

  private static LabelSelector labels(Map<String, String> labels) {
    return new LabelSelector(labels, null);
  }

  private static LabelSelector requires(
      String key, LabelSelectorRequirement.Operator operator, @Nullable String value) {
    return new LabelSelector(
        null,
        List.of(
            new LabelSelectorRequirement(key, operator, value == null ? null : List.of(value))));
  }

  private static GracefulPolicy policy(String name, String created, LabelSelector selector) {
    var policy = new GracefulPolicy();
    policy.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace("shop")
            .withName(name)
            .withCreationTimestamp(created)
            .build());
    policy.setSpec(new GracefulPolicySpec(selector, Apply.Immediately, 5, 30, null, null));
    return policy;
  }
}

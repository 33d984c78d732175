package dev.graceful.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.graceful.facts.RouteKind;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Whoever takes over the operator must not get more than the operator needs. */
class ChartRbacTest {

  private static final Set<String> READING = Set.of("get", "list", "watch");

  private final Manifest manifest = Helm.template();

  @Test
  void theOperatorMayDoThisInEveryNamespace() {
    Map<String, Set<String>> verbs =
        Manifest.verbs(manifest.clusterRole("graceful-operator").getRules().stream());

    assertThat(verbs).containsAllEntriesOf(routes());
    verbs.keySet().removeAll(routes().keySet());
    assertThat(verbs)
        .containsOnly(
            entry("gracefulpolicies.graceful.dev", Set.of("get", "list", "watch")),
            entry("gracefulpolicies.graceful.dev/status", Set.of("patch")),
            entry(
                "deploymentprotections.graceful.dev",
                Set.of("get", "list", "watch", "create", "patch", "delete")),
            entry("deploymentprotections.graceful.dev/status", Set.of("patch")),
            entry("terminationreports.graceful.dev", Set.of("get", "list", "create", "delete")),
            entry("terminationreports.graceful.dev/status", Set.of("update")),
            entry("deployments.apps", Set.of("get", "list", "watch", "create", "patch")),
            entry("replicasets.apps", Set.of("list", "watch")),
            entry("pods", Set.of("list", "watch")),
            entry("endpointslices.discovery.k8s.io", Set.of("list", "watch")),
            entry("events", Set.of("list", "watch")),
            entry("services", Set.of("list", "watch")),
            entry("ingresses.networking.k8s.io", Set.of("list", "watch")),
            entry("events.events.k8s.io", Set.of("create")));
  }

  /** Read only, and all that are known. */
  private static Map<String, Set<String>> routes() {
    return RouteKind.ALL.stream()
        .collect(
            Collectors.toMap(
                kind -> kind.plural() + "." + kind.group(), kind -> Set.of("list", "watch")));
  }

  @Test
  void inItsOwnNamespaceItMayKeepItsLeaseAndNoOther() {
    Role role = manifest.only(Role.class);

    assertThat(role.getMetadata().getNamespace()).isEqualTo("graceful-system");
    assertThat(Manifest.verbs(role.getRules().stream()))
        .containsOnly(
            entry("leases.coordination.k8s.io", Set.of("create", "get", "update", "patch")));
    assertThat(role.getRules())
        .allSatisfy(
            rule ->
                assertThat(
                        rule.getVerbs().equals(List.of("create"))
                            || rule.getResourceNames().equals(List.of("graceful-operator")))
                    .as(rule.toString())
                    .isTrue());
  }

  @Test
  void bothRolesAreBoundToTheOperatorsOwnAccountAlone() {
    var cluster = manifest.only(ClusterRoleBinding.class);
    var own = manifest.only(RoleBinding.class);

    assertThat(cluster.getRoleRef().getName()).isEqualTo("graceful-operator");
    assertThat(own.getRoleRef().getKind()).isEqualTo("Role");
    assertThat(own.getRoleRef().getName()).isEqualTo("graceful-operator");
    assertThat(List.of(cluster.getSubjects(), own.getSubjects()))
        .allSatisfy(
            subjects ->
                assertThat(subjects)
                    .singleElement()
                    .satisfies(
                        subject -> {
                          assertThat(subject.getKind()).isEqualTo("ServiceAccount");
                          assertThat(subject.getName()).isEqualTo("graceful-operator");
                          assertThat(subject.getNamespace()).isEqualTo("graceful-system");
                        }));
  }

  @Test
  void editorsWritePoliciesAndNothingElse() {
    ClusterRole edit = manifest.clusterRole("graceful-operator-edit");

    assertThat(edit.getMetadata().getLabels())
        .containsEntry("rbac.authorization.k8s.io/aggregate-to-edit", "true")
        .containsEntry("rbac.authorization.k8s.io/aggregate-to-admin", "true")
        .doesNotContainKey("rbac.authorization.k8s.io/aggregate-to-view");
    assertThat(Manifest.verbs(edit.getRules().stream()))
        .containsOnly(
            entry(
                "gracefulpolicies.graceful.dev",
                Set.of(
                    "get",
                    "list",
                    "watch",
                    "create",
                    "update",
                    "patch",
                    "delete",
                    "deletecollection")));
  }

  @Test
  void viewersReadAllThreeKinds() {
    ClusterRole view = manifest.clusterRole("graceful-operator-view");

    assertThat(view.getMetadata().getLabels())
        .containsEntry("rbac.authorization.k8s.io/aggregate-to-view", "true")
        .doesNotContainKey("rbac.authorization.k8s.io/aggregate-to-edit");
    assertThat(Manifest.verbs(view.getRules().stream()))
        .containsOnly(
            entry("gracefulpolicies.graceful.dev", READING),
            entry("deploymentprotections.graceful.dev", READING),
            entry("terminationreports.graceful.dev", READING));
  }

  @Test
  void noRuleIsDangerous() {
    assertThat(manifest.rules())
        .isNotEmpty()
        .allSatisfy(
            rule -> {
              assertThat(rule.toString()).doesNotContain("*");
              assertThat(rule.getNonResourceURLs()).isEmpty();
              assertThat(rule.getResources())
                  .doesNotContain("secrets", "configmaps", "serviceaccounts/token", "nodes")
                  .noneMatch(resource -> resource.startsWith("pods/"));
              assertThat(rule.getVerbs()).doesNotContain("bind", "escalate", "impersonate");
              if (rule.getResources().contains("pods")) {
                assertThat(READING).containsAll(rule.getVerbs());
              }
              if (isWorkload(rule)) {
                assertThat(rule.getVerbs()).doesNotContain("update", "delete", "deletecollection");
              }
              if (rule.getVerbs().contains("create") && isWorkload(rule)) {
                // Held to dry runs by ChartGuardTest's policies.
                assertThat(rule.getResources()).containsExactly("deployments");
              }
            });
  }

  private static boolean isWorkload(PolicyRule rule) {
    return rule.getApiGroups().contains("apps");
  }
}

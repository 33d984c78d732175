package dev.graceful.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResource;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What each value changes, and what is refused. */
class ChartValuesTest {

  private static final String DIGEST = "sha256:" + "ab".repeat(32);

  /** One case at least for every value: setting, what it changes, from what, to what. */
  static Stream<Arguments> settings() {
    return Stream.of(
        change(
            "image.repository=a.example/b",
            ChartValuesTest::image,
            "registry.example/graceful-operator:0.1.0",
            "a.example/b:0.1.0"),
        change(
            "image.tag=1.2",
            ChartValuesTest::image,
            "registry.example/graceful-operator:0.1.0",
            "registry.example/graceful-operator:1.2"),
        change(
            "image.digest=" + DIGEST,
            ChartValuesTest::image,
            "registry.example/graceful-operator:0.1.0",
            "registry.example/graceful-operator@" + DIGEST),
        change(
            "image.pullPolicy=Always",
            m -> m.container().getImagePullPolicy(),
            "IfNotPresent",
            "Always"),
        change(
            "imagePullSecrets[0].name=a",
            m -> m.pod().getSpec().getImagePullSecrets().stream().map(r -> r.getName()).toList(),
            "[]",
            "[a]"),
        change("nameOverride=x", ChartValuesTest::name, "graceful-operator", "graceful-operator-x"),
        change("fullnameOverride=a", ChartValuesTest::name, "graceful-operator", "a"),
        change("replicas=2", m -> m.only(Deployment.class).getSpec().getReplicas(), "1", "2"),
        change("replicas=0", m -> m.only(Deployment.class).getSpec().getReplicas(), "1", "0"),
        change("crds.install=false", m -> m.all(CustomResourceDefinition.class).size(), "3", "0"),
        change(
            "serviceAccount.create=false,serviceAccount.name=b",
            m -> m.all(ServiceAccount.class).size(),
            "1",
            "0"),
        change(
            "serviceAccount.create=false,serviceAccount.name=b",
            ChartValuesTest::account,
            "graceful-operator",
            "b"),
        change("serviceAccount.name=a", ChartValuesTest::account, "graceful-operator", "a"),
        change("serviceAccount.name=a", ChartValuesTest::boundAccount, "graceful-operator", "a"),
        change(
            "serviceAccount.annotations.a=b",
            m -> m.only(ServiceAccount.class).getMetadata().getAnnotations(),
            "{}",
            "{a=b}"),
        change("logLevel=DEBUG", variable("QUARKUS_LOG_LEVEL"), "INFO", "DEBUG"),
        change("probe.mostAtOnce=7", variable("GRACEFUL_PROBE_MOST_AT_ONCE"), "200", "7"),
        change("probe.requestsPerPod=60", variable("GRACEFUL_PROBE_REQUESTS_PER_POD"), "150", "60"),
        change("apply.mostAtOnce=3", variable("GRACEFUL_APPLY_MOST_AT_ONCE"), "1", "3"),
        change(
            "admission.mostInNamespace=50",
            variable("GRACEFUL_APPLY_MOST_AT_ADMISSION"),
            "200",
            "50"),
        change("admission.enabled=false", variable("GRACEFUL_APPLY_AT_ADMISSION"), "true", "unset"),
        change("extraEnv[0].name=A,extraEnv[0].value=b", variable("A"), "unset", "b"),
        change(
            "resources.limits.memory=1Gi",
            m -> m.container().getResources().getLimits(),
            "{memory=384Mi}",
            "{memory=1Gi}"),
        change(
            "resources.requests.cpu=1",
            m -> m.container().getResources().getRequests(),
            "{cpu=50m, memory=192Mi}",
            "{cpu=1, memory=192Mi}"),
        change(
            "runAsUser=7",
            m -> m.pod().getSpec().getSecurityContext().getRunAsUser(),
            "10001",
            "7"),
        change(
            "runAsUser=null",
            m -> m.pod().getSpec().getSecurityContext().getRunAsUser(),
            "10001",
            "null"),
        change(
            "terminationGracePeriodSeconds=9",
            m -> m.pod().getSpec().getTerminationGracePeriodSeconds(),
            "30",
            "9"),
        change("podAnnotations.a=b", m -> m.pod().getMetadata().getAnnotations(), "{}", "{a=b}"),
        change("podLabels.a=b", m -> m.pod().getMetadata().getLabels().get("a"), "null", "b"),
        change("nodeSelector.a=b", m -> m.pod().getSpec().getNodeSelector(), "{}", "{a=b}"),
        change(
            "tolerations[0].key=a",
            m -> m.pod().getSpec().getTolerations().stream().map(t -> t.getKey()).toList(),
            "[]",
            "[a]"),
        change(
            "affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].weight=3",
            m ->
                m.pod().getSpec().getAffinity() == null
                    ? "none"
                    : m.pod()
                        .getSpec()
                        .getAffinity()
                        .getPodAntiAffinity()
                        .getPreferredDuringSchedulingIgnoredDuringExecution()
                        .getFirst()
                        .getWeight(),
            "none",
            "3"),
        change("priorityClassName=a", m -> m.pod().getSpec().getPriorityClassName(), "null", "a"),
        change("metrics.serviceMonitor.enabled=true", m -> serviceMonitors(m).count(), "0", "1"),
        change(
            "metrics.serviceMonitor.interval=9s,metrics.serviceMonitor.enabled=true",
            m ->
                serviceMonitors(m)
                    .map(monitor -> monitor.<Object>get("spec", "endpoints", 0, "interval"))
                    .toList(),
            "[]",
            "[9s]"),
        change(
            "metrics.serviceMonitor.labels.a=b,metrics.serviceMonitor.enabled=true",
            m ->
                serviceMonitors(m)
                    .map(monitor -> monitor.getMetadata().getLabels().get("a"))
                    .toList(),
            "[]",
            "[b]"),
        change("networkPolicy.enabled=true", m -> m.all(NetworkPolicy.class).size(), "0", "1"),
        change(
            "networkPolicy.from[0].podSelector.matchLabels.a=b,networkPolicy.enabled=true",
            m ->
                m.all(NetworkPolicy.class).stream()
                    .flatMap(p -> p.getSpec().getIngress().stream())
                    .flatMap(r -> r.getFrom().stream())
                    .map(p -> p.getPodSelector().getMatchLabels())
                    .toList(),
            "[]",
            "[{a=b}]"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("settings")
  void eachValueChangesWhatItSays(
      String setting, Function<Manifest, Object> reading, String before, String after) {
    var cluster = new String[] {"--api-versions", Helm.MUTATING_ADMISSION_POLICY};
    assertThat(String.valueOf(reading.apply(Helm.template(cluster)))).isEqualTo(before);
    assertThat(
            String.valueOf(reading.apply(Helm.template(cluster[0], cluster[1], "--set", setting))))
        .isEqualTo(after);
  }

  @Test
  void everyValueIsTriedDescribedAndBounded() throws IOException {
    String text = Files.readString(Helm.CHART.resolve("values.yaml"));
    Set<String> values = leaves("", Manifest.YAML.unmarshal(text, JsonNode.class));

    Set<String> tried =
        settings()
            .map(c -> ((String) c.get()[0]).replaceAll("[\\[=].*", ""))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(values).allMatch(v -> tried.stream().anyMatch(t -> (t + ".").startsWith(v + ".")));

    JsonNode schema =
        Manifest.YAML.unmarshal(
            Files.readString(Helm.CHART.resolve("values.schema.json")), JsonNode.class);
    assertThat(values)
        .allMatch(v -> schema.at("/properties/" + v.replace(".", "/properties/")).isObject());
    // Neither does the schema know a name that is none.
    Set<String> groups =
        values.stream().map(v -> v.replaceAll("\\..*", "")).collect(Collectors.toSet());
    groups.add("global");
    assertThat(schema.path("properties").fieldNames())
        .toIterable()
        .containsExactlyInAnyOrderElementsOf(groups);

    // A comment stands right above, or above its group's first line.
    String[] lines = text.split("\n", -1);
    for (int i = 0; i < lines.length; i++) {
      if (lines[i].matches("\\s*\\w+: .+")
          && !lines[i].contains("cpu:")
          && !lines[i].contains("memory:")) {
        assertThat(lines[i - 1].strip()).as("the line before '%s'", lines[i]).startsWith("#");
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "replicas=-1                          | /replicas",
        "replicas=6                           | /replicas",
        "replicas=many                        | /replicas",
        "replica=1                            | replica",
        "probe.mostAtOnce=0                   | /probe/mostAtOnce",
        "probe.mostAtOnce=1.5                 | /probe/mostAtOnce",
        "probe.requestsPerPod=29              | /probe/requestsPerPod",
        "apply.mostAtOnce=0                   | /apply/mostAtOnce",
        "admission.mostInNamespace=0          | /admission/mostInNamespace",
        "probe.most=1                         | most",
        "logLevel=LOUD                        | /logLevel",
        "image.pullPolicy=Sometimes           | /image/pullPolicy",
        "image.repository=a b                 | /image/repository",
        "image.digest=sha256:1                | /image/digest",
        "image.tag=a b                        | /image/tag",
        "imagePullSecrets[0]=a                | /imagePullSecrets/0",
        "crds.install=maybe                   | /crds/install",
        "serviceAccount.name=Some_Body        | /serviceAccount/name",
        "serviceAccount.annotations.a=1       | /serviceAccount/annotations/a",
        "runAsUser=0                          | /runAsUser",
        "terminationGracePeriodSeconds=0      | /terminationGracePeriodSeconds",
        "resources.limits.memory=lots         | /resources/limits/memory",
        "podLabels.a=no spaces                | /podLabels/a",
        "extraEnv[0].value=nameless           | /extraEnv/0",
        "tolerations[0].effect=No             | /tolerations/0/effect",
        "affinity.friends.a=b                 | friends",
        "metrics.serviceMonitor.interval=soon | /metrics/serviceMonitor/interval",
        "metrics.serviceMonitor.every=1m      | every",
        "networkPolicy.enabled=1              | /networkPolicy/enabled",
        "fullnameOverride=UPPER               | /fullnameOverride",
      })
  void aWrongValueIsRefusedByName(String setting, String named) {
    Helm.Answer answer = Helm.tryTemplate("--set", setting);

    assertThat(answer.code()).isNotZero();
    assertThat(answer.errors()).contains("schema").contains("'" + named + "'");
  }

  @Test
  void withoutAnImageItSaysHowToGetOne() {
    Helm.Answer answer = Helm.run(List.of("template", "graceful-operator", Helm.CHART.toString()));

    assertThat(answer.code()).isNotZero();
    assertThat(answer.errors())
        .contains("image.repository is not set")
        .contains("'make image'")
        .contains("'docker build -t localhost/graceful-operator:0.1.0 .'")
        .contains("--set image.repository=");
  }

  /** Else every pod of the namespace had the operator's rights. */
  @Test
  void theAccountOfAllPodsIsNotTheOperators() {
    Helm.Answer answer = Helm.tryTemplate("--set", "serviceAccount.create=false");

    assertThat(answer.code()).isNotZero();
    assertThat(answer.errors()).contains("serviceAccount.name is not set");
  }

  @Test
  void aParentChartMayHandDownItsGlobals() {
    assertThat(Helm.template("--set", "global.a=b").objects()).isNotEmpty();
  }

  @Test
  void labelsOfThePodDoNotTakeTheSelectorsAway() {
    Manifest manifest =
        Helm.template("--set-string", "podLabels.app\\.kubernetes\\.io/name=mine,podLabels.a=b");

    assertThat(manifest.pod().getMetadata().getLabels())
        .containsAllEntriesOf(
            manifest.only(Deployment.class).getSpec().getSelector().getMatchLabels())
        .containsEntry("a", "b");
  }

  @Test
  void theNetworkPolicyShutsAllInByDefaultAndLeavesTheWayOutFree() {
    var policy = Helm.template("--set", "networkPolicy.enabled=true").only(NetworkPolicy.class);

    assertThat(policy.getSpec().getPolicyTypes()).containsExactly("Ingress");
    assertThat(policy.getSpec().getIngress()).isEmpty();
  }

  @Test
  void prometheusFindsThePodsByTheService() {
    Manifest manifest =
        Helm.template(
            "--set",
            "metrics.serviceMonitor.enabled=true,"
                + "metrics.serviceMonitor.labels.app\\.kubernetes\\.io/name=mine");
    var service = manifest.only(Service.class);
    var monitor = manifest.only(GenericKubernetesResource.class);

    // Each pod is asked for its own figures.
    assertThat(service.getSpec().getClusterIP()).isEqualTo("None");
    assertThat(manifest.pod().getMetadata().getLabels())
        .containsAllEntriesOf(service.getSpec().getSelector());
    assertThat(manifest.container().getPorts())
        .anySatisfy(
            port ->
                assertThat(service.getSpec().getPorts())
                    .singleElement()
                    .satisfies(
                        p -> {
                          assertThat(p.getTargetPort().getStrVal()).isEqualTo(port.getName());
                          assertThat(p.getPort()).isEqualTo(port.getContainerPort());
                          assertThat(monitor.<Object>get("spec", "endpoints", 0, "port"))
                              .isEqualTo(p.getName());
                        }));
    assertThat(service.getMetadata().getLabels())
        .containsAllEntriesOf(monitor.<Map<String, String>>get("spec", "selector", "matchLabels"));
    assertThat(monitor.<Object>get("spec", "endpoints", 0, "path")).isEqualTo("/q/metrics");
    assertThat(monitor.getMetadata().getLabels())
        .containsEntry("app.kubernetes.io/name", "graceful-operator");
  }

  @Test
  void theNamesOfALongReleaseStayShortEnough() {
    String release = "r".repeat(53);
    Helm.Answer answer = Helm.runWithImage("template", release, Helm.CHART.toString());

    assertThat(answer.code()).as(answer.errors()).isZero();
    assertThat(Manifest.parse(answer.out()).objects())
        .filteredOn(object -> !(object instanceof CustomResourceDefinition))
        .allSatisfy(
            object ->
                assertThat(object.getMetadata().getName())
                    // The names of admission policies are no labels, and may be longer.
                    .hasSizeLessThanOrEqualTo(
                        object.getKind().startsWith("ValidatingAdmissionPolicy") ? 253 : 63)
                    .matches("[a-z0-9]([a-z0-9-]*[a-z0-9])?"));
  }

  @Test
  void everyObjectIsOneThatKubernetesKnows() {
    Manifest manifest =
        Helm.template(
            "--set",
            "networkPolicy.enabled=true,networkPolicy.from[0].podSelector.matchLabels.a=b");

    assertThat(manifest.objects()).hasSizeGreaterThanOrEqualTo(9);
    assertThat(manifest.objects().stream().map(HasMetadata::getKind))
        .contains("ServiceAccount", "ClusterRole", "Role", "Deployment", "NetworkPolicy")
        .contains("ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding");
    assertThat(manifest.objects().stream().flatMap(ChartValuesTest::unknownFields)).isEmpty();
    assertThat(manifest.objects())
        .allSatisfy(
            object ->
                assertThat(object.getMetadata().getLabels())
                    .containsEntry("app.kubernetes.io/name", "graceful-operator")
                    .containsEntry("app.kubernetes.io/managed-by", "Helm"));
  }

  private static Arguments change(
      String setting, Function<Manifest, Object> reading, String before, String after) {
    return arguments(setting, reading, before, after);
  }

  /** No class of the client's. */
  private static Stream<GenericKubernetesResource> serviceMonitors(Manifest manifest) {
    return manifest.all(GenericKubernetesResource.class).stream()
        .filter(object -> object.getKind().equals("ServiceMonitor"));
  }

  private static Object image(Manifest manifest) {
    return manifest.container().getImage();
  }

  private static Object name(Manifest manifest) {
    return manifest.only(Deployment.class).getMetadata().getName();
  }

  private static Object account(Manifest manifest) {
    return manifest.pod().getSpec().getServiceAccountName();
  }

  private static Object boundAccount(Manifest manifest) {
    return manifest.only(ClusterRoleBinding.class).getSubjects().getFirst().getName();
  }

  private static Function<Manifest, Object> variable(String name) {
    return m ->
        m.container().getEnv().stream()
            .filter(variable -> variable.getName().equals(name))
            .map(EnvVar::getValue)
            .findFirst()
            .orElse("unset");
  }

  /** The client keeps what it does not know aside, in a map of each object. */
  private static Stream<String> unknownFields(@Nullable Object value) {
    return switch (value) {
      case Collection<?> items -> items.stream().flatMap(ChartValuesTest::unknownFields);
      case Map<?, ?> map -> map.values().stream().flatMap(ChartValuesTest::unknownFields);
      case KubernetesResource object ->
          Arrays.stream(object.getClass().getMethods())
              .filter(m -> m.getName().startsWith("get") && m.getParameterCount() == 0)
              .flatMap(
                  getter ->
                      getter.getName().equals("getAdditionalProperties")
                          ? unknownNames(read(getter, object))
                              .map(k -> object.getClass().getSimpleName() + "." + k)
                          : unknownFields(read(getter, object)));
      case null, default -> Stream.empty();
    };
  }

  private static Stream<String> unknownNames(@Nullable Object additional) {
    return additional instanceof Map<?, ?> map
        ? map.keySet().stream().map(String::valueOf)
        : Stream.empty();
  }

  private static @Nullable Object read(Method getter, Object object) {
    try {
      return getter.invoke(object);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Set<String> leaves(String path, JsonNode node) {
    if (!node.isObject() || node.isEmpty()) {
      return Set.of(path);
    }
    Set<String> leaves = new TreeSet<>();
    node.properties()
        .forEach(
            field ->
                leaves.addAll(
                    leaves(
                        path.isEmpty() ? field.getKey() : path + "." + field.getKey(),
                        field.getValue())));
    // What follows is Kubernetes' own and not the chart's.
    return path.equals("resources") ? Set.of(path) : leaves;
  }
}

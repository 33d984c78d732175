package dev.graceful.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.graceful.api.v1alpha1.Apply;
import dev.graceful.api.v1alpha1.GracefulPolicy;
import dev.graceful.api.v1alpha1.ReadinessProbe;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

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
        arguments("{apply: Never}", "spec.selector"),
        arguments("{selector: {}, apply: Sometimes}", "spec.apply"),
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
        arguments("{selector: {}, apply: Never, verify: {ports: []}}", "spec.verify.ports"),
        arguments(
            "{selector: {}, apply: Never, verify: {ports: [1, 2, 3, 4, 5]}}", "spec.verify.ports"),
        arguments("{selector: {}, apply: Never, verify: {ports: [http, 0]}}", "spec.verify.ports"),
        arguments("{selector: {}, apply: Never, verify: {ports: ['80']}}", "spec.verify.ports"),
        arguments("{selector: {}, apply: Never, verify: {ports: [Http]}}", "spec.verify.ports"),
        arguments(
            "{selector: {}, apply: Never, verify: {mode: None, ports: [80]}}", "spec.verify.ports"),
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

  static Stream<Arguments> wrongReadinessProbes() {
    String oneAction = "give httpGet, tcpSocket or grpc, and leave out the other two";
    String port = "a port is a number from 1 to 65535 (without quotes), or a port's name";
    String path = "a path begins with one /";
    return Stream.of(
        arguments("{}", "spec.readinessProbe", oneAction),
        arguments("{periodSeconds: 5}", "spec.readinessProbe", oneAction),
        arguments(
            "{httpGet: {path: /, port: 1}, tcpSocket: {port: 1}}",
            "spec.readinessProbe",
            oneAction),
        arguments(
            "{httpGet: {path: /, port: 1}, tcpSocket: {port: 1}, grpc: {port: 1}}",
            "spec.readinessProbe",
            oneAction),
        arguments("{exec: {command: [ls]}}", "spec.readinessProbe.exec", "unknown field"),
        arguments(
            "{tcpSocket: {port: 1}, initialDelaySeconds: 5}",
            "spec.readinessProbe.initialDelaySeconds",
            "unknown field"),
        arguments(
            "{httpGet: {path: /, port: 1, host: 169.254.169.254}}",
            "spec.readinessProbe.httpGet.host",
            "unknown field"),
        arguments(
            "{httpGet: {path: /, port: 1, httpHeaders: [{name: Host, value: a}]}}",
            "spec.readinessProbe.httpGet.httpHeaders",
            "unknown field"),
        arguments(
            "{tcpSocket: {port: 1, host: a}}",
            "spec.readinessProbe.tcpSocket.host",
            "unknown field"),
        arguments("{httpGet: {port: 1}}", "spec.readinessProbe.httpGet.path", "Required"),
        arguments("{httpGet: {path: /}}", "spec.readinessProbe.httpGet.port", "Required"),
        arguments(
            "{httpGet: {path: '', port: 1}}", "spec.readinessProbe.httpGet.path", "at least 1"),
        arguments("{httpGet: {path: ready, port: 1}}", "spec.readinessProbe.httpGet.path", path),
        arguments("{httpGet: {path: //a/b, port: 1}}", "spec.readinessProbe.httpGet.path", path),
        arguments("{httpGet: {path: /a b, port: 1}}", "spec.readinessProbe.httpGet.path", path),
        arguments("{httpGet: {path: '/a#b', port: 1}}", "spec.readinessProbe.httpGet.path", path),
        arguments("{httpGet: {path: /100%, port: 1}}", "spec.readinessProbe.httpGet.path", path),
        arguments("{httpGet: {path: /bereitß, port: 1}}", "spec.readinessProbe.httpGet.path", path),
        arguments(
            "{httpGet: {path: \"/a\\r\\nHost: b\", port: 1}}",
            "spec.readinessProbe.httpGet.path",
            path),
        arguments(
            "{httpGet: {path: /" + "a".repeat(1024) + ", port: 1}}",
            "spec.readinessProbe.httpGet.path",
            "1024"),
        arguments(
            "{httpGet: {path: /, port: 1, scheme: https}}",
            "spec.readinessProbe.httpGet.scheme",
            "\"HTTP\", \"HTTPS\""),
        arguments("{httpGet: {path: /, port: 0}}", "spec.readinessProbe.httpGet.port", port),
        arguments("{tcpSocket: {port: 65536}}", "spec.readinessProbe.tcpSocket.port", port),
        arguments("{tcpSocket: {port: -1}}", "spec.readinessProbe.tcpSocket.port", port),
        arguments("{tcpSocket: {port: '8080'}}", "spec.readinessProbe.tcpSocket.port", port),
        arguments("{tcpSocket: {port: ''}}", "spec.readinessProbe.tcpSocket.port", port),
        arguments("{tcpSocket: {port: Http}}", "spec.readinessProbe.tcpSocket.port", port),
        arguments("{tcpSocket: {port: http--2}}", "spec.readinessProbe.tcpSocket.port", port),
        arguments(
            "{tcpSocket: {port: a-name-far-too-long}}", "spec.readinessProbe.tcpSocket.port", port),
        arguments("{tcpSocket: {port: 1.5}}", "spec.readinessProbe.tcpSocket.port", "integer"),
        arguments("{grpc: {port: -grpc}}", "spec.readinessProbe.grpc.port", port),
        arguments(
            "{grpc: {port: 1, service: " + "a".repeat(254) + "}}",
            "spec.readinessProbe.grpc.service",
            "253"),
        arguments(
            "{tcpSocket: {port: 1}, periodSeconds: 0}", "spec.readinessProbe.periodSeconds", "1"),
        arguments(
            "{tcpSocket: {port: 1}, periodSeconds: 301}",
            "spec.readinessProbe.periodSeconds",
            "300"),
        arguments(
            "{tcpSocket: {port: 1}, timeoutSeconds: 0}", "spec.readinessProbe.timeoutSeconds", "1"),
        arguments(
            "{tcpSocket: {port: 1}, timeoutSeconds: 61}",
            "spec.readinessProbe.timeoutSeconds",
            "60"),
        arguments(
            "{tcpSocket: {port: 1}, failureThreshold: 0}",
            "spec.readinessProbe.failureThreshold",
            "1"),
        arguments(
            "{tcpSocket: {port: 1}, failureThreshold: 31}",
            "spec.readinessProbe.failureThreshold",
            "30"));
  }

  @ParameterizedTest(name = "{1}: {0}")
  @MethodSource("wrongReadinessProbes")
  void readinessProbeIsRefusedWithTheFieldsNameAndTheCure(String probe, String field, String cure) {
    assertThatThrownBy(
            () -> apply("spec: {selector: {}, apply: Never, readinessProbe: " + probe + "}"))
        .hasMessageContaining(field)
        .hasMessageContaining(cure);
    assertThat(policies()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{httpGet: {path: /, port: http}}",
        "{httpGet: {path: '/a%20b/~c;d=1?full=1&e=(f)', port: 65535, scheme: HTTPS}}",
        "{httpGet: {path: /ready, port: 1, scheme: HTTP}, periodSeconds: 300, timeoutSeconds: 60,"
            + " failureThreshold: 30}",
        "{tcpSocket: {port: a-name-of-fifte}, periodSeconds: 1, timeoutSeconds: 1, failureThreshold:"
            + " 1}",
        "{tcpSocket: {port: 8h}}",
        "{grpc: {port: 9090}}",
        "{grpc: {port: grpc, service: shop.Cart}}",
      })
  void readinessProbeIsKeptAsItIsStated(String probe) {
    apply("spec: {selector: {}, apply: Never, readinessProbe: " + probe + "}");

    assertThat(policies().getFirst().getSpec().readinessProbe())
        .isEqualTo(Serialization.unmarshal("---\n" + probe, ReadinessProbe.class));
  }

  @Test
  void portsToVerifyAreKeptAsTheyAreStated() {
    apply("spec: {selector: {}, apply: Never, verify: {ports: [http, 9090, a-name-of-fifte, 1]}}");

    var verify = policies().getFirst().getSpec().verify();
    assertThat(Objects.requireNonNull(verify).ports())
        .containsExactly(
            new IntOrString("http"),
            new IntOrString(9090),
            new IntOrString("a-name-of-fifte"),
            new IntOrString(1));
  }

  @Test
  void policyThatDoesNotSayWhenItAppliesRestartsNothing() {
    apply("spec: {selector: {}}");

    assertThat(policies().getFirst().getSpec().apply()).isEqualTo(Apply.OnRollout);
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

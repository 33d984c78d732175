package dev.graceful.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.graceful.api.v1alpha1.VerifyMode;
import dev.graceful.facts.ClientPorts;
import dev.graceful.facts.ContainerFacts;
import dev.graceful.facts.ContainerFacts.HttpReadiness;
import io.fabric8.kubernetes.api.model.IntOrString;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ProbePlanTest {

  private static final HttpReadiness READY = new HttpReadiness("/ready", 8080, false);
  private static final HttpReadiness MANAGEMENT = new HttpReadiness("/health", 9000, false);
  private static final HttpReadiness TLS = new HttpReadiness("/ready", 8080, true);

  static Stream<Arguments> cases() {
    return Stream.of(
        arguments("what the kubelet asks", null, null, null, READY, asking("/ready", true)),
        arguments("over TLS", null, null, null, TLS, new ProbePlan(8080, true, "/ready", true)),
        arguments("no GET of the kubelet's", null, null, null, null, asking(null, false)),
        arguments("not a serving port", null, null, null, MANAGEMENT, asking(null, false)),
        arguments("no name for it", null, null, null, port(null), asking(null, false)),
        arguments("nothing", VerifyMode.None, null, null, READY, null),
        arguments("connections", VerifyMode.Connect, null, null, READY, asking(null, false)),
        arguments("a path", VerifyMode.Http, "/q", null, READY, asking("/q", false)),
        arguments("a path alone", null, "/q", null, null, asking("/q", false)),
        arguments("the same path", VerifyMode.Http, "/ready", null, READY, asking("/ready", true)),
        arguments(
            "the same path elsewhere",
            VerifyMode.Http,
            "/ready",
            new IntOrString(9090),
            READY,
            new ProbePlan(9090, false, "/ready", false)),
        arguments(
            "a port by name",
            VerifyMode.Http,
            "/q",
            new IntOrString("admin"),
            READY,
            new ProbePlan(9090, false, "/q", false)),
        arguments(
            "a name that nobody declares",
            VerifyMode.Http,
            "/q",
            new IntOrString("other"),
            READY,
            asking("/q", false)),
        arguments("no path at all", VerifyMode.Http, null, null, null, asking(null, false)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void aPodIsAsked(
      String name,
      @Nullable VerifyMode mode,
      @Nullable String path,
      @Nullable IntOrString port,
      @Nullable HttpReadiness readiness,
      @Nullable ProbePlan expected) {
    // given
    var app =
        new ContainerFacts(
            "app",
            false,
            0,
            readiness != null,
            readiness,
            Set.of(8080, 9090),
            Map.of("admin", 9090));

    // when
    ProbePlan asking =
        ProbePlan.of(
            new ProbePlan.VerifySpec(mode, path, port, List.of()), List.of(app), used(8080, 9090));

    // then
    assertThat(asking).isEqualTo(expected);
  }

  @Test
  void aPolicyNarrowsThePortsByNumberAndByName() {
    // given
    var app =
        new ContainerFacts("app", false, 0, true, READY, Set.of(8080, 9090), Map.of("admin", 9090));
    Set<Integer> used = Set.of(8080, 9090, 9999);

    // then
    assertThat(ports().among(used, List.of(app))).isEqualTo(used);
    assertThat(ports("admin", 9999, 1).among(used, List.of(app)))
        .containsExactlyInAnyOrder(9090, 9999);
    assertThat(ProbePlan.of(ports("admin"), List.of(app), used(8080, 9090, 9999)))
        .isEqualTo(new ProbePlan(9090, false, null, false));
    assertThat(ProbePlan.of(ports("other"), List.of(app), used(8080, 9090, 9999))).isNull();
  }

  private static ClientPorts used(Integer... tcp) {
    return new ClientPorts(true, Set.of(tcp), Set.of(), Set.of());
  }

  private static ProbePlan.VerifySpec ports(Object... ports) {
    return new ProbePlan.VerifySpec(
        null, null, null, Stream.of(ports).map(port -> new IntOrString(port)).toList());
  }

  private static HttpReadiness port(@Nullable Integer port) {
    return new HttpReadiness("/ready", port, false);
  }

  private static ProbePlan asking(@Nullable String path, boolean readinessPath) {
    return new ProbePlan(8080, false, path, readinessPath);
  }
}

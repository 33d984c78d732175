package dev.graceful.facts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graceful.facts.SliceFacts.EndpointFacts;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SliceFactsTest {

  @Test
  void aSliceThatSaysNothing() {
    // given
    EndpointSlice slice = read("metadata: {namespace: shop, name: web-abc}");

    // when
    SliceFacts facts = SliceFacts.from(slice);

    // then
    assertThat(facts.namespace()).isEqualTo("shop");
    assertThat(facts.name()).isEqualTo("web-abc");
    assertThat(facts.ports()).isEmpty();
    assertThat(facts.endpoints()).isEmpty();
  }

  @Test
  void aSliceWhosePortsAndEndpointsAreNull() {
    // given
    EndpointSlice slice = read("metadata: {namespace: shop, name: web-abc}");
    slice.setPorts(null);
    slice.setEndpoints(null);

    // when
    SliceFacts facts = SliceFacts.from(slice);

    // then
    assertThat(facts.ports()).isEmpty();
    assertThat(facts.endpoints()).isEmpty();
  }

  @Test
  void onlyNumbersOfTcpPortsCount() {
    // given
    EndpointSlice slice =
        read(
            """
            metadata: {namespace: shop, name: web-abc}
            ports:
              - {name: http, port: 8080, protocol: TCP}
              - {name: no-protocol, port: 8081}
              - {name: quic, port: 8443, protocol: UDP}
              - {name: all-ports, protocol: TCP}
            """);

    // when
    SliceFacts facts = SliceFacts.from(slice);

    // then
    assertThat(facts.ports()).containsExactlyInAnyOrder(8080, 8081);
    assertThat(facts.otherPorts()).containsExactly(8443);
  }

  @Test
  void aConditionThatIsMissingMeansReadyAndNotTerminating() {
    // given
    EndpointSlice slice =
        read(
            """
            metadata: {namespace: shop, name: web-abc}
            endpoints:
              - {addresses: [10.0.0.1], targetRef: {kind: Pod, name: a, uid: none}}
              - {addresses: [10.0.0.2], targetRef: {kind: Pod, name: b, uid: empty}, conditions: {}}
              - addresses: [10.0.0.3]
                targetRef: {kind: Pod, name: c, uid: left}
                conditions: {ready: false, serving: true, terminating: true}
            """);

    // when
    SliceFacts facts = SliceFacts.from(slice);

    // then
    assertThat(facts.endpoints())
        .isEqualTo(
            Map.of(
                "none", new EndpointFacts(true, false),
                "empty", new EndpointFacts(true, false),
                "left", new EndpointFacts(false, true)));
  }

  @Test
  void whatIsNoPodIsLeftOut() {
    // given
    EndpointSlice slice =
        read(
            """
            metadata: {namespace: shop, name: web-abc}
            endpoints:
              - {addresses: [192.0.2.1]}
              - {addresses: [192.0.2.2], targetRef: {kind: Node, name: n, uid: node}}
              - {addresses: [192.0.2.3], targetRef: {kind: Pod, name: p}}
            """);

    // when
    SliceFacts facts = SliceFacts.from(slice);

    // then
    assertThat(facts.endpoints()).isEmpty();
  }

  @Test
  void aPodThatIsInTwiceIsReadyIfAnyOfThemIs() {
    // given
    EndpointSlice slice =
        read(
            """
            metadata: {namespace: shop, name: web-abc}
            endpoints:
              - {addresses: [10.0.0.1], targetRef: {kind: Pod, uid: a}, conditions: {ready: false}}
              - {addresses: [10.0.0.2], targetRef: {kind: Pod, uid: a}, conditions: {ready: true}}
            """);

    // when
    SliceFacts facts = SliceFacts.from(slice);

    // then
    assertThat(facts.endpoints()).isEqualTo(Map.of("a", new EndpointFacts(true, false)));
  }

  private static EndpointSlice read(String yaml) {
    return Serialization.unmarshal(yaml, EndpointSlice.class);
  }
}

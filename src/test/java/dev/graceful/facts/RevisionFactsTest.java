package dev.graceful.facts;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.client.utils.Serialization;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RevisionFactsTest {

  @Test
  void aReplicaSetThatSaysNothing() {
    // given
    ReplicaSet replicaSet =
        read(
            """
            metadata: {namespace: shop, name: web-abc, uid: rs-1}
            spec: {template: {spec: {}}}
            """);

    // when
    RevisionFacts facts = RevisionFacts.from(replicaSet);

    // then
    assertThat(facts.workload()).isNull();
    assertThat(facts.revision()).isZero();
    assertThat(facts.replicas()).isEqualTo(1);
    assertThat(facts.containers()).isEmpty();
  }

  @Test
  void aRevisionOfADeployment() {
    // given
    ReplicaSet replicaSet =
        read(
            """
            metadata:
              namespace: shop
              name: web-abc
              uid: rs-1
              annotations: {deployment.kubernetes.io/revision: "41"}
              ownerReferences:
                - {apiVersion: example.com/v1, kind: Rollout, name: other, uid: r, controller: false}
                - {apiVersion: apps/v1, kind: Deployment, name: web, uid: d-1, controller: true}
            spec:
              replicas: 0
              template: {spec: {containers: [{name: app, lifecycle: {preStop: {sleep: {seconds: 6}}}}]}}
            """);

    // when
    RevisionFacts facts = RevisionFacts.from(replicaSet);

    // then
    assertThat(facts.workload()).isEqualTo(new WorkloadRef("shop", "web"));
    assertThat(facts.revision()).isEqualTo(41);
    assertThat(facts.replicas()).isZero();
    assertThat(facts.containers()).extracting(ContainerFacts::sleepSeconds).containsExactly(6);
  }

  @ParameterizedTest
  @CsvSource({"'', 0", "forty-one, 0", "-1, 0", "1.5, 0", "9999999999999999999, 0", "007, 7"})
  void anAnnotationThatAnybodyMayWrite(String written, long revision) {
    // given
    ReplicaSet replicaSet =
        read("metadata: {namespace: shop, name: web-abc}\nspec: {template: {spec: {}}}")
            .edit()
            .editMetadata()
            .addToAnnotations(RevisionFacts.REVISION_ANNOTATION, written)
            .endMetadata()
            .build();

    // when
    RevisionFacts facts = RevisionFacts.from(replicaSet);

    // then
    assertThat(facts.revision()).isEqualTo(revision);
  }

  private static ReplicaSet read(String yaml) {
    return Serialization.unmarshal(yaml, ReplicaSet.class);
  }
}

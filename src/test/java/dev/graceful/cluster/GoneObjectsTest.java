package dev.graceful.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graceful.api.v1alpha1.GracefulPolicy;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class GoneObjectsTest {

  @Test
  void objectThatIsGone() {
    assertThat(GoneObjects.isReasonOf(refusal(404, "gracefulpolicies", "web", null), policy("web")))
        .isTrue();
  }

  @Test
  void anotherObjectIsGone() {
    assertThat(GoneObjects.isReasonOf(refusal(404, "gracefulpolicies", "api", null), policy("web")))
        .isFalse();
  }

  @Test
  void objectOfAnotherKindIsGone() {
    assertThat(GoneObjects.isReasonOf(refusal(404, "deployments", "web", null), policy("web")))
        .isFalse();
  }

  @Test
  void objectIsThereAndTheWriteConflicted() {
    assertThat(GoneObjects.isReasonOf(refusal(409, "gracefulpolicies", "web", null), policy("web")))
        .isFalse();
  }

  @Test
  void namespaceOnItsWayOut() {
    KubernetesClientException refusal = refusal(403, "events", "web-1", "NamespaceTerminating");

    assertThat(GoneObjects.isReasonOf(refusal, policy("web"))).isTrue();
    assertThat(GoneObjects.isNamespaceTerminating(refusal)).isTrue();
  }

  @Test
  void forbiddenForAnotherCause() {
    assertThat(GoneObjects.isReasonOf(refusal(403, "events", "web-1", "Quota"), policy("web")))
        .isFalse();
  }

  @Test
  void noAnswerAtAll() {
    assertThat(GoneObjects.isReasonOf(new KubernetesClientException("timed out"), policy("web")))
        .isFalse();
  }

  private static GracefulPolicy policy(String name) {
    var policy = new GracefulPolicy();
    policy.setMetadata(new ObjectMetaBuilder().withName(name).build());
    return policy;
  }

  private static KubernetesClientException refusal(
      int code, String plural, String name, @Nullable String cause) {
    var details =
        new StatusBuilder().withCode(code).withNewDetails().withKind(plural).withName(name);
    if (cause != null) {
      details.addNewCause().withReason(cause).endCause();
    }
    return new KubernetesClientException("refused", code, details.endDetails().build());
  }
}

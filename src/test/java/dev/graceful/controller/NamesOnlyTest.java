package dev.graceful.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class NamesOnlyTest {

  private final NamesOnly<Pod> store = new NamesOnly<>(Pod::new);

  @Test
  void keepsNameUidAndVersion() {
    Pod pod = pod("uid", "7");

    assertThat(store.put(store.getKey(pod), pod)).isNull();

    Pod kept = store.get("shop/web-1");
    assertThat(kept)
        .isNotNull()
        .satisfies(
            p -> {
              assertThat(p.getMetadata().getNamespace()).isEqualTo("shop");
              assertThat(p.getMetadata().getName()).isEqualTo("web-1");
              assertThat(p.getMetadata().getUid()).isEqualTo("uid");
              assertThat(p.getMetadata().getResourceVersion()).isEqualTo("7");
              assertThat(p.getMetadata().getLabels()).isNullOrEmpty();
              assertThat(p.getSpec()).isNull();
            });
    assertThat(store.size()).isOne();
    assertThat(store.keySet()).containsExactly("shop/web-1");
    assertThat(store.values()).isEqualTo(List.of(kept));
  }

  @Test
  void handsOutWhatWasThereBefore() {
    put("uid", "7");

    assertThat(put("uid", "8").getMetadata().getResourceVersion()).isEqualTo("7");
    assertThat(put("another", "9").getMetadata().getUid()).isEqualTo("uid");
    assertThat(store.remove("shop/web-1"))
        .satisfies(pod -> assertThat(pod.getMetadata().getUid()).isEqualTo("another"));
    assertThat(store.remove("shop/web-1")).isNull();
    assertThat(store.get("shop/web-1")).isNull();
  }

  @Test
  void keepsOneStringOfAUid() {
    Pod first = pod(new String("uid"), "7");
    store.put(store.getKey(first), first);
    put(new String("uid"), "8");

    assertThat(kept("shop/web-1").getMetadata().getUid()).isSameAs(first.getMetadata().getUid());
  }

  /** The API promises of a version no more than that it differs from others. */
  @Test
  void aVersionThatIsNoNumberIsNeverTheSame() {
    put("uid", "seven");

    assertThat(put("uid", "seven").getMetadata().getResourceVersion()).isNull();
  }

  @Test
  void knowsObjectsWithoutANamespace() {
    Pod pod =
        new PodBuilder().withNewMetadata().withName("node").withUid("u").endMetadata().build();
    store.put(store.getKey(pod), pod);

    assertThat(kept("node").getMetadata().getNamespace()).isNull();
    assertThat(kept("node").getMetadata().getName()).isEqualTo("node");
  }

  private Pod kept(String key) {
    return Objects.requireNonNull(store.get(key));
  }

  /** Puts it, where one was before. */
  private Pod put(String uid, String version) {
    Pod pod = pod(uid, version);
    Pod before = store.put(store.getKey(pod), pod);
    return before == null ? pod : before;
  }

  private static Pod pod(String uid, String version) {
    return new PodBuilder()
        .withNewMetadata()
        .withNamespace("shop")
        .withName("web-1")
        .withUid(uid)
        .withResourceVersion(version)
        .addToLabels("a", "b")
        .endMetadata()
        .withNewSpec()
        .endSpec()
        .build();
  }
}

package dev.graceful.controller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graceful.api.v1alpha1.Apply;
import dev.graceful.api.v1alpha1.GracefulPolicy;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OwnObjectsTest {

  private static final String KEY = "shop/gentle";

  private final OwnObjects<GracefulPolicy> own = new OwnObjects<>();

  /** What was told, in its order. */
  private final List<String> told = new ArrayList<>();

  @BeforeEach
  void listens() {
    own.onChange(
        policy -> told.add("seen " + policy.getMetadata().getResourceVersion()),
        policy -> told.add("gone " + policy.getMetadata().getResourceVersion()));
  }

  @Test
  void eachVersionIsToldOnce() {
    // when
    own.put(KEY, policy("1"));
    own.put(KEY, policy("1"));
    own.put(KEY, policy("2"));
    own.remove(KEY);
    own.remove(KEY);

    // then
    assertThat(told).containsExactly("seen 1", "seen 2", "gone 2");
  }

  @Test
  void whoIsToldReadsWhatHasChanged() {
    // given
    own.onChange(
        policy -> assertThat(own.get(KEY)).isSameAs(policy),
        policy -> assertThat(own.get(KEY)).isNull());

    // when, then
    own.put(KEY, policy("1"));
    own.put(KEY, policy("2"));
    own.remove(KEY);
  }

  @Test
  void whoManagesWhichFieldIsNotKept() {
    // given
    GracefulPolicy policy = policy("1");
    policy.getMetadata().setManagedFields(List.of(new ManagedFieldsEntry()));

    // when
    own.put(KEY, policy);

    // then
    assertThat(own.get(KEY).getMetadata().getManagedFields()).isEmpty();
  }

  private static GracefulPolicy policy(String version) {
    GracefulPolicy policy = Shop.policy("gentle", Apply.Never);
    policy.getMetadata().setResourceVersion(version);
    return policy;
  }
}

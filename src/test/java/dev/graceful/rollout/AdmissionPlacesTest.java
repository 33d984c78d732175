package dev.graceful.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graceful.facts.WorkloadRef;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Whose protection the MutatingAdmissionPolicy reads. */
class AdmissionPlacesTest {

  private static final WorkloadRef A = new WorkloadRef("shop", "a");
  private static final WorkloadRef B = new WorkloadRef("shop", "b");
  private static final WorkloadRef OTHER = new WorkloadRef("apps", "z");

  @Test
  void thereAreSoManyInEachNamespace() {
    // given
    var places = new AdmissionPlaces(1);

    // then
    assertThat(places.take(A, Stream::empty)).isTrue();
    assertThat(places.take(B, Stream::empty)).isFalse();
    assertThat(places.take(OTHER, Stream::empty)).isTrue();
  }

  @Test
  void aPlaceThatIsTakenStaysTakenUntilItIsGivenBack() {
    // given
    var places = new AdmissionPlaces(1);
    places.take(A, Stream::empty);

    // then
    assertThat(places.take(A, Stream::empty)).isTrue();
    places.leave(B);
    assertThat(places.take(B, Stream::empty)).isFalse();
    places.leave(A);
    assertThat(places.take(B, Stream::empty)).isTrue();
    assertThat(places.take(A, Stream::empty)).isFalse();
  }

  @Test
  void afterAStartTheRecordSaysWhoHasOne() {
    // given
    var places = new AdmissionPlaces(2);
    var third = new WorkloadRef("shop", "c");

    // then
    assertThat(places.take(A, () -> Stream.of(OTHER, B))).isTrue();
    assertThat(places.take(third, Stream::empty)).isFalse();
    assertThat(places.take(B, Stream::empty)).as("once a namespace").isTrue();
  }

  @Test
  void oneOfANamespaceThatNobodyAskedForHasNoneToGiveBack() {
    // given
    var places = new AdmissionPlaces(1);

    // when
    places.leave(A);

    // then
    assertThat(places.take(B, () -> Stream.of(A))).isFalse();
  }

  @Test
  void withoutAnAdmissionPolicyThereIsNone() {
    assertThat(new AdmissionPlaces(0).take(A, Stream::empty)).isFalse();
  }
}

package dev.graceful.template;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graceful.api.v1alpha1.Before;
import dev.graceful.api.v1alpha1.Decision;
import dev.graceful.api.v1alpha1.DeploymentProtectionSpec;
import dev.graceful.api.v1alpha1.PolicyRef;
import java.util.List;
import org.junit.jupiter.api.Test;

class LedgerTest {

  private static final Before BEFORE = new Before(30, null);

  @Test
  void isReadFromAProtection() {
    // given
    var policy = new PolicyRef("web", "p-1");
    var first = new DeploymentProtectionSpec(policy);
    var later =
        new DeploymentProtectionSpec(policy, null, null, sleep(2), List.of(sleep(1)), BEFORE);

    // then
    assertThat(Ledger.of(first)).isEqualTo(Ledger.EMPTY);
    assertThat(Ledger.of(later)).isEqualTo(new Ledger(sleep(2), List.of(sleep(1)), BEFORE));
  }

  @Test
  void whatWasDecidedBecomesEarlier() {
    // when
    Ledger ledger = deciding(1, 2, 3);

    // then
    assertThat(ledger.decision()).isEqualTo(sleep(3));
    assertThat(ledger.earlier()).containsExactly(sleep(2), sleep(1));
    assertThat(ledger.before()).isEqualTo(BEFORE);
  }

  @Test
  void nothingNewChangesNothing() {
    assertThat(deciding(1, 2, 2)).isEqualTo(deciding(1, 2));
  }

  @Test
  void onlyThreeEarlierOnesAreKept() {
    assertThat(deciding(1, 2, 3, 4, 5).earlier()).containsExactly(sleep(4), sleep(3), sleep(2));
  }

  @Test
  void noneIsInItTwice() {
    assertThat(deciding(1, 2, 1).earlier()).containsExactly(sleep(2));
    assertThat(deciding(1, 2, 1, 2, 3, 1).earlier()).containsExactly(sleep(3), sleep(2));
  }

  @Test
  void whatIsDecidedAnewAfterNothingWasIsNotEarlierToo() {
    // given
    Ledger nothing = deciding(1, 2).deciding(null, BEFORE);

    // when
    Ledger anew = nothing.deciding(sleep(2), BEFORE);

    // then
    assertThat(nothing.decision()).isNull();
    assertThat(nothing.earlier()).containsExactly(sleep(2), sleep(1));
    assertThat(nothing.deciding(null, BEFORE)).isEqualTo(nothing);
    assertThat(anew.earlier()).containsExactly(sleep(1));
  }

  private static Ledger deciding(int... sleeps) {
    Ledger ledger = Ledger.EMPTY;
    for (int seconds : sleeps) {
      ledger = ledger.deciding(sleep(seconds), BEFORE);
    }
    return ledger;
  }

  private static Decision sleep(int seconds) {
    return new Decision(List.of("app"), seconds, seconds + 30);
  }
}

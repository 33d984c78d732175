package dev.graceful.judge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graceful.judge.finding.ConnectionsServed;
import dev.graceful.judge.finding.EndedByNode;
import dev.graceful.judge.finding.ExitedWithError;
import dev.graceful.judge.finding.Finding;
import dev.graceful.judge.finding.HookFailed;
import dev.graceful.judge.finding.KilledAtDeadline;
import dev.graceful.judge.finding.KilledByOOM;
import dev.graceful.judge.finding.StoppedServingEarly;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DrainTest {

  @Test
  void isOfWhoEndedByItself() {
    Drain drain =
        drain(2_000L, new ConnectionsServed(6_000, ConnectionsServed.Why.NothingAsked, null, null));

    assertThat(drain).isEqualTo(new Drain(2_000, null));
    assertThat(drain != null && drain.killed()).isFalse();
    assertThat(drain(2_000L, new ExitedWithError(1, "Error", "app")))
        .isEqualTo(new Drain(2_000, null));
  }

  @Test
  void isKnownAsALowerBoundWhereTheDeadlineEndedIt() {
    Finding killed = new KilledAtDeadline(KilledAtDeadline.Why.SignalIgnored, 36, "app");

    Drain drain = drain(30_050L, new StoppedServingEarly(20, 5, 0, false, null, null), killed);

    assertThat(drain).isEqualTo(new Drain(30_050, KilledAtDeadline.Why.SignalIgnored));
    assertThat(drain != null && drain.killed()).isTrue();
  }

  @Test
  void isNoneWhereSomethingElseEndedIt() {
    assertThat(drain(2_000L, new KilledByOOM("app"))).isNull();
    assertThat(drain(2_000L, new ExitedWithError(137, "Error", "app"))).isNull();
    assertThat(drain(2_000L, new HookFailed(true, "app"))).isNull();
    assertThat(drain(2_000L, new EndedByNode("Evicted"))).isNull();
  }

  @Test
  void isNoneWhereNoneWasMeasured() {
    assertThat(
            drain(
                null, new ConnectionsServed(6_000, ConnectionsServed.Why.NothingAsked, null, null)))
        .isNull();
  }

  private static @Nullable Drain drain(@Nullable Long millis, Finding... findings) {
    return Drain.of(
        new Verdict(List.of(findings), RestsOn.Connections, List.of(), null, null, null, millis));
  }
}

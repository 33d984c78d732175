package dev.graceful.facts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graceful.facts.HookSleep.Kind;
import io.fabric8.kubernetes.api.model.LifecycleHandler;
import io.fabric8.kubernetes.api.model.LifecycleHandlerBuilder;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reports r01 and r28: what the text of a preStop hook tells of how long it takes. */
class HookSleepTest {

  @ParameterizedTest
  @DisplayName("r01, r28: a command that does nothing but sleep")
  @CsvSource(
      delimiter = '@',
      value = {
        "sleep~35 @ 35000",
        "/bin/sleep~15 @ 15000",
        "/usr/bin/sleep~0.5 @ 500",
        "sleep~15s @ 15000",
        "sleep~2m @ 120000",
        "sleep~1.5h @ 5400000",
        "sleep~1d @ 86400000",
        "sleep~1m~30s @ 90000",
        "sleep~infinity @ 604800000",
        "sleep~99999999d @ 604800000",
        "busybox~sleep~7 @ 7000",
        "/usr/bin/env~sleep~7 @ 7000",
        "sh~-c~sleep 15 @ 15000",
        "/bin/sh~-c~  sleep   15  @ 15000",
        "/bin/bash~-ec~sleep 15 @ 15000",
        "bash~-euo~pipefail~-c~sleep 15 @ 15000",
        "ash~-e~-c~exec sleep 15 @ 15000",
        "busybox~sh~-c~/bin/sleep '15' @ 15000",
        "sh~-c~sleep 5; sleep 6 @ 11000",
        "sh~-c~sleep 5 && sleep 6s @ 11000",
        "sh~-c~sleep 5 || true @ 5000",
        "sh~-c~echo stopping; sleep 15; exit 0 @ 15000"
      })
  void commandThatSleeps(String command, long millis) {
    assertThat(of(command)).isEqualTo(new HookSleep(millis, Kind.Command));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '@',
      value = {
        "sh~-c~sleep 5 && nginx -s quit @ 5000",
        "sh~-c~nginx -s quit; sleep 5 @ 5000",
        "sh~-c~sleep 5; while pgrep app; do sleep 1; done @ 5000",
        "sh~-c~sleep 5; kill $(cat /run/app.pid) @ 5000",
        "sh~-c~touch /tmp/leaving && sleep 10 && sleep 2 @ 12000",
        "sh~-c~sleep 5; echo $HOSTNAME @ 5000",
      })
  void commandThatDoesMore(String command, long millis) {
    assertThat(of(command)).isEqualTo(new HookSleep(millis, Kind.AtLeast));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '@',
      value = {
        "nginx~-s~quit",
        "sleep",
        "sleep~-1",
        "sleep~soon",
        "sleep~1e3",
        "sleep~15~soon",
        "sh~-c~sleep~15",
        "sh~sleep 15",
        "sh~-c",
        "sh~-c~",
        "sh~-c~sleep $SECONDS_TO_WAIT",
        "sh~-c~sleep ${N:-15}",
        "sh~-c~sleep 15 &",
        "sh~-c~exit 0; sleep 15",
        "sh~-c~nginx -s quit || sleep 15",
        "sh~-c~echo 'sleep 15'",
        "sh~-c~if true; then sleep 15; fi",
        "sh~-c~while true; do sleep 15; done",
        "sh~-c~(sleep 15)",
        "sh~-c~# sleep 15",
        "powershell~-Command~Start-Sleep 15",
        "env",
      })
  void commandThatDoesNotTell(String command) {
    assertThat(of(command)).isNull();
  }

  @Test
  void aNativeSleepTakesAsLongAsItSays() {
    assertThat(HookSleep.of(sleep(6L))).isEqualTo(new HookSleep(6_000, Kind.Native));
    assertThat(HookSleep.of(sleep(0L))).isEqualTo(new HookSleep(0, Kind.Native));
    assertThat(HookSleep.of(sleep(-1L))).isEqualTo(new HookSleep(0, Kind.Native));
    assertThat(HookSleep.of(sleep(Long.MAX_VALUE)))
        .isEqualTo(new HookSleep(604_800_000, Kind.Native));
  }

  @Test
  void otherHooksDoNotTell() {
    assertThat(HookSleep.of((LifecycleHandler) null)).isNull();
    assertThat(HookSleep.of(List.of())).isNull();
    assertThat(HookSleep.of(new LifecycleHandlerBuilder().withNewHttpGet().endHttpGet().build()))
        .isNull();
  }

  private static LifecycleHandler sleep(long seconds) {
    return new LifecycleHandlerBuilder().withNewSleep(seconds).build();
  }

  private static @Nullable HookSleep of(String command) {
    return HookSleep.of(
        new LifecycleHandlerBuilder()
            .withNewExec()
            .withCommand(command.split("~", -1))
            .endExec()
            .build());
  }
}

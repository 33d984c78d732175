package dev.graceful.facts;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShownPathTest {

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "/, /",
        "/a%20b/c;d=1, /a%20b/c;d=1",
        "/ä b, /%C3%A4%20b",
        "/q?token=s3cret, /q?token=…",
        "/q?full=1&token=a=b&c, /q?full=…&token=…&…",
        "/q?, /q?…",
        "/q?a=b?c=d, /q?a=…",
        "/q?ä=b, /q?%C3%A4=…",
      })
  void encodedAndWithoutValues(String path, String shown) {
    assertThat(ShownPath.of(path)).isEqualTo(shown);
  }

  @Test
  void noTerminalActsOnIt() {
    assertThat(ShownPath.of("/\u001b[31m\r\n\u202e\u0000?\u001b=\u001b&\n"))
        .isEqualTo("/%1B[31m%0D%0A%E2%80%AE%00?%1B=…&…");
  }

  @Test
  void aLongOneIsCut() {
    assertThat(ShownPath.of("/" + "a".repeat(255))).isEqualTo("/" + "a".repeat(255));
    assertThat(ShownPath.of("/" + "a".repeat(256))).isEqualTo("/" + "a".repeat(254) + "…");
    assertThat(ShownPath.of("/?" + "a=b&".repeat(1_000))).hasSize(256);
  }
}

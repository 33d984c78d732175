package dev.graceful.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graceful.api.v1alpha1.PrintableText;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PrintableTextTest {

  @ParameterizedTest
  @ValueSource(strings = {"", "≤ 5 s: «Connection: close»…", "Größe 数 😀", "<script>\"'&\\"})
  void whatCanBeSeenIsTheSameString(String text) {
    assertThat(PrintableText.of(text, 100)).isSameAs(text);
  }

  @ParameterizedTest
  @CsvSource({
    "000A, ' '",
    "000D, ' '",
    "0009, ' '",
    "0085, ' '",
    "00A0, ' '",
    "2028, ' '",
    "2029, ' '",
    "3000, ' '",
    "0000, �",
    "001B, �",
    "007F, �",
    "009B, �",
    "00AD, �",
    "034F, �",
    "061C, �",
    "115F, �",
    "180E, �",
    "200B, �",
    "202E, �",
    "2066, �",
    "2800, �",
    "3164, �",
    "D800, �",
    "E000, �",
    "FE0F, �",
    "FEFF, �",
    "FFFF, �",
    "E0041, �",
    "E0100, �",
  })
  void whatCannotBeSeenIsReplaced(String hexadecimal, String shown) {
    // given
    String text = "a" + Character.toString(Integer.parseInt(hexadecimal, 16)) + "b";

    // when
    String printable = PrintableText.of(text, 100);

    // then
    assertThat(printable).isEqualTo("a" + shown + "b");
    assertThat(PrintableText.of(printable, 100)).isSameAs(printable);
  }

  @ParameterizedTest
  @CsvSource({"abcde, abcde", "abcdef, abcd…", "abc😀, abc😀", "abc😀f, abc…", "ab😀ef, ab😀…"})
  void whatIsTooLongEndsWithAnEllipsis(String text, String shown) {
    assertThat(PrintableText.of(text, 5)).isEqualTo(shown);
  }

  @Test
  void whatWasCutStaysAsItIs() {
    // given
    String cut = PrintableText.of("x\n".repeat(1_000), 64);

    // then
    assertThat(cut).hasSize(64).startsWith("x x x").endsWith("…");
    assertThat(PrintableText.of(cut, 64)).isSameAs(cut);
  }
}

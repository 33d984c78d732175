package dev.graceful.facts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graceful.facts.ProbeHeaders.Header;
import io.fabric8.kubernetes.api.model.HTTPHeader;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProbeHeadersTest {

  @Test
  void theHeadersOfAProbeInTheirOrder() {
    // when
    ProbeHeaders headers =
        ProbeHeaders.of(
            List.of(
                new HTTPHeader("Host", "shop.example"),
                new HTTPHeader("X-Token", " s3cret, too ")));

    // then
    assertThat(headers)
        .isEqualTo(
            new ProbeHeaders(
                List.of(new Header("Host", "shop.example"), new Header("X-Token", "s3cret, too"))));
    assertThat(headers).extracting(each -> each.have("host")).isEqualTo(true);
  }

  @Test
  void aProbeWithoutHeadersHasNone() {
    assertThat(ProbeHeaders.of(null)).isEqualTo(ProbeHeaders.NONE);
    assertThat(ProbeHeaders.of(List.of())).isEqualTo(ProbeHeaders.NONE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Connection",
        "content-length",
        "Transfer-Encoding",
        "EXPECT",
        "Upgrade",
        "Keep-Alive",
        "TE",
        "Trailer",
        "Proxy-Connection"
      })
  void whatChangesTheRequestItselfIsNeverSent(String name) {
    assertThat(ProbeHeaders.of(List.of(new HTTPHeader(name, "1"), new HTTPHeader("Host", "a"))))
        .isEqualTo(new ProbeHeaders(List.of(new Header("Host", "a"))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\r\nX: y", "a\nX: y", "a\u0000b", "ü", "a\u007f"})
  void aValueThatIsNoPlainLineIsNotSent(String value) {
    assertThat(ProbeHeaders.of(List.of(new HTTPHeader("X-Any", value)))).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a:", "a\r\nHost", "ä"})
  void aNameThatIsNoneIsNotSent(String name) {
    assertThat(ProbeHeaders.of(List.of(new HTTPHeader(name, "1")))).isNull();
  }

  @Test
  void thereIsAnEndToThem() {
    var one = new HTTPHeader("X-Any", "1");

    assertThat(ProbeHeaders.of(Collections.nCopies(16, one))).isNotNull();
    assertThat(ProbeHeaders.of(Collections.nCopies(17, one))).isNull();
    assertThat(ProbeHeaders.of(List.of(new HTTPHeader("X".repeat(129), "1")))).isNull();
    assertThat(ProbeHeaders.of(List.of(new HTTPHeader("X", "1".repeat(4_095))))).isNotNull();
    assertThat(ProbeHeaders.of(List.of(new HTTPHeader("X", "1".repeat(4_096))))).isNull();
  }

  /** Texts of records end in logs. */
  @Test
  void theTextFormHasNoValues() {
    assertThat(new ProbeHeaders(List.of(new Header("X-Token", "s3cret"))).toString())
        .contains("X-Token")
        .doesNotContain("s3cret");
  }
}

package dev.graceful.facts;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PodAddressTest {

  @ParameterizedTest
  @ValueSource(strings = {"10.244.1.7", "192.0.2.1", "100.64.3.2", "fd00::7", "2001:db8::1"})
  void aPodMayHaveIt(String address) {
    assertThat(PodAddress.mayBe(address)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "127.8.9.1",
        "::1",
        "::ffff:127.0.0.1",
        "169.254.169.254",
        "fe80::1",
        "224.0.0.1",
        "ff02::1",
        "0.0.0.0",
        "::",
        "localhost",
        "metadata.example.com",
        "10.0.0.256",
        ""
      })
  void noPodHasIt(String address) {
    assertThat(PodAddress.mayBe(address)).isFalse();
  }
}

package dev.graceful.http;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** By which response headers proxies give themselves away: what they answer, the app need not. */
final class Proxies {

  private static final List<String> KNOWN = List.of("istio-envoy", "envoy", "linkerd");
  private static final int LONGEST_NAME = 60;

  private Proxies() {}

  /**
   * What the proxy that wrote this header calls itself; null: none need have.
   *
   * @param name in lower case
   */
  static @Nullable String named(String name, String value) {
    if (name.equals("server")) {
      String server = value.toLowerCase(Locale.ROOT);
      return KNOWN.stream().filter(server::contains).findFirst().orElse(null);
    }
    if (name.equals("via")) {
      // Only those write it that pass on what another one answered (RFC 9110, 7.6.3).
      String words = value.replaceAll("[^ -~]", "?");
      return words.substring(0, Math.min(words.length(), LONGEST_NAME));
    }
    if (name.startsWith("x-envoy-")) {
      return "envoy";
    }
    return name.startsWith("l5d-") ? "linkerd" : null;
  }
}

package dev.graceful.facts;

import static java.util.stream.Collectors.joining;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/**
 * A URL path as messages and reports show it. Whoever may read these may not know the secrets in a
 * query, and a terminal or browser may act on characters that a path should not have.
 */
public final class ShownPath {

  /** In characters. A report keeps dozens of paths, and has to stay far below etcd's 1.5 MiB. */
  private static final int LONGEST = 256;

  private static final String HIDDEN = "…";

  private ShownPath() {}

  /**
   * The path as it is requested, with all but printable ASCII percent-encoded, but without the
   * values of its query, and cut at 256 characters. For display only: it leads nowhere.
   */
  public static String of(String path) {
    int query = path.indexOf('?');
    String shown =
        query < 0
            ? percentEncoded(path)
            : percentEncoded(path.substring(0, query))
                + "?"
                + Arrays.stream(path.substring(query + 1).split("&", -1))
                    .map(ShownPath::withoutValue)
                    .collect(joining("&"));
    return shown.length() <= LONGEST ? shown : shown.substring(0, LONGEST - 1) + HIDDEN;
  }

  /** What has no name is a value. */
  private static String withoutValue(String parameter) {
    int name = parameter.indexOf('=');
    return (name < 0 ? "" : percentEncoded(parameter.substring(0, name)) + "=") + HIDDEN;
  }

  private static String percentEncoded(String text) {
    var encoded = new StringBuilder();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      if (b > ' ' && b < 0x7f) {
        encoded.append((char) b);
      } else {
        encoded.append(String.format(Locale.ROOT, "%%%02X", b));
      }
    }
    return encoded.toString();
  }
}

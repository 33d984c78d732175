package dev.graceful.facts;

import io.fabric8.kubernetes.api.model.HTTPHeader;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The headers of a container's own readiness probe, as far as they can be sent. Anyone who may make
 * pods writes them, and a value may be a secret: it goes to that container, and nowhere else.
 *
 * @param all in their order
 */
public record ProbeHeaders(List<Header> all) {

  /** No headers. */
  public static final ProbeHeaders NONE = new ProbeHeaders(List.of());

  private static final int MOST = 16;
  private static final int LONGEST_NAME = 128;

  /** In characters, of all names and values together. */
  private static final int MOST_CHARACTERS = 4 * 1024;

  /** They would change what a request is, or what becomes of its connection. */
  private static final Set<String> NEVER_SENT =
      Set.of(
          "connection",
          "content-length",
          "expect",
          "keep-alive",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade");

  private static final Pattern NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

  /** Visible ASCII, with blanks between. */
  private static final Pattern VALUE = Pattern.compile("(?:[!-~](?:[ \\t!-~]*[!-~])?)?");

  /** One header. Its text form does not have the value. */
  public record Header(String name, String value) {

    /** Whether it has this name, in whatever case. */
    public boolean isNamed(String other) {
      return name.equalsIgnoreCase(other);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /**
   * Reads the headers of a probe of the API. Those that no probe needs to pass are left out.
   *
   * @param headers null: there are none
   * @return null: there are more, or other ones, than the operator sends, so that it cannot ask
   *     what the probe does
   */
  static @Nullable ProbeHeaders of(@Nullable List<HTTPHeader> headers) {
    if (headers == null || headers.isEmpty()) {
      return NONE;
    }
    List<Header> all = new ArrayList<>();
    int characters = 0;
    for (HTTPHeader header : headers) {
      String name = header.getName() == null ? "" : header.getName();
      String value = header.getValue() == null ? "" : header.getValue().strip();
      if (NEVER_SENT.contains(name.toLowerCase(Locale.ROOT))) {
        continue;
      }
      characters += name.length() + value.length();
      if (all.size() == MOST || name.length() > LONGEST_NAME || characters > MOST_CHARACTERS) {
        return null;
      }
      if (!NAME.matcher(name).matches() || !VALUE.matcher(value).matches()) {
        return null;
      }
      all.add(new Header(name, value));
    }
    return new ProbeHeaders(List.copyOf(all));
  }

  /** Whether one of them has this name, in whatever case. */
  public boolean have(String name) {
    return all.stream().anyMatch(header -> header.isNamed(name));
  }
}

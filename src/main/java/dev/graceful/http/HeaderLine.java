package dev.graceful.http;

import java.util.regex.Pattern;

/** A header of a request. Its text form does not have the value, which may be a secret. */
public record HeaderLine(String name, String value) {

  private static final Pattern CONTROL = Pattern.compile("[\\x00-\\x08\\x0a-\\x1f\\x7f]");

  /**
   * A header that is one line.
   *
   * @throws IllegalArgumentException if it would be more than that
   */
  public HeaderLine {
    if (CONTROL.matcher(name).find() || CONTROL.matcher(value).find()) {
      throw new IllegalArgumentException("A header has a control character");
    }
  }

  @Override
  public String toString() {
    return name;
  }
}

package dev.graceful.api.v1alpha1;

/** What a port of a probe may be, in the schema's words: what Kubernetes takes. */
final class PortRule {

  /**
   * The API server estimates what a rule costs by its patterns: for a list they have to be short.
   */
  private static final String NAME = ".matches('^(-?[a-z0-9])+$')";

  private static final String DASHED = ".startsWith('-')";
  private static final String LETTER = ".matches('[a-z]')";

  /** Of the field {@code port}. */
  static final String VALID =
      "type(self.port) == int ? self.port >= 1 && self.port <= 65535 : self.port.size() <= 15"
          + (" && self.port" + NAME + " && !self.port" + DASHED + " && self.port" + LETTER);

  /** Of each item of the field {@code ports}. */
  static final String ALL_VALID =
      "self.ports.all(each, type(each) == int ? each >= 1 && each <= 65535 : each.size() <= 15"
          + (" && each" + NAME + " && !each" + DASHED + " && each" + LETTER + ")");

  static final String MESSAGE =
      "a port is a number from 1 to 65535 (without quotes), or a port's name: at most 15 of a-z,"
          + " 0-9 and -, with a letter among them";

  static final String DESCRIPTION =
      "The port: its number, or the name under which the container declares it.";

  private PortRule() {}
}

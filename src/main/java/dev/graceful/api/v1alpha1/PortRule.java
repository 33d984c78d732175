package dev.graceful.api.v1alpha1;

/** What a port of a probe may be, in the schema's words: what Kubernetes takes. */
final class PortRule {

  static final String VALID =
      "type(self.port) == int ? self.port >= 1 && self.port <= 65535 : self.port.size() <= 15"
          + " && self.port.matches('^[a-z0-9]+(-[a-z0-9]+)*$') && self.port.matches('[a-z]')";

  static final String MESSAGE =
      "a port is a number from 1 to 65535 (without quotes), or a port's name: at most 15 of a-z,"
          + " 0-9 and -, with a letter among them";

  static final String DESCRIPTION =
      "The port: its number, or the name under which the container declares it.";

  private PortRule() {}
}

package dev.graceful.e2e;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Installs the operator once for all test classes, and counts their void runs at the end. */
final class OperatorExtension implements ParameterResolver {

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType().equals(Suite.class);
  }

  @Override
  public Suite resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return suite(context);
  }

  /** The root's store is closed when all classes are done; what fails then fails the build. */
  private static Suite suite(ExtensionContext context) {
    return context
        .getRoot()
        .getStore(ExtensionContext.Namespace.create(OperatorExtension.class))
        .computeIfAbsent(Suite.class, _ -> Suite.begin(), Suite.class);
  }
}

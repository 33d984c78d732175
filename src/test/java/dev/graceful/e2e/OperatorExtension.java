package dev.graceful.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Installs the operator once for all test classes, and voids each test whose control failed. */
final class OperatorExtension implements ParameterResolver, AfterEachCallback {

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType().equals(Suite.class);
  }

  @Override
  public Suite resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return suite(context);
  }

  @Override
  public void afterEach(ExtensionContext context) {
    assertThat(suite(context).control().total().failedCount())
        .as("failures of the control: %s; the run is void", suite(context).control().total())
        .isZero();
  }

  /** The root's store is closed when all classes are done. */
  private static Suite suite(ExtensionContext context) {
    return context
        .getRoot()
        .getStore(ExtensionContext.Namespace.create(OperatorExtension.class))
        .computeIfAbsent(Suite.class, _ -> Suite.begin(), Suite.class);
  }
}

package dev.graceful.e2e;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Installs the operator once for all test classes, clears the cluster after each of them, and
 * counts their void runs at the end.
 */
final class OperatorExtension implements ParameterResolver, AfterAllCallback {

  private static final ExtensionContext.Namespace KEPT =
      ExtensionContext.Namespace.create(OperatorExtension.class);

  /** What came of the one beginning: what could not begin once is not begun again for each test. */
  private record Begun(@Nullable Suite suite, @Nullable RuntimeException failure)
      implements AutoCloseable {

    static Begun once() {
      try {
        return new Begun(Suite.begin(), null);
      } catch (RuntimeException e) {
        return new Begun(null, e);
      }
    }

    Suite orFail() {
      if (suite == null) {
        throw new IllegalStateException("the suite did not begin: " + failure, failure);
      }
      return suite;
    }

    @Override
    public void close() {
      if (suite != null) {
        suite.close();
      }
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType().equals(Suite.class);
  }

  /** The root's store is closed when all classes are done; what fails then fails the build. */
  @Override
  public Suite resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return context
        .getRoot()
        .getStore(KEPT)
        .computeIfAbsent(Begun.class, _ -> Begun.once(), Begun.class)
        .orFail();
  }

  @Override
  public void afterAll(ExtensionContext context) {
    Begun begun = context.getRoot().getStore(KEPT).get(Begun.class, Begun.class);
    if (begun != null && begun.suite() != null) {
      begun.suite().clear();
    }
  }
}

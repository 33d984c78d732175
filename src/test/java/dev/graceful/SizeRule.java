package dev.graceful;

import static java.util.stream.Collectors.joining;

import java.util.Locale;
import net.sourceforge.pmd.lang.java.ast.ASTCompactConstructorDeclaration;
import net.sourceforge.pmd.lang.java.ast.ASTCompilationUnit;
import net.sourceforge.pmd.lang.java.ast.ASTExecutableDeclaration;
import net.sourceforge.pmd.lang.java.ast.ASTTypeDeclaration;
import net.sourceforge.pmd.lang.java.ast.JavaNode;
import net.sourceforge.pmd.lang.java.metrics.JavaMetrics;
import net.sourceforge.pmd.lang.java.rule.AbstractJavaRulechainRule;
import net.sourceforge.pmd.lang.metrics.MetricsUtil;
import net.sourceforge.pmd.reporting.RuleContext;

/**
 * A PMD rule for the size of classes and methods. Its violations read {@code LIMIT NAME: FIGURE, at
 * most MOST}. A class is measured with its file, a method with its annotations and without its
 * Javadoc.
 */
public final class SizeRule extends AbstractJavaRulechainRule {

  /** What is limited. */
  enum Limit {
    CLASS_LINES(300),
    METHOD_LINES(40),
    /** PMD computes it as SonarSource defines it, but not for compact constructors. */
    COGNITIVE_COMPLEXITY(15);

    private final int most;

    Limit(int most) {
      this.most = most;
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** For PMD, which makes a copy for each of its threads. */
  public SizeRule() {
    super(
        ASTCompilationUnit.class,
        ASTExecutableDeclaration.class,
        ASTCompactConstructorDeclaration.class);
  }

  @Override
  public Object visitJavaNode(JavaNode node, Object context) {
    RuleContext report = asCtx(context);
    switch (node) {
      case ASTCompilationUnit file when !file.getTypeDeclarations().isEmpty() -> {
        ASTTypeDeclaration type = file.getTypeDeclarations().firstOrThrow();
        check(report, type, type.getBinaryName(), Limit.CLASS_LINES, lines(file));
      }
      case ASTExecutableDeclaration method -> {
        check(report, method, name(method), Limit.METHOD_LINES, lines(method));
        check(report, method, name(method), Limit.COGNITIVE_COMPLEXITY, complexity(method));
      }
      case ASTCompactConstructorDeclaration constructor ->
          check(
              report,
              constructor,
              constructor.getEnclosingType().getBinaryName() + ".<init>",
              Limit.METHOD_LINES,
              lines(constructor));
      default -> {}
    }
    return context;
  }

  private static void check(RuleContext report, JavaNode at, String name, Limit limit, int figure) {
    if (figure > limit.most) {
      report.addViolationWithMessage(
          at, limit + " " + name + ": " + figure + ", at most " + limit.most);
    }
  }

  private static int lines(JavaNode node) {
    return MetricsUtil.computeMetric(JavaMetrics.LINES_OF_CODE, node);
  }

  private static int complexity(ASTExecutableDeclaration method) {
    return MetricsUtil.computeMetric(JavaMetrics.COGNITIVE_COMPLEXITY, method);
  }

  private static String name(ASTExecutableDeclaration method) {
    return method.getEnclosingType().getBinaryName()
        + "."
        + method.getName()
        + method.getFormalParameters().toStream().toList().stream()
            .map(parameter -> parameter.getTypeNode().getText().toString().replaceAll("\\s+", " "))
            .collect(joining(", ", "(", ")"));
  }
}

package dev.graceful.owners;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graceful.api.v1alpha1.DeploymentProtection;
import dev.graceful.api.v1alpha1.DeploymentProtectionStatus;
import dev.graceful.owners.AuditLog.Call;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The operator gives way to an owner who takes out what it writes. */
@Tag("control-planes")
final class ContestIT {

  private static final ControlPlane PLANE = ControlPlane.connect("1.36");
  private static final AuditLog AUDIT = new AuditLog(PLANE.auditLog());
  private static final String NAMESPACE = "contest";
  private static final Duration SOON = Duration.ofMinutes(5);

  @AfterAll
  static void disconnect() {
    PLANE.close();
  }

  /** While the owner's own rollout is under way the operator may not write, but has to see it. */
  @Test
  void underImmediatelyTheSecondRevertEndsIt() {
    OperatorProcess.install(PLANE);
    try (Fleet fleet = Fleet.launch(PLANE, NAMESPACE, 1);
        OperatorProcess operator = OperatorProcess.start(PLANE)) {
      fleet.govern("Immediately");
      protectedAndSettled(fleet);
      revert();
      fleet.need(SOON, "the first revert is seen", () -> fleet.changedInOrder().size() >= 2);
      protectedAndSettled(fleet);

      revert();
      fleet.need(
          SOON,
          "the operator gives way",
          () -> fleet.reasons().equals(Map.of("Contested", 1L)) && fleet.allSettled());
      long givenUp = AUDIT.end();
      // Longer than any of its pauses before a write.
      OperatorProcess.sleep(Duration.ofSeconds(15));

      assertThat(fleet.protectedCount()).isZero();
      List<Call> writes =
          AUDIT.operatorsSince(givenUp).stream()
              .filter(call -> call.writes() && call.isOf("deployments", NAMESPACE))
              .toList();
      assertThat(writes).as("the operator's writes to the Deployment").isEmpty();
      assertThat(fleet.changedInOrder()).as("by both in turn, twice").hasSize(4);
      DeploymentProtectionStatus status = protection().getStatus();
      assertThat(status.reverts()).hasSize(2);
      assertThat(status.contestedGeneration()).isEqualTo(1);
      assertThat(status.rolloutGeneration()).as("of the operator's second write").isEqualTo(4);
      assertThat(status.conditions()).as("of another field manager").isNotEmpty();
      assertThat(protection().getMetadata().getLabels())
          .containsEntry("graceful.dev/deployment", "app-000")
          .containsEntry("graceful.dev/policy", GovernedBy.NAME);
      assertThat(managersOfStatus())
          .containsExactlyInAnyOrder("graceful-operator-journal", "deploymentprotection");

      operator.killAndStartAgain();
      OperatorProcess.sleep(Duration.ofSeconds(15));

      assertThat(fleet.changedInOrder()).as("after a restart").hasSize(4);
      assertThat(protection().getStatus()).isEqualTo(status);

      GovernedBy.edit(PLANE, NAMESPACE, "{\"spec\": {\"drainSeconds\": 31}}");
      protectedAndSettled(fleet);

      DeploymentProtectionStatus anew = protection().getStatus();
      assertThat(anew.reverts()).as("under an edited policy").isNull();
      assertThat(anew.contestedGeneration()).isNull();
      assertThat(anew.rolloutGeneration()).isEqualTo(6);
    }
  }

  private static DeploymentProtection protection() {
    return PLANE
        .client()
        .resources(DeploymentProtection.class)
        .inNamespace(NAMESPACE)
        .withName("app-000")
        .require();
  }

  private static List<String> managersOfStatus() {
    return protection().getMetadata().getManagedFields().stream()
        .filter(entry -> "status".equals(entry.getSubresource()))
        .map(ManagedFieldsEntry::getManager)
        .toList();
  }

  private static void protectedAndSettled(Fleet fleet) {
    fleet.need(SOON, "it is protected", () -> fleet.allProtected() && fleet.allSettled());
    fleet.need(SOON, "it is known to be", () -> fleet.reasons().equals(Map.of("Programmed", 1L)));
  }

  /** As a tool does that sets the template anew. */
  private static void revert() {
    PLANE
        .tools()
        .need(
            "kubectl",
            "patch",
            "deployment",
            "app-000",
            "--namespace",
            NAMESPACE,
            "--type=json",
            "--patch",
            """
            [{"op": "remove", "path": "/spec/template/spec/containers/0/lifecycle"},
             {"op": "remove", "path": "/spec/template/spec/terminationGracePeriodSeconds"}]
            """);
  }
}

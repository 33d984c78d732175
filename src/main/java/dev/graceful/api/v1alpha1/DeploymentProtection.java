package dev.graceful.api.v1alpha1;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.Required;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/**
 * The ledger of one matched Deployment, of the same name and owned by it: which policy governs it,
 * what was decided, what was there before, and the latest verdict. Written by the operator.
 */
@Group(GracefulPolicy.GROUP)
@Version(GracefulPolicy.VERSION)
@Kind("DeploymentProtection")
@Plural("deploymentprotections")
@ShortNames("dprot")
@Categories("graceful")
@AdditionalPrinterColumn(
    name = "Policy",
    jsonPath = ".spec.policy.name",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Sleep",
    jsonPath = ".spec.decision.sleepSeconds",
    type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(
    name = "Grace",
    jsonPath = ".spec.decision.terminationGracePeriodSeconds",
    type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(
    name = "Programmed",
    jsonPath = ".status.conditions[?(@.type==\"Programmed\")].status",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "State",
    jsonPath = ".status.conditions[?(@.type==\"Programmed\")].reason",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Graceful",
    jsonPath = ".status.conditions[?(@.type==\"TerminationsGraceful\")].status",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Reason",
    jsonPath = ".status.conditions[?(@.type==\"TerminationsGraceful\")].reason",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Age",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE)
public class DeploymentProtection
    extends CustomResource<DeploymentProtectionSpec, DeploymentProtectionStatus>
    implements Namespaced {

  @Override
  @Required
  public DeploymentProtectionSpec getSpec() {
    return super.getSpec();
  }
}

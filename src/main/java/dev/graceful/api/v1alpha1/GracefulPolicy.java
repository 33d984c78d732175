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
 * What people write: it selects Deployments of its own namespace, says how their pods are to be
 * ended, and has every termination of them judged.
 */
@Group(GracefulPolicy.GROUP)
@Version(GracefulPolicy.VERSION)
@Kind("GracefulPolicy")
@Plural("gracefulpolicies")
@ShortNames("gp")
@Categories("graceful")
@AdditionalPrinterColumn(
    name = "Apply",
    jsonPath = ".spec.apply",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Matched",
    jsonPath = ".status.matchedDeployments",
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
    name = "Ready",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].status",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Age",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE)
public class GracefulPolicy extends CustomResource<GracefulPolicySpec, GracefulPolicyStatus>
    implements Namespaced {

  /** The API group of all kinds. */
  public static final String GROUP = "graceful.dev";

  /** The one served version. */
  public static final String VERSION = "v1alpha1";

  @Override
  @Required
  public GracefulPolicySpec getSpec() {
    return super.getSpec();
  }
}

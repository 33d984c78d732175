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
 * How the pods of one revision were ended. Named after the revision's ReplicaSet and owned by the
 * Deployment, so that it outlives the ReplicaSet. Written by the operator.
 */
@Group(GracefulPolicy.GROUP)
@Version(GracefulPolicy.VERSION)
@Kind("TerminationReport")
@Plural("terminationreports")
@ShortNames("tr")
@Categories("graceful")
@AdditionalPrinterColumn(
    name = "Deployment",
    jsonPath = ".spec.deployment",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Revision",
    jsonPath = ".spec.revision",
    type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(
    name = "Terminations",
    jsonPath = ".status.terminations",
    type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(
    name = "Graceful",
    jsonPath = ".status.conditions[?(@.type==\"TerminationsGraceful\")].status",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Reason",
    jsonPath = ".status.conditions[?(@.type==\"TerminationsGraceful\")].reason",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Margin-ms",
    jsonPath = ".status.smallestMarginMillis",
    type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(
    name = "Age",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE)
public class TerminationReport
    extends CustomResource<TerminationReportSpec, TerminationReportStatus> implements Namespaced {

  @Override
  @Required
  public TerminationReportSpec getSpec() {
    return super.getSpec();
  }
}

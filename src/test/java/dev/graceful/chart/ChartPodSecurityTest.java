package dev.graceful.chart;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HTTPGetAction;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.SecurityContext;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The rules of the Pod Security Standards' "restricted" level, one test each in their order, and
 * some of our own.
 */
class ChartPodSecurityTest {

  private final Manifest manifest = Helm.template();
  private final PodSpec pod = manifest.pod().getSpec();
  private final PodSecurityContext podContext = pod.getSecurityContext();
  private final Container container = manifest.container();
  private final SecurityContext context = container.getSecurityContext();

  @Test
  void thereIsOneContainerThatTheRulesHoldFor() {
    assertThat(pod.getContainers()).hasSize(1);
    assertThat(pod.getInitContainers()).isEmpty();
    assertThat(pod.getEphemeralContainers()).isEmpty();
  }

  @Test
  void noWindowsHostProcess() {
    assertThat(podContext.getWindowsOptions()).isNull();
    assertThat(context.getWindowsOptions()).isNull();
  }

  @Test
  void noNamespacesOfTheHost() {
    assertThat(pod.getHostNetwork()).isNotEqualTo(true);
    assertThat(pod.getHostPID()).isNotEqualTo(true);
    assertThat(pod.getHostIPC()).isNotEqualTo(true);
  }

  @Test
  void notPrivileged() {
    assertThat(context.getPrivileged()).isNotEqualTo(true);
  }

  @Test
  void allCapabilitiesDroppedAndNoneAdded() {
    assertThat(context.getCapabilities().getDrop()).containsExactly("ALL");
    assertThat(context.getCapabilities().getAdd()).isEmpty();
  }

  @Test
  void noVolumesButEmptyDirectories() {
    assertThat(pod.getVolumes())
        .allSatisfy(
            volume -> {
              assertThat(volume.getEmptyDir()).isNotNull();
              assertThat(volume.getHostPath()).isNull();
            });
  }

  @Test
  void noPortsOfTheHost() {
    assertThat(container.getPorts()).allMatch(port -> port.getHostPort() == null);
  }

  @Test
  void noHostInProbesAndHooks() {
    List<Probe> probes =
        List.of(
            container.getStartupProbe(),
            container.getLivenessProbe(),
            container.getReadinessProbe());

    assertThat(probes)
        .extracting(Probe::getHttpGet)
        .extracting(HTTPGetAction::getHost)
        .containsOnlyNulls();
    assertThat(container.getLifecycle()).isNull();
  }

  @Test
  void noProfileOfAppArmorOrSeLinuxOfItsOwn() {
    assertThat(podContext.getAppArmorProfile()).isNull();
    assertThat(context.getAppArmorProfile()).isNull();
    assertThat(podContext.getSeLinuxOptions()).isNull();
    assertThat(context.getSeLinuxOptions()).isNull();
  }

  @Test
  void theUsualMaskOverProc() {
    assertThat(context.getProcMount()).isNull();
  }

  @Test
  void noSysctls() {
    assertThat(podContext.getSysctls()).isEmpty();
  }

  @Test
  void noPrivilegeEscalation() {
    assertThat(context.getAllowPrivilegeEscalation()).isFalse();
  }

  @Test
  void notRoot() {
    assertThat(podContext.getRunAsNonRoot()).isTrue();
    assertThat(podContext.getRunAsUser()).isEqualTo(10001);
    assertThat(context.getRunAsNonRoot()).isNull();
    assertThat(context.getRunAsUser()).isNull();
  }

  @Test
  void seccompProfileOfTheRuntime() {
    assertThat(podContext.getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
    assertThat(context.getSeccompProfile()).isNull();
  }

  @Test
  void nothingCanBeWrittenButTmp() {
    assertThat(context.getReadOnlyRootFilesystem()).isTrue();
    assertThat(container.getVolumeMounts())
        .singleElement()
        .satisfies(mount -> assertThat(mount.getMountPath()).isEqualTo("/tmp"));
  }

  @Test
  void memoryIsBoundedAndTheProcessorIsNot() {
    assertThat(container.getResources().getRequests()).containsOnlyKeys("cpu", "memory");
    assertThat(container.getResources().getLimits()).containsOnlyKeys("memory");
  }

  @Test
  void thePodKnowsWhoAndWhereItIs() {
    assertThat(container.getEnv())
        .filteredOn(variable -> variable.getValueFrom() != null)
        .extracting(
            variable ->
                variable.getName() + "=" + variable.getValueFrom().getFieldRef().getFieldPath())
        .containsExactly(
            "POD_NAME=metadata.name",
            "POD_NAMESPACE=metadata.namespace",
            "KUBERNETES_NAMESPACE=metadata.namespace");
  }
}

package dev.graceful.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The operator's values for a Deployment's pod template.
 *
 * @param containers all that get a sleep; none where sleepSeconds is 0
 * @param readinessProbe with a numeric port; null: none is given
 * @param readinessContainers null where there is no readinessProbe
 * @param helpers null: all containers sleep alike
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Decision(
    @Required
        @Size(max = 64)
        @JsonPropertyDescription(
            "The containers that get a preStop sleep: those without a hook of their own.")
        List<String> containers,
    @Required
        @Min(0)
        @Max(301)
        @JsonPropertyDescription(
            "The preStop sleep in seconds, of all but the helpers. 0: no hook.")
        int sleepSeconds,
    @Required
        @Min(0)
        @JsonPropertyDescription(
            "The termination grace period in seconds, the longest sleep included.")
        long terminationGracePeriodSeconds,
    @JsonPropertyDescription("The readiness probe for containers that have none.")
        @Nullable ReadinessProbe readinessProbe,
    @Size(max = 64) @JsonPropertyDescription("The containers that get the readiness probe.")
        @Nullable List<String> readinessContainers,
    @JsonPropertyDescription(
            "The containers that serve no port of a Service, which sleep longer. Absent: all sleep"
                + " alike, as none serves none, or it is not known which.")
        @Nullable LongerSleep helpers) {

  public Decision {
    containers = PrintableText.each(containers);
    readinessContainers = PrintableText.eachOrNull(readinessContainers);
  }

  /** A decision without a readiness probe. */
  public Decision(List<String> containers, int sleepSeconds, long terminationGracePeriodSeconds) {
    this(containers, sleepSeconds, terminationGracePeriodSeconds, null, null, null);
  }

  /** The same values with a readiness probe for these containers. */
  public Decision withProbe(ReadinessProbe probe, List<String> probed) {
    return new Decision(
        containers, sleepSeconds, terminationGracePeriodSeconds, probe, probed, helpers);
  }

  /** The same values with another grace period. */
  public Decision withGrace(long seconds) {
    return new Decision(
        containers, sleepSeconds, seconds, readinessProbe, readinessContainers, helpers);
  }

  /** The seconds that a container sleeps; 0: it gets no sleep. */
  public int sleepOf(String container) {
    if (!containers.contains(container)) {
      return 0;
    }
    return helpers != null && helpers.containers().contains(container)
        ? helpers.sleepSeconds()
        : sleepSeconds;
  }

  /** Whether it has a sleep of this length for any container. */
  public boolean sleeps(int seconds) {
    return sleepSeconds == seconds || (helpers != null && helpers.sleepSeconds() == seconds);
  }

  /** The longest of its sleeps, in seconds; 0: none. */
  public int longestSleepSeconds() {
    return helpers == null ? sleepSeconds : Math.max(sleepSeconds, helpers.sleepSeconds());
  }
}

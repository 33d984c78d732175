package dev.graceful.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the pod template held before the operator's first write, so that it can be given back byte
 * for byte. A preStop hook or a readiness probe is not in it: a container that has one of its own
 * gets none from the operator.
 *
 * @param lifecycles null: no container had one
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Before(
    @Required @Min(0) @JsonPropertyDescription("The termination grace period in seconds, before.")
        long terminationGracePeriodSeconds,
    @Size(max = 64)
        @JsonPropertyDescription(
            "The containers that had a lifecycle of their own already, which stays when the preStop"
                + " sleep goes.")
        @Nullable List<String> lifecycles) {

  public Before {
    lifecycles = PrintableText.eachOrNull(lifecycles);
  }
}

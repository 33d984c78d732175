package dev.graceful.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One requirement on a label. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value =
        "self.operator in ['In', 'NotIn'] ? has(self.values) && size(self.values) > 0 :"
            + " !has(self.values) || size(self.values) == 0",
    message =
        "values must be given for In and NotIn, and must be left out for Exists and DoesNotExist",
    fieldPath = ".values")
public record LabelSelectorRequirement(
    @Required @Size(min = 1, max = 317) @JsonPropertyDescription("The label's key.") String key,
    @Required @JsonPropertyDescription("How the label's value relates to the values.")
        Operator operator,
    @Size(max = 64)
        @JsonPropertyDescription(
            "The values, for In and NotIn; not to be given for Exists and DoesNotExist.")
        @Nullable List<String> values) {

  /** The operators of a set-based requirement. */
  public enum Operator {
    In,
    NotIn,
    Exists,
    DoesNotExist
  }
}

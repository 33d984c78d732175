package dev.graceful.facts;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a custom resource whose schema anybody may have written: what is odd counts as absent. */
final class Fields {

  /** Of one object. A longer list is read up to here. */
  static final int MOST = 1_000;

  private Fields() {}

  /**
   * All that stands at a place.
   *
   * @param path names of fields with dots between them; each list on the way with all its elements
   * @return at most {@link #MOST}, none of them a list of its own
   */
  static List<Object> at(GenericKubernetesResource object, String path) {
    List<Object> here = List.of(object.getAdditionalProperties());
    for (String field : path.split("\\.", -1)) {
      List<Object> next = new ArrayList<>();
      for (Object each : here) {
        List<?> values = elements(field(each, field));
        next.addAll(values.subList(0, Math.min(values.size(), MOST - next.size())));
      }
      here = next;
    }
    return here;
  }

  /** A field of an object; null: it has none, or is no object. */
  static @Nullable Object field(Object object, String name) {
    return object instanceof Map<?, ?> fields ? fields.get(name) : null;
  }

  private static List<?> elements(@Nullable Object value) {
    if (value instanceof List<?> list) {
      return list.stream().filter(e -> e != null && !(e instanceof List)).limit(MOST).toList();
    }
    return value == null ? List.of() : List.of(value);
  }
}

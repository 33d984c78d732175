package dev.graceful.api;

import static dev.graceful.api.CrdFiles.property;
import static org.assertj.core.api.Assertions.assertThat;

import dev.graceful.api.v1alpha1.DeploymentProtectionSpec;
import dev.graceful.api.v1alpha1.DeploymentProtectionStatus;
import dev.graceful.api.v1alpha1.GracefulPolicySpec;
import dev.graceful.api.v1alpha1.GracefulPolicyStatus;
import dev.graceful.api.v1alpha1.TerminationReportSpec;
import dev.graceful.api.v1alpha1.TerminationReportStatus;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Whatever text the operator puts into a record that it writes, the record holds printable text
 * that its schema takes.
 */
class WrittenTextTest {

  private static final String HOSTILE =
      "\u001b[31m\r\n\u202e\u2066\u200b\u0000\u009b\ufeff\ud800".repeat(10_000);

  /** What people write in a policy goes into pod templates as it is. */
  private final Set<Class<?>> policies = recordsOf(GracefulPolicySpec.class, new HashSet<>());

  @Test
  void everyTextThatIsWrittenFitsItsSchema() throws Exception {
    // given
    var checked = new TreeMap<String, String>();

    // when
    check("DeploymentProtection.spec", DeploymentProtectionSpec.class, checked);
    check("DeploymentProtection.status", DeploymentProtectionStatus.class, checked);
    check("TerminationReport.spec", TerminationReportSpec.class, checked);
    check("TerminationReport.status", TerminationReportStatus.class, checked);
    check("GracefulPolicy.status", GracefulPolicyStatus.class, checked);

    // then
    assertThat(checked).allSatisfy((field, fault) -> assertThat(fault).as(field).isEmpty());
    assertThat(checked)
        .containsKeys(
            "DeploymentProtection.spec.earlier[].containers[]",
            "TerminationReport.status.worstTerminations[].restsOn",
            "GracefulPolicy.status.conditions[].message");
  }

  /** They are as long as a policy's schema allows, so the protection's has to allow as much. */
  @Test
  void aProtectionTakesEveryReadinessProbeOfAPolicy() throws IOException {
    // given
    JSONSchemaProps policys = property(schema("GracefulPolicy.spec"), "readinessProbe");
    JSONSchemaProps protections =
        property(property(schema("DeploymentProtection.spec"), "decision"), "readinessProbe");

    // then
    assertThat(protections.getProperties()).isEqualTo(policys.getProperties());
  }

  private void check(String path, Class<?> type, Map<String, String> checked)
      throws ReflectiveOperationException, IOException {
    check(path, schema(path), type, checked);
  }

  private void check(
      String path, JSONSchemaProps schema, Class<?> type, Map<String, String> checked)
      throws ReflectiveOperationException {
    Object hostile = hostile(type);
    for (RecordComponent each : type.getRecordComponents()) {
      JSONSchemaProps field = property(schema, each.getName());
      boolean list = each.getType() == List.class;
      Class<?> held = list ? element(each) : each.getType();
      String name = path + "." + each.getName() + (list ? "[]" : "");
      JSONSchemaProps itself = list ? field.getItems().getSchema() : field;
      if (held == String.class) {
        Object value = Objects.requireNonNull(each.getAccessor().invoke(hostile), name);
        List<?> texts = list ? (List<?>) value : List.of(value);
        checked.put(name, fault(itself.getMaxLength(), texts));
      } else if (held.isRecord() && !policies.contains(held)) {
        check(name, itself, held, checked);
      }
    }
  }

  private static String fault(@Nullable Long maxLength, List<?> texts) {
    if (maxLength == null) {
      return "no maxLength";
    }
    for (Object each : texts) {
      var text = (String) each;
      if (text.isBlank() || text.length() > maxLength) {
        return text.length() + " characters, at most " + maxLength;
      }
      if (!text.matches("[\\[31m \ufffd…]+")) {
        return "not printable";
      }
    }
    return texts.isEmpty() ? "empty" : "";
  }

  /** A record with as much hostile text as it has room for. */
  private static Object hostile(Class<?> type) throws ReflectiveOperationException {
    RecordComponent[] components = type.getRecordComponents();
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    @Nullable Object[] values = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      values[i] =
          switch (types[i].getName()) {
            case "java.lang.String" -> HOSTILE;
            case "java.util.List" ->
                element(components[i]) == String.class ? List.of("m", HOSTILE) : null;
            case "int" -> 0;
            case "long" -> 0L;
            case "boolean" -> false;
            default -> null;
          };
    }
    Constructor<?> constructor = type.getDeclaredConstructor(types);
    return constructor.newInstance(values);
  }

  private static Set<Class<?>> recordsOf(Type type, Set<Class<?>> found) {
    if (type instanceof ParameterizedType generic) {
      Arrays.stream(generic.getActualTypeArguments()).forEach(each -> recordsOf(each, found));
    } else if (type instanceof Class<?> record && record.isRecord() && found.add(record)) {
      Arrays.stream(record.getRecordComponents())
          .forEach(each -> recordsOf(each.getGenericType(), found));
    }
    return found;
  }

  private static Class<?> element(RecordComponent list) {
    return (Class<?>) ((ParameterizedType) list.getGenericType()).getActualTypeArguments()[0];
  }

  private static JSONSchemaProps schema(String path) throws IOException {
    String[] names = path.split("\\.", -1);
    return CrdFiles.texts(CrdFiles.COMMITTED).values().stream()
        .map(text -> Serialization.unmarshal(text, CustomResourceDefinition.class))
        .filter(crd -> crd.getSpec().getNames().getKind().equals(names[0]))
        .map(crd -> crd.getSpec().getVersions().getFirst().getSchema().getOpenAPIV3Schema())
        .map(root -> property(root, names[1]))
        .findFirst()
        .orElseThrow();
  }
}

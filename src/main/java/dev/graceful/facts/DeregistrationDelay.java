package dev.graceful.facts;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How long a load balancer goes on with a target that leaves, as it is declared in the cluster.
 *
 * @param seconds from 0 on; the balancers' own limits are not known here
 * @param source where it is declared: an annotation or a field, and the object that has it
 */
public record DeregistrationDelay(int seconds, String source) {

  private static final Pattern NUMBER = Pattern.compile("^\\s*(\\d{1,6})\\s*$");

  /** A target group's attributes are pairs with commas between them. */
  private static final Pattern ATTRIBUTE =
      Pattern.compile(
          "(?:^|,)\\s*deregistration_delay\\.timeout_seconds\\s*=\\s*(\\d{1,6})\\s*(?:,|$)");

  /**
   * An annotation that declares one.
   *
   * @param switchedOn the annotation that has to be "true"; null: none has to
   */
  private record Declaring(String key, Pattern value, @Nullable String switchedOn) {}

  /**
   * As their controllers document them: the AWS load balancer controller for Ingresses and
   * Services, the cloud provider of AWS for classic load balancers, and the controller of Azure's
   * Application Gateway.
   */
  private static final List<Declaring> ANNOTATIONS =
      List.of(
          new Declaring("alb.ingress.kubernetes.io/target-group-attributes", ATTRIBUTE, null),
          new Declaring(
              "service.beta.kubernetes.io/aws-load-balancer-target-group-attributes",
              ATTRIBUTE,
              null),
          new Declaring(
              "service.beta.kubernetes.io/aws-load-balancer-connection-draining-timeout",
              NUMBER,
              "service.beta.kubernetes.io/aws-load-balancer-connection-draining-enabled"),
          new Declaring(
              "appgw.ingress.kubernetes.io/connection-draining-timeout",
              NUMBER,
              "appgw.ingress.kubernetes.io/connection-draining"));

  /**
   * What annotations declare.
   *
   * @param annotations null: there are none
   * @param object that has them, as users call it
   * @return null: nothing that can be read
   */
  static @Nullable DeregistrationDelay in(
      @Nullable Map<String, String> annotations, String object) {
    if (annotations != null) {
      for (Declaring each : ANNOTATIONS) {
        boolean on = each.switchedOn == null || "true".equals(annotations.get(each.switchedOn));
        Matcher value = each.value.matcher(annotations.getOrDefault(each.key, ""));
        if (on && value.find()) {
          return new DeregistrationDelay(
              Integer.parseInt(value.group(1)), each.key + " of " + object);
        }
      }
    }
    return null;
  }

  /**
   * What a field declares.
   *
   * @param value as it was read; no number of seconds: nothing
   * @param field its path
   * @param object that has it, as users call it
   */
  static @Nullable DeregistrationDelay of(Object value, String field, String object) {
    return value instanceof Integer seconds && seconds >= 0
        ? new DeregistrationDelay(seconds, field + " of " + object)
        : null;
  }
}

package dev.graceful.facts;

import java.net.InetAddress;

/**
 * Where the operator may send something. Whoever may write a pod's status could else send it to any
 * place that the operator reaches: to itself, to its node, to a cloud's metadata service.
 */
public final class PodAddress {

  private PodAddress() {}

  /**
   * Whether an address may be a pod's own. Loopback, link-local, multicast and unspecified
   * addresses are none; nor is what is no IP address, as a name is looked up who knows where.
   */
  public static boolean mayBe(String address) {
    try {
      InetAddress ip = InetAddress.ofLiteral(address);
      return !ip.isLoopbackAddress()
          && !ip.isLinkLocalAddress()
          && !ip.isMulticastAddress()
          && !ip.isAnyLocalAddress();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}

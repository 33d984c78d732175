package dev.graceful.judge;

import dev.graceful.evidence.EndpointState;
import dev.graceful.evidence.Entry;
import dev.graceful.evidence.History;
import dev.graceful.evidence.Setting;
import dev.graceful.evidence.SigtermWindow;
import dev.graceful.evidence.Tick;
import dev.graceful.evidence.Unready;
import dev.graceful.facts.ContainerFacts;
import dev.graceful.facts.Exit;
import dev.graceful.judge.ContainerEnd.Role;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads a {@link History} as a {@link Timeline}: what the entries mean together. */
public final class Interpreter {

  /** A pod that ends this soon may be dropped from its slices without having been terminating. */
  private static final long SOON_MILLIS = 2_000;

  private final History history;
  private final Setting setting;
  private final Tick start;
  private final Entry.Closed closed;
  private final EndpointState endpoint;

  private Interpreter(History history, Setting setting) {
    this.history = history;
    this.setting = setting;
    this.start = one(Entry.Deleted.class).map(Entry::at).orElseThrow();
    this.closed = one(Entry.Closed.class).orElseThrow();
    this.endpoint = EndpointState.of(history.entries());
  }

  /** The timeline of a termination. */
  public static Timeline timeline(History history) {
    Setting setting = history.setting();
    return setting == null
        ? Timeline.unseen(history.pod(), Unseen.WatchGap)
        : new Interpreter(history, setting).timeline();
  }

  private Timeline timeline() {
    Ending ending = ending();
    var attempts = new Attempts(history, start);
    Ports ports = attempts.ports(setting.ports(), Boolean.TRUE.equals(closed.reachable()));
    return new Timeline(
        history.pod(),
        cause(),
        template(),
        setting.graceSeconds(),
        graceCut(),
        setting.propagationSeconds(),
        verification(ports),
        setting.asked(),
        ports,
        setting.unfit(),
        setting.everReady(),
        setting.exposed(),
        setting.unready(),
        leftMillis(ending),
        endpoint.leftAt() != null
            && leftBeforeMillis() == null
            && endpoint.lastOfItsService()
            && closed.replicasWanted(),
        millis(Entry.Unready.class),
        sigterm(),
        hookFailed(),
        ending,
        endedByNode(),
        attempts.at(ports.asked()),
        map(Entry.Requested.class, this::exchange),
        history.all(Entry.Idled.class).reduce((a, b) -> b).map(this::idle).orElse(null),
        map(Entry.Blind.class, e -> new BlindSpot(millis(e.from()), millis(e.at()))),
        unseen());
  }

  /** Of a command that failed, its text does not tell when SIGTERM came. */
  private @Nullable SigtermWindow sigterm() {
    boolean failed =
        history.all(Entry.HookFailed.class).anyMatch(e -> role(e.container()) != Role.Helps);
    return failed && setting.customPreStop() ? null : setting.sigterm(millis(Entry.TakenUp.class));
  }

  private Timeline.Template template() {
    return new Timeline.Template(
        setting.sleepSeconds(),
        setting.hookMillisAtLeast(),
        setting.customPreStop(),
        setting.readinessProbe(),
        setting.proxy());
  }

  /** The kubelet's own last deletion gives no grace, and cuts nothing short. */
  private @Nullable GraceCut graceCut() {
    long least =
        history
            .all(Entry.GraceChanged.class)
            .mapToLong(Entry.GraceChanged::graceSeconds)
            .filter(seconds -> seconds > 0)
            .reduce(setting.graceSeconds(), Math::min);
    return GraceCut.of(setting.graceSeconds(), least, setting.fullGraceSeconds());
  }

  private KeepAliveRequest exchange(Entry.Requested e) {
    return new KeepAliveRequest(millis(e.sentAt()), millis(e.outUntil()), millis(e.at()), e.fate());
  }

  private <E extends Entry, T> List<T> map(Class<E> kind, Function<E, T> meaning) {
    return history.all(kind).map(meaning).toList();
  }

  private Cause cause() {
    String disruption = disruption();
    if (disruption != null) {
      return "EvictionByEvictionAPI".equals(disruption) ? Cause.Eviction : Cause.Other;
    }
    if (closed.orphaned()) {
      return Cause.Other;
    }
    if (closed.newerRevision()) {
      return Cause.Rollout;
    }
    return history.all(Entry.Replicas.class).anyMatch(e -> e.wanted() <= e.staying())
        ? Cause.ScaleIn
        : Cause.Deletion;
  }

  private @Nullable String disruption() {
    return history
        .all(Entry.Disrupted.class)
        .reduce((a, b) -> b)
        .map(Entry.Disrupted::reason)
        .orElse(null);
  }

  private Verification verification(Ports ports) {
    if (!setting.connects()) {
      return Verification.NotAsked;
    }
    if (setting.exposed() && setting.ports().tried().isEmpty()) {
      if (setting.ports().untried() > 0) {
        return Verification.NoPortNamed;
      }
      if (setting.ports().otherwise()) {
        return Verification.NoTcpPort;
      }
    }
    if (!setting.ownAddress() && setting.exposed()) {
      return Verification.NoPodsAddress;
    }
    if (!setting.probed() && setting.exposed() && setting.graceSeconds() > 0) {
      return Verification.Sampled;
    }
    return !ports.reached().isEmpty() || Boolean.TRUE.equals(closed.reachable())
        ? Verification.Reached
        : Verification.NeverReachable;
  }

  /**
   * Slices drop a pod that has ended, whether they had it as terminating before or not: that is
   * leaving only where the end came so soon that one write showed both. The two watches may show
   * the end and the drop in either order.
   */
  private @Nullable Long leftMillis(@Nullable Ending ending) {
    Long before = leftBeforeMillis();
    if (before != null) {
      return before;
    }
    if (endpoint.leftAt() != null) {
      return millis(endpoint.leftAt());
    }
    Tick absentAt = endpoint.absentAt();
    if (!setting.exposed() || absentAt == null || ending == null) {
      return null;
    }
    long absentMillis = millis(absentAt);
    boolean dropped =
        endpoint.keptReady()
            ? absentMillis < ending.seenMillis() - Timeline.WATCHES_APART_MILLIS
            : absentMillis < ending.seenMillis() || ending.seenMillis() < SOON_MILLIS;
    return dropped ? absentMillis : null;
  }

  /** When it left before it was deleted, as it was not ready any more; null: it did not. */
  private @Nullable Long leftBeforeMillis() {
    Unready unready = setting.unready();
    return unready == null || unready.notReadyMillis() == 0
        ? null
        : Long.valueOf(-Math.min(unready.absentMillis(), unready.notReadyMillis()));
  }

  private @Nullable Ending ending() {
    Optional<Entry.FailedByNode> failed = one(Entry.FailedByNode.class);
    if (failed.isPresent()) {
      return new Ending(0, containers(failed.get().exits()));
    }
    Optional<Entry.Exited> exited = one(Entry.Exited.class);
    if (exited.isPresent() && hadExitedBefore()) {
      return new Ending(0, List.of());
    }
    if (exited.isPresent()) {
      return new Ending(millis(exited.get().at()), containers(exited.get().exits()));
    }
    Long gone = millis(Entry.Gone.class);
    return gone == null ? null : new Ending(gone, List.of());
  }

  /** Whether the process had exited when the deletion was first seen. */
  private boolean hadExitedBefore() {
    return history.entries().stream()
        .takeWhile(entry -> !(entry instanceof Entry.Deleted))
        .anyMatch(Entry.Exited.class::isInstance);
  }

  /** Those that serve in the template's order, then the others by name; empty: not all have. */
  private List<ContainerEnd> containers(Map<String, Exit> exits) {
    Map<String, Exit> others = new TreeMap<>(exits);
    List<ContainerEnd> containers = new ArrayList<>();
    for (ContainerFacts container : setting.serving()) {
      Exit exit = others.remove(container.name());
      if (exit == null) {
        return List.of();
      }
      containers.add(new ContainerEnd(container.name(), role(container.name()), exit));
    }
    others.forEach((name, exit) -> containers.add(new ContainerEnd(name, Role.Helps, exit)));
    return containers;
  }

  private Role role(String container) {
    return setting.serving().stream()
        .filter(each -> each.name().equals(container))
        .findFirst()
        .map(each -> setting.surelyServes(each) ? Role.Serves : Role.MayServe)
        .orElse(Role.Helps);
  }

  /** The one that matters most to clients; one without a name is taken for one that serves. */
  private @Nullable FailedHook hookFailed() {
    return history
        .all(Entry.HookFailed.class)
        .map(Entry.HookFailed::container)
        .map(name -> new FailedHook(name, name.isEmpty() ? Role.Serves : role(name)))
        .min(Comparator.comparing(FailedHook::role).thenComparing(FailedHook::container))
        .orElse(null);
  }

  private @Nullable String endedByNode() {
    return one(Entry.FailedByNode.class)
        .map(e -> e.reason().isEmpty() ? Objects.requireNonNullElse(disruption(), "") : e.reason())
        .orElse(null);
  }

  private @Nullable Unseen unseen() {
    return hadExitedBefore()
        ? Unseen.EndedBefore
        : one(Entry.Gone.class).filter(Entry.Gone::missed).isPresent() ? Unseen.WatchGap : null;
  }

  private IdleConnection idle(Entry.Idled e) {
    Tick closed = e.closedAt();
    return new IdleConnection(
        millis(e.at()), closed == null ? null : millis(closed), e.announced());
  }

  private <E extends Entry> Optional<E> one(Class<E> kind) {
    return history.first(kind);
  }

  /** When the first entry of a kind came; null: there is none. */
  private @Nullable Long millis(Class<? extends Entry> kind) {
    return one(kind).map(entry -> millis(entry.at())).orElse(null);
  }

  private long millis(Tick at) {
    return at.millisSince(start);
  }
}

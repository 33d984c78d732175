package dev.graceful.observe;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The one place that remembers what was seen of the pods of Deployments: fed by the watch callbacks
 * and by the probe as things happen, read by the reconciler when it publishes. Thread-safe; each
 * call takes the moment of its receipt ({@link System#nanoTime()}) from the caller.
 *
 * <p>Of a pod that only runs it keeps a few words; a timeline begins with the deletion.
 */
public final class Terminations {

  /**
   * How the terminations of a workload are to be watched.
   *
   * @param connect whether its terminating pods are knocked at
   */
  public record Settings(int propagationSeconds, boolean connect) {}

  /** A pod's serving port. */
  public record Target(
      WorkloadRef workload, String revisionUid, PodRef pod, String address, int port) {}

  /**
   * How far a termination has come, for whoever knocks.
   *
   * @param elapsedMillis since the deletion was first seen
   * @param leftMillis null: not yet
   * @param refusedInARow how many of the latest knocks were refused
   */
  public record Progress(
      long elapsedMillis, @Nullable Long leftMillis, int propagationSeconds, int refusedInARow) {}

  /**
   * One revision as the reconciler publishes it.
   *
   * @param watchedPods its pods that are known and not concluded, by name
   * @param terminating how many of them are being ended
   * @param concluded terminations that are not published yet
   * @param publishedBefore whether any were published since the operator started
   */
  public record RevisionView(
      RevisionFacts facts,
      List<PodRef> watchedPods,
      int terminating,
      List<Timeline> concluded,
      boolean publishedBefore) {}

  /** Told what happens; called without any lock held, on the thread of the cause. */
  public interface Listener {
    /** Something about the workload may have to be published or decided anew. */
    void changed(WorkloadRef workload);

    /** A pod of a revision that nobody has met yet is ready. */
    void readyToMeet(Target target);

    /** A pod that is to be knocked at is being ended. */
    void started(Target target);
  }

  private enum Acquaintance {
    UNMET,
    ASKED,
    REACHABLE,
    UNREACHABLE
  }

  private static final class Revision {
    final String uid;
    @Nullable RevisionFacts facts;
    Acquaintance acquaintance = Acquaintance.UNMET;
    final Map<String, Pod> pods = new HashMap<>();
    final List<Timeline> concluded = new ArrayList<>();
    boolean published;

    Revision(String uid) {
      this.uid = uid;
    }

    @Nullable WorkloadRef workload() {
      return facts == null ? null : facts.workload();
    }
  }

  private static final class Pod {
    final PodRef ref;
    final Revision revision;
    @Nullable String address;
    boolean ready;
    boolean everReady;
    long leftNanos;
    boolean left;
    @Nullable Open open;

    Pod(PodRef ref, Revision revision) {
      this.ref = ref;
      this.revision = revision;
    }
  }

  /** A termination under way. */
  private static final class Open {
    final long startNanos;
    final long graceSeconds;
    final Settings settings;
    final boolean exposed;
    final int sleepSeconds;
    final Set<String> servingContainers;
    final boolean probed;
    final List<Knock> knocks = new ArrayList<>();
    boolean graceShortened;
    boolean fewerReplicas;
    @Nullable String disruption;

    Open(
        long startNanos,
        long graceSeconds,
        Settings settings,
        boolean exposed,
        int sleepSeconds,
        Set<String> servingContainers,
        boolean probed) {
      this.startNanos = startNanos;
      this.graceSeconds = graceSeconds;
      this.settings = settings;
      this.exposed = exposed;
      this.sleepSeconds = sleepSeconds;
      this.servingContainers = servingContainers;
      this.probed = probed;
    }

    long millis(long nanos) {
      return TimeUnit.NANOSECONDS.toMillis(nanos - startNanos);
    }
  }

  /** A time without sight. */
  private record Blind(long fromNanos, long toNanos) {}

  /** What is to be told once the lock is released. */
  private static final class News {
    final Set<WorkloadRef> changed = new HashSet<>();
    final List<Target> toMeet = new ArrayList<>();
    final List<Target> started = new ArrayList<>();

    void tell(Listener listener) {
      started.forEach(listener::started);
      toMeet.forEach(listener::readyToMeet);
      changed.forEach(listener::changed);
    }
  }

  private static final int BLIND_SPOTS_KEPT = 100;

  /** A deletion may be seen this late after the pod left: then the blindness lies before it. */
  private static final Duration BLIND_SPOTS_BEFORE = Duration.ofMinutes(1);

  private final Listener listener;
  private final int mostProbedAtOnce;
  private final Deque<Blind> blind = new ArrayDeque<>();

  private final Map<String, Revision> revisions = new HashMap<>();
  private final Map<WorkloadRef, Set<String>> revisionsOf = new HashMap<>();
  private final Map<String, Pod> pods = new HashMap<>();
  private final Map<String, SliceFacts> slices = new HashMap<>();
  private final Map<String, Set<String>> slicesOfPod = new HashMap<>();
  private final Map<String, String> podOfAddress = new HashMap<>();
  private final Map<WorkloadRef, Settings> governed = new HashMap<>();
  private int probedNow;

  /**
   * Remembers nothing yet.
   *
   * @param mostProbedAtOnce of terminations; those beyond are judged by their status alone
   */
  public Terminations(Listener listener, int mostProbedAtOnce) {
    this.listener = listener;
    this.mostProbedAtOnce = mostProbedAtOnce;
  }

  // ---------------------------------------------------------------- what the watches deliver

  /** A ReplicaSet is there, or has changed. */
  public void replicaSet(RevisionFacts facts) {
    var news = new News();
    synchronized (this) {
      Revision revision = revisions.computeIfAbsent(facts.uid(), Revision::new);
      RevisionFacts before = revision.facts;
      WorkloadRef workload = facts.workload();
      if (!Objects.equals(workload, revision.workload())) {
        // Orphaned: its Deployment was deleted without it.
        detach(revision);
      }
      revision.facts = facts;
      if (workload != null) {
        revisionsOf.computeIfAbsent(workload, w -> new HashSet<>()).add(facts.uid());
        if (before == null && !revision.pods.isEmpty()) {
          news.changed.add(workload);
          revision.pods.values().forEach(pod -> meet(pod, news));
        }
      }
      if (before != null && facts.replicas() < before.replicas()) {
        for (Pod pod : revision.pods.values()) {
          if (pod.open != null) {
            noteReplicas(pod.open, revision);
          }
        }
      }
    }
    news.tell(listener);
  }

  /** A ReplicaSet is gone; what its pods still do is of no revision any more. */
  public synchronized void replicaSetGone(String uid) {
    Revision revision = revisions.remove(uid);
    if (revision == null) {
      return;
    }
    detach(revision);
    List.copyOf(revision.pods.keySet()).forEach(this::forget);
  }

  /** A pod is there, or has changed. */
  public void pod(PodFacts facts, long nanos) {
    var news = new News();
    synchronized (this) {
      String owner = facts.replicaSetUid();
      String uid = facts.ref().uid();
      if (owner == null) {
        return;
      }
      Pod pod = pods.get(uid);
      if (pod == null) {
        if (facts.deletionGraceSeconds() != null) {
          // Seen for the first time on its way out: what it did before is not known. If an earlier
          // run of the operator knew it, the reconciler finds its uid in the report.
          return;
        }
        Revision revision = revisions.computeIfAbsent(owner, Revision::new);
        pod = new Pod(facts.ref(), revision);
        pods.put(uid, pod);
        revision.pods.put(uid, pod);
        WorkloadRef workload = revision.workload();
        if (workload != null) {
          news.changed.add(workload);
        }
      }
      address(pod, facts.address());
      WorkloadRef governedWorkload = pod.revision.workload();
      if (facts.ready()
          && !pod.ready
          && governedWorkload != null
          && governed.containsKey(governedWorkload)) {
        // What waits for a pod that answers can go on.
        news.changed.add(governedWorkload);
      }
      pod.ready = facts.ready();
      pod.everReady |= facts.ready();
      Long grace = facts.deletionGraceSeconds();
      if (grace == null) {
        meet(pod, news);
      } else {
        boolean first = pod.open == null;
        if (first) {
          begin(pod, facts, grace, nanos, news);
        }
        Open open = pod.open;
        if (open != null) {
          open.graceShortened |= grace < open.graceSeconds && grace > 0;
          open.disruption = facts.disruption();
          Exit exit = exit(facts, open.servingContainers);
          if (exit != null && first) {
            // It crashed, or its node ended it, and only then was it deleted.
            conclude(pod, open, new Ending(0, null), Unseen.EndedBefore, news);
          } else if (exit != null) {
            conclude(pod, open, new Ending(open.millis(nanos), exit), null, news);
          }
        }
      }
    }
    news.tell(listener);
  }

  /**
   * A pod is gone.
   *
   * @param facts its last state
   * @param unseen whether its last state was missed, because the watch was down
   */
  public void podGone(PodFacts facts, boolean unseen, long nanos) {
    // The last event of a watch carries the last state, and a quick end may be told by it alone.
    if (!unseen) {
      pod(facts, nanos);
    }
    var news = new News();
    synchronized (this) {
      Pod pod = pods.get(facts.ref().uid());
      if (pod == null) {
        return;
      }
      Open open = pod.open;
      if (open != null) {
        conclude(
            pod, open, new Ending(open.millis(nanos), null), unseen ? Unseen.WatchGap : null, news);
      } else {
        WorkloadRef workload = pod.revision.workload();
        if (workload != null && governed.containsKey(workload)) {
          if (unseen) {
            pod.revision.concluded.add(Timeline.unseen(pod.ref, Unseen.WatchGap));
          } else {
            // Deleted without a grace period: the first sight of the deletion is the end.
            begin(pod, facts, 0, nanos, news);
            Open sudden = pod.open;
            if (sudden != null) {
              conclude(pod, sudden, new Ending(0, null), null, news);
            }
          }
          news.changed.add(workload);
        }
      }
      forget(facts.ref().uid());
    }
    news.tell(listener);
  }

  /** An EndpointSlice is there, or has changed. */
  public void slice(SliceFacts facts, long nanos) {
    exchange(facts.namespace() + "/" + facts.name(), facts, nanos);
  }

  /** An EndpointSlice is gone. */
  public void sliceGone(String namespace, String name, long nanos) {
    exchange(namespace + "/" + name, null, nanos);
  }

  private void exchange(String key, @Nullable SliceFacts now, long nanos) {
    var news = new News();
    synchronized (this) {
      SliceFacts before = now == null ? slices.remove(key) : slices.put(key, now);
      Set<String> touched = new HashSet<>();
      if (before != null) {
        touched.addAll(before.endpoints().keySet());
      }
      if (now != null) {
        touched.addAll(now.endpoints().keySet());
      }
      boolean portsChanged = before == null || now == null || !before.ports().equals(now.ports());
      for (String uid : touched) {
        boolean was = before != null && before.endpoints().containsKey(uid);
        boolean is = now != null && now.endpoints().containsKey(uid);
        if (is && !was) {
          slicesOfPod.computeIfAbsent(uid, u -> new TreeSet<>()).add(key);
        } else if (was && !is) {
          Set<String> of = slicesOfPod.get(uid);
          if (of != null) {
            of.remove(key);
            if (of.isEmpty()) {
              slicesOfPod.remove(uid);
            }
          }
        }
        Pod pod = pods.get(uid);
        if (pod == null) {
          continue;
        }
        SliceFacts.EndpointFacts endpoint = now == null ? null : now.endpoints().get(uid);
        boolean terminating = pod.open != null || (endpoint != null && endpoint.terminating());
        if (terminating && !pod.left && !readyAnywhere(uid)) {
          pod.left = true;
          pod.leftNanos = nanos;
        }
        meet(pod, news);
        WorkloadRef workload = pod.revision.workload();
        if (workload != null && (portsChanged || was != is) && pod.open == null) {
          news.changed.add(workload);
        }
      }
    }
    news.tell(listener);
  }

  /** The operator could not see between these moments. Calls come in the order of time. */
  public synchronized void blind(long fromNanos, long toNanos) {
    Blind last = blind.peekLast();
    if (last != null && fromNanos - last.toNanos <= 0) {
      blind.removeLast();
      blind.add(new Blind(last.fromNanos, toNanos));
      return;
    }
    blind.add(new Blind(fromNanos, toNanos));
    if (blind.size() > BLIND_SPOTS_KEPT) {
      blind.removeFirst();
    }
  }

  // ---------------------------------------------------------------- what the probe delivers

  /** Whether a revision answered when it was met. */
  public synchronized void met(String revisionUid, boolean reachable) {
    Revision revision = revisions.get(revisionUid);
    if (revision != null) {
      revision.acquaintance = reachable ? Acquaintance.REACHABLE : Acquaintance.UNREACHABLE;
    }
  }

  /** How far the pod's termination has come; null: it is over, and there is nothing to knock at. */
  public synchronized @Nullable Progress progress(String podUid, long nanos) {
    Pod pod = knockable(podUid);
    Open open = pod == null ? null : pod.open;
    if (pod == null || open == null) {
      return null;
    }
    int refused = 0;
    for (int i = open.knocks.size() - 1; i >= 0; i--) {
      if (open.knocks.get(i).outcome() != Knock.Outcome.Refused) {
        break;
      }
      refused++;
    }
    return new Progress(
        open.millis(nanos),
        pod.left ? open.millis(pod.leftNanos) : null,
        open.settings.propagationSeconds(),
        refused);
  }

  /**
   * What became of a knock. One whose termination is over, or whose address has another pod by now,
   * is dropped.
   *
   * @param nanos the moment that the outcome is certain for, see {@link Knock}
   */
  public synchronized void knocked(String podUid, Knock.Outcome outcome, long nanos) {
    Pod pod = knockable(podUid);
    if (pod != null && pod.open != null) {
      pod.open.knocks.add(new Knock(pod.open.millis(nanos), outcome));
    }
  }

  // ---------------------------------------------------------------- what the reconciler asks

  /**
   * From now on the workload's terminations are watched so; nothing changes for those under way.
   */
  public void govern(WorkloadRef workload, Settings settings) {
    var news = new News();
    synchronized (this) {
      Settings before = governed.put(workload, settings);
      if (!settings.equals(before)) {
        for (Revision revision : revisionsOf(workload)) {
          revision.pods.values().forEach(pod -> meet(pod, news));
        }
      }
    }
    news.tell(listener);
  }

  /** The workload's terminations are watched no longer. */
  public synchronized void release(WorkloadRef workload) {
    governed.remove(workload);
  }

  /** The workload's revisions, oldest first. */
  public synchronized List<RevisionView> revisions(WorkloadRef workload) {
    List<RevisionView> views = new ArrayList<>();
    for (Revision revision : revisionsOf(workload)) {
      RevisionFacts facts = revision.facts;
      if (facts != null) {
        int terminating =
            (int) revision.pods.values().stream().filter(pod -> pod.open != null).count();
        views.add(
            new RevisionView(
                facts,
                revision.pods.values().stream()
                    .map(pod -> pod.ref)
                    .sorted(Comparator.comparing(PodRef::name))
                    .toList(),
                terminating,
                List.copyOf(revision.concluded),
                revision.published));
      }
    }
    views.sort(Comparator.comparingLong(view -> view.facts().revision()));
    return views;
  }

  /** Whether a revision is still there. */
  public synchronized boolean knows(String revisionUid) {
    return revisions.containsKey(revisionUid);
  }

  /** These terminations of a revision turned out to be published already. */
  public synchronized void drop(String revisionUid, Collection<Timeline> timelines) {
    Revision revision = revisions.get(revisionUid);
    if (revision != null) {
      revision.concluded.removeAll(timelines);
    }
  }

  /** What is to be said of a revision is published; these terminations need not be remembered. */
  public synchronized void published(String revisionUid, Collection<Timeline> timelines) {
    drop(revisionUid, timelines);
    Revision revision = revisions.get(revisionUid);
    if (revision != null) {
      revision.published = true;
    }
  }

  /** The contents of the pod templates in the workload's history. */
  public synchronized Set<String> templates(WorkloadRef workload) {
    Set<String> templates = new HashSet<>();
    for (Revision revision : revisionsOf(workload)) {
      if (revision.facts != null) {
        templates.add(revision.facts.template());
      }
    }
    return templates;
  }

  /** The address of a ready pod of the workload's newest revision; null: there is none. */
  public synchronized @Nullable String readyAddress(WorkloadRef workload) {
    return revisionsOf(workload).stream()
        .filter(revision -> revision.facts != null)
        .max(
            Comparator.comparingLong(
                revision -> revision.facts == null ? 0 : revision.facts.revision()))
        .flatMap(
            revision ->
                revision.pods.values().stream()
                    .filter(pod -> pod.ready && pod.open == null && pod.address != null)
                    .findFirst())
        .map(pod -> pod.address)
        .orElse(null);
  }

  /** The ports that the workload's pods serve for any EndpointSlice. */
  public synchronized Set<Integer> servingPorts(WorkloadRef workload) {
    Set<Integer> ports = new TreeSet<>();
    for (Revision revision : revisionsOf(workload)) {
      revision.pods.keySet().forEach(uid -> ports.addAll(portsOf(uid)));
    }
    return ports;
  }

  // ---------------------------------------------------------------- inside, under the lock

  private void begin(Pod pod, PodFacts facts, long grace, long nanos, News news) {
    WorkloadRef workload = pod.revision.workload();
    Settings settings = workload == null ? null : governed.get(workload);
    if (workload == null || settings == null) {
      forget(pod.ref.uid());
      return;
    }
    Set<Integer> ports = portsOf(pod.ref.uid());
    List<ContainerFacts> serving = ServingContainers.among(facts.containers(), ports);
    boolean exposed = slicesOfPod.containsKey(pod.ref.uid());
    boolean wanted = settings.connect() && exposed && !ports.isEmpty() && pod.address != null;
    boolean probed = wanted && grace > 0 && probedNow < mostProbedAtOnce;
    var open =
        new Open(
            nanos,
            grace,
            settings,
            exposed,
            serving.stream().mapToInt(ContainerFacts::sleepSeconds).max().orElse(0),
            Set.copyOf(serving.stream().map(ContainerFacts::name).toList()),
            probed);
    pod.open = open;
    noteReplicas(open, pod.revision);
    String address = pod.address;
    if (probed && address != null) {
      probedNow++;
      news.started.add(
          new Target(workload, pod.revision.uid, pod.ref, address, ports.iterator().next()));
    }
    news.changed.add(workload);
  }

  private void conclude(Pod pod, Open open, Ending ending, @Nullable Unseen unseen, News news) {
    Revision revision = pod.revision;
    boolean answered = open.knocks.stream().anyMatch(k -> k.outcome() == Knock.Outcome.Accepted);
    Verification verification;
    if (!open.settings.connect()) {
      verification = Verification.NotAsked;
    } else if (!open.probed && open.exposed && open.graceSeconds > 0) {
      verification = Verification.Sampled;
    } else if (answered || revision.acquaintance == Acquaintance.REACHABLE) {
      verification = Verification.Connections;
    } else {
      verification = Verification.NeverReachable;
    }
    revision.concluded.add(
        new Timeline(
            pod.ref,
            cause(pod, open),
            open.sleepSeconds,
            open.graceSeconds,
            open.graceShortened,
            open.settings.propagationSeconds(),
            verification,
            pod.everReady,
            open.exposed,
            pod.left ? open.millis(pod.leftNanos) : null,
            ending,
            List.copyOf(open.knocks),
            blindSpots(open),
            unseen));
    WorkloadRef workload = revision.workload();
    if (workload != null) {
      news.changed.add(workload);
    }
    forget(pod.ref.uid());
  }

  private List<BlindSpot> blindSpots(Open open) {
    long since = open.startNanos - BLIND_SPOTS_BEFORE.toNanos();
    return blind.stream()
        .filter(spot -> spot.toNanos - since >= 0)
        .map(spot -> new BlindSpot(open.millis(spot.fromNanos), open.millis(spot.toNanos)))
        .toList();
  }

  private Cause cause(Pod pod, Open open) {
    if (open.disruption != null) {
      return "EvictionByEvictionAPI".equals(open.disruption) ? Cause.Eviction : Cause.Other;
    }
    RevisionFacts facts = pod.revision.facts;
    WorkloadRef workload = pod.revision.workload();
    if (facts == null || workload == null) {
      return Cause.Other;
    }
    boolean newer =
        revisionsOf(workload).stream()
            .map(r -> r.facts)
            .anyMatch(f -> f != null && f.revision() > facts.revision());
    if (newer) {
      return Cause.Rollout;
    }
    return open.fewerReplicas ? Cause.ScaleIn : Cause.Deletion;
  }

  private static void noteReplicas(Open open, Revision revision) {
    RevisionFacts facts = revision.facts;
    long staying = revision.pods.values().stream().filter(p -> p.open == null).count();
    open.fewerReplicas |= facts != null && facts.replicas() <= staying;
  }

  private void meet(Pod pod, News news) {
    Revision revision = pod.revision;
    WorkloadRef workload = revision.workload();
    Settings settings = workload == null ? null : governed.get(workload);
    String address = pod.address;
    if (workload == null
        || settings == null
        || !settings.connect()
        || !pod.ready
        || pod.open != null
        || address == null
        || revision.acquaintance != Acquaintance.UNMET) {
      return;
    }
    Set<Integer> ports = portsOf(pod.ref.uid());
    if (!ports.isEmpty()) {
      revision.acquaintance = Acquaintance.ASKED;
      news.toMeet.add(
          new Target(workload, revision.uid, pod.ref, address, ports.iterator().next()));
    }
  }

  /** The pod, if its end is under way and nobody else has its address by now. */
  private @Nullable Pod knockable(String podUid) {
    Pod pod = pods.get(podUid);
    return pod != null && pod.open != null && podUid.equals(podOfAddress.get(pod.address))
        ? pod
        : null;
  }

  private List<Revision> revisionsOf(WorkloadRef workload) {
    return revisionsOf.getOrDefault(workload, Set.of()).stream().map(revisions::get).toList();
  }

  private Set<Integer> portsOf(String podUid) {
    Set<Integer> ports = new TreeSet<>();
    for (String key : slicesOfPod.getOrDefault(podUid, Set.of())) {
      SliceFacts slice = slices.get(key);
      if (slice != null) {
        ports.addAll(slice.ports());
      }
    }
    return ports;
  }

  private boolean readyAnywhere(String podUid) {
    for (String key : slicesOfPod.getOrDefault(podUid, Set.of())) {
      SliceFacts slice = slices.get(key);
      SliceFacts.EndpointFacts endpoint = slice == null ? null : slice.endpoints().get(podUid);
      if (endpoint != null && endpoint.ready()) {
        return true;
      }
    }
    return false;
  }

  private void address(Pod pod, @Nullable String address) {
    if (address != null && !address.equals(pod.address)) {
      podOfAddress.put(address, pod.ref.uid());
      pod.address = address;
    }
  }

  private void detach(Revision revision) {
    WorkloadRef workload = revision.workload();
    Set<String> uids = workload == null ? null : revisionsOf.get(workload);
    if (workload != null && uids != null) {
      uids.remove(revision.uid);
      if (uids.isEmpty()) {
        revisionsOf.remove(workload);
      }
    }
  }

  private void forget(String podUid) {
    Pod pod = pods.remove(podUid);
    if (pod == null) {
      return;
    }
    pod.revision.pods.remove(podUid);
    if (pod.address != null) {
      podOfAddress.remove(pod.address, podUid);
    }
    if (pod.open != null && pod.open.probed) {
      probedNow--;
    }
  }

  private static @Nullable Exit exit(PodFacts facts, Set<String> serving) {
    @Nullable Exit worst = null;
    for (String name : serving) {
      Exit exit = facts.exits().get(name);
      if (exit == null) {
        return null;
      }
      if (worst == null || worst.code() == 0) {
        worst = exit;
      }
    }
    return worst;
  }
}

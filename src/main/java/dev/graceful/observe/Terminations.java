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
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The one place that remembers what was seen of the pods of Deployments: fed by the watch callbacks
 * and by the probe as things happen, read by the reconciler when it publishes. Thread-safe; each
 * call takes the moment of its receipt ({@link System#nanoTime()}) from the caller.
 *
 * <p>Of a pod that only runs it keeps a few words; a timeline begins with the deletion.
 */
public final class Terminations {

  /** How the terminations of a workload are to be watched. */
  public record Settings(int propagationSeconds, Asking.Wish asking) {}

  /**
   * A pod that is to be met or followed.
   *
   * @param met what was learned of its revision; null: it has not been met
   */
  public record Target(
      WorkloadRef workload,
      RevisionRef revision,
      PodRef pod,
      String address,
      Asking asking,
      @Nullable Acquaintance met) {}

  /**
   * How far a termination has come, for whoever knocks.
   *
   * @param elapsedMillis since the deletion was first seen
   * @param graceMillis of the deletion: when it is to be over, on the same scale
   * @param leftMillis null: not yet
   * @param servedMillis when the latest knock that was served began; null: none was
   * @param refusedInARow how many of the latest knocks were refused or reset
   * @param connectOnly whether its readiness path has said 5xx: from then on connections only
   * @param sigterm when it comes, and clients that keep connections may wait for it; null: they may
   *     not
   * @param sleepMillis of its preStop hook: where the kubelet takes up a deletion at once, SIGTERM
   *     comes then
   */
  public record Progress(
      long elapsedMillis,
      long graceMillis,
      @Nullable Long leftMillis,
      int propagationSeconds,
      @Nullable Long servedMillis,
      int refusedInARow,
      boolean connectOnly,
      @Nullable Sigterm sigterm,
      long sleepMillis) {}

  /**
   * A termination that is over.
   *
   * @param lastEvidenceNanos when the last of what its verdict rests on was received
   */
  public record Concluded(Timeline timeline, long lastEvidenceNanos) {}

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
      List<Concluded> concluded,
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

  private static final class Revision {
    final RevisionRef ref;
    @Nullable RevisionFacts facts;
    boolean asked;
    @Nullable Acquaintance met;
    final Map<String, Pod> pods = new HashMap<>();
    final List<Concluded> concluded = new ArrayList<>();
    boolean published;

    Revision(RevisionRef ref) {
      this.ref = ref;
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
    boolean lastOfItsService;

    /** Whether a slice had it as terminating and as ready all the same. */
    boolean keptReady;

    /** Since when it is absent; of no meaning while it is not. */
    long absentNanos;

    /** Whether no slice has it though it is not over, or none of those that kept it ready. */
    boolean absent;

    @Nullable String proxy;
    boolean hostNetwork;
    @Nullable Termination open;

    Pod(PodRef ref, Revision revision) {
      this.ref = ref;
      this.revision = revision;
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

  /** An endpoint that moves from one slice to another is in neither for a moment. */
  private static final long BETWEEN_SLICES_MILLIS = 1_000;

  /**
   * A pod that ends this soon may be dropped from its slices without having been told as leaving.
   */
  private static final long SOON_MILLIS = 2_000;

  /** How long after a pod's end its leaving is waited for: two watches race. */
  private static final Duration WAIT_TO_LEAVE = Duration.ofSeconds(2);

  /** How long after a pod's end an Event on its hook is waited for. */
  private static final Duration WAIT_FOR_EVENT = Duration.ofSeconds(1);

  private final Listener listener;
  private final int mostProbedAtOnce;
  private final Predicate<String> mayBeAsked;
  private final Deque<Blind> blind = new ArrayDeque<>();

  private final Map<RevisionRef, Revision> revisions = new HashMap<>();
  private final Map<WorkloadRef, Set<RevisionRef>> revisionsOf = new HashMap<>();
  private final Map<String, Pod> pods = new HashMap<>();
  private final Endpoints endpoints = new Endpoints();
  private final Map<String, String> podOfAddress = new HashMap<>();
  private final Map<WorkloadRef, Settings> governed = new HashMap<>();
  private final Set<Pod> settling = new HashSet<>();
  private int probedNow;

  /**
   * Remembers nothing yet.
   *
   * @param mostProbedAtOnce of terminations; those beyond are judged by their status alone
   */
  public Terminations(Listener listener, int mostProbedAtOnce) {
    this(listener, mostProbedAtOnce, PodAddress::mayBe);
  }

  /**
   * The same, with another rule for where something may be sent.
   *
   * @param mayBeAsked whether a pod may be asked at its address
   */
  public Terminations(Listener listener, int mostProbedAtOnce, Predicate<String> mayBeAsked) {
    this.listener = listener;
    this.mostProbedAtOnce = mostProbedAtOnce;
    this.mayBeAsked = mayBeAsked;
  }

  // ---------------------------------------------------------------- what the watches deliver

  /** A ReplicaSet is there, or has changed. */
  public void replicaSet(RevisionFacts facts) {
    var news = new News();
    synchronized (this) {
      Revision revision = revisions.computeIfAbsent(facts.ref(), Revision::new);
      RevisionFacts before = revision.facts;
      WorkloadRef workload = facts.workload();
      if (!Objects.equals(workload, revision.workload())) {
        // Orphaned: its Deployment was deleted without it.
        detach(revision);
      }
      revision.facts = facts;
      if (workload != null) {
        revisionsOf.computeIfAbsent(workload, w -> new HashSet<>()).add(revision.ref);
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
  public synchronized void replicaSetGone(RevisionRef ref) {
    Revision revision = revisions.remove(ref);
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
        if (facts.deletionGraceSeconds() != null || facts.failure() != null) {
          // Seen for the first time on its way out: what it did before is not known. If an earlier
          // run of the operator knew it, the reconciler finds its uid in the report.
          return;
        }
        // What has its owner in another namespace has none.
        Revision revision =
            revisions.computeIfAbsent(
                new RevisionRef(facts.ref().namespace(), owner), Revision::new);
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
      // To one that becomes ready on its way out nobody is sent.
      pod.everReady |= facts.ready() && facts.deletionGraceSeconds() == null;
      pod.proxy = facts.proxy();
      pod.hostNetwork = facts.hostNetwork();
      Long grace = facts.deletionGraceSeconds();
      if (grace != null) {
        terminating(pod, facts, grace, nanos, news);
      } else if (facts.failure() != null) {
        endedByNode(pod, facts, nanos, news);
      } else {
        meet(pod, news);
      }
    }
    news.tell(listener);
  }

  private void terminating(Pod pod, PodFacts facts, long grace, long nanos, News news) {
    boolean first = pod.open == null;
    if (first) {
      begin(pod, facts, grace, nanos, news);
    }
    Termination open = pod.open;
    if (open == null || open.ending != null) {
      return;
    }
    open.graceShortened |= grace < open.graceSeconds && grace > 0;
    open.disruption = facts.disruption();
    if (open.takenMillis == null && facts.deletionTaken()) {
      open.takenMillis = open.millis(nanos);
    }
    Exit exit = Termination.exit(facts, open.servingContainers);
    if (exit == null) {
      if (!facts.ready() && open.unreadyMillis == null) {
        open.unreadyMillis = open.millis(nanos);
      }
      return;
    }
    open.lastEvidenceNanos = nanos;
    if (first) {
      // It crashed, and only then was it deleted.
      open.ending = new Ending(0, null, null);
      conclude(pod, open, Unseen.EndedBefore, null, news);
    } else {
      open.ending = new Ending(open.millis(nanos), exit, open.endedFirst(facts, exit));
      settle(pod, open, nanos, news);
    }
  }

  private void endedByNode(Pod pod, PodFacts facts, long nanos, News news) {
    begin(pod, facts, 0, nanos, news);
    Termination open = pod.open;
    if (open != null) {
      open.disruption = facts.disruption();
      open.ending = new Ending(0, Termination.exit(facts, open.servingContainers), null);
      String disruption = facts.disruption();
      String reason = facts.failure() == null ? "" : facts.failure();
      conclude(pod, open, null, reason.isEmpty() && disruption != null ? disruption : reason, news);
    }
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
      Termination open = pod.open;
      if (open != null && open.ending != null) {
        // What it is still waited for comes from elsewhere.
        return;
      }
      WorkloadRef workload = pod.revision.workload();
      if (open != null) {
        open.lastEvidenceNanos = nanos;
        open.ending = new Ending(open.millis(nanos), null, null);
        conclude(pod, open, unseen ? Unseen.WatchGap : null, null, news);
      } else if (workload != null && governed.containsKey(workload)) {
        if (unseen) {
          pod.revision.concluded.add(
              new Concluded(Timeline.unseen(pod.ref, Unseen.WatchGap), nanos));
        } else {
          // Deleted without a grace period: the first sight of the deletion is the end.
          begin(pod, facts, 0, nanos, news);
          Termination sudden = pod.open;
          if (sudden != null) {
            sudden.ending = new Ending(0, null, null);
            conclude(pod, sudden, null, null, news);
          }
        }
        news.changed.add(workload);
      }
      forget(facts.ref().uid());
    }
    news.tell(listener);
  }

  /**
   * The kubelet has said that a preStop hook of the pod failed.
   *
   * @param namespace of the Event; of a pod of another namespace it says nothing
   */
  public void hookFailed(String namespace, String podUid, long nanos) {
    var news = new News();
    synchronized (this) {
      Pod pod = pods.get(podUid);
      Termination open = pod == null ? null : pod.open;
      if (pod != null && open != null && pod.ref.namespace().equals(namespace)) {
        open.hookFailed = true;
        open.lastEvidenceNanos = nanos;
        if (open.ending != null) {
          settle(pod, open, nanos, news);
        }
      }
    }
    news.tell(listener);
  }

  /** Time goes on: what is waited for no longer is concluded. To be called every now and then. */
  public void tick(long nanos) {
    var news = new News();
    synchronized (this) {
      for (Pod pod : List.copyOf(settling)) {
        Termination open = pod.open;
        if (open != null) {
          settle(pod, open, nanos, news);
        }
      }
    }
    news.tell(listener);
  }

  /** An EndpointSlice is there, or has changed. */
  public void slice(SliceFacts facts, long nanos) {
    var news = new News();
    synchronized (this) {
      changed(endpoints.put(facts.withUids(this::sameUid)), nanos, news);
    }
    news.tell(listener);
  }

  private String sameUid(String uid) {
    Pod pod = pods.get(uid);
    return pod == null ? uid : pod.ref.uid();
  }

  /** An EndpointSlice is gone. */
  public void sliceGone(String namespace, String name, long nanos) {
    var news = new News();
    synchronized (this) {
      changed(endpoints.remove(namespace, name), nanos, news);
    }
    news.tell(listener);
  }

  private void changed(Endpoints.Change change, long nanos, News news) {
    for (String uid : change.podUids()) {
      Pod pod = pods.get(uid);
      if (pod == null || !pod.ref.namespace().equals(change.namespace())) {
        continue;
      }
      boolean cameOrWent = change.cameOrWent().contains(uid);
      boolean ready = endpoints.isReadyAnywhere(pod.ref);
      if (cameOrWent) {
        // What a slice kept ready until it dropped it has not left by what the others say.
        boolean absent = !endpoints.have(pod.ref) || (pod.keptReady && !pod.left && !ready);
        if (absent && !pod.absent) {
          pod.absentNanos = nanos;
        }
        pod.absent = absent;
      }
      boolean terminating = pod.open != null || endpoints.isTerminating(pod.ref);
      pod.keptReady |= endpoints.isKeptReady(pod.ref);
      // One that is absent at this moment may be on its way into another slice.
      if (terminating && !pod.left && !pod.absent && !ready) {
        pod.left = true;
        pod.leftNanos = nanos;
        pod.lastOfItsService = endpoints.lacksReady(pod.ref);
        if (pod.open != null) {
          pod.open.lastEvidenceNanos = nanos;
        }
      }
      if (pod.open != null && pod.open.ending != null) {
        settle(pod, pod.open, nanos, news);
      }
      meet(pod, news);
      WorkloadRef workload = pod.revision.workload();
      if (workload != null && (change.portsChanged() || cameOrWent) && pod.open == null) {
        news.changed.add(workload);
      }
    }
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

  /** What was learned of a revision when it was met. */
  public synchronized void met(RevisionRef ref, Acquaintance acquaintance) {
    Revision revision = revisions.get(ref);
    if (revision != null && revision.asked) {
      revision.met = acquaintance;
    }
  }

  /** How far the pod's termination has come; null: it is over, and there is nothing to knock at. */
  public synchronized @Nullable Progress progress(String podUid, long nanos) {
    Pod pod = knockable(podUid);
    Termination open = pod == null ? null : pod.open;
    if (pod == null || open == null) {
      return null;
    }
    return new Progress(
        open.millis(nanos),
        open.graceSeconds * 1_000,
        leftMillis(pod, open, nanos),
        open.propagationSeconds,
        open.servedMillis(),
        open.refusedInARow(),
        open.readinessFailed,
        open.sigtermToBeWaitedFor(),
        open.sleepMillis());
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
      Termination open = pod.open;
      open.knocks.add(new Knock(open.millis(nanos), outcome));
      open.readinessFailed |=
          outcome == Knock.Outcome.ServerError && open.asked != null && open.asked.readinessPath();
    }
  }

  /**
   * What became of a request on a connection that is kept; dropped as a knock would be.
   *
   * @param outNanos until when it was surely out
   */
  public synchronized void exchanged(
      String podUid, long sentNanos, long outNanos, long endedNanos, Exchange.Fate fate) {
    Pod pod = knockable(podUid);
    if (pod != null && pod.open != null) {
      pod.open.exchanges.add(
          new Exchange(
              pod.open.millis(sentNanos),
              pod.open.millis(outNanos),
              pod.open.millis(endedNanos),
              fate));
    }
  }

  /**
   * What became of an idle connection; dropped as a knock would be.
   *
   * @param closedNanos null: the server did not let go of it
   */
  public synchronized void keptAlive(
      String podUid, long answeredNanos, @Nullable Long closedNanos, boolean announced) {
    Pod pod = knockable(podUid);
    if (pod != null && pod.open != null) {
      pod.open.idleKeepAlive =
          new IdleKeepAlive(
              pod.open.millis(answeredNanos),
              closedNanos == null ? null : pod.open.millis(closedNanos),
              announced);
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
          if (before != null && !before.asking().equals(settings.asking())) {
            revision.asked = false;
            revision.met = null;
          }
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

  /** How many terminations are probed now. */
  public synchronized int probedNow() {
    return probedNow;
  }

  /** Whether a revision is still there. */
  public synchronized boolean knows(RevisionRef ref) {
    return revisions.containsKey(ref);
  }

  /** These terminations of a revision turned out to be published already. */
  public synchronized void drop(RevisionRef ref, Collection<Concluded> terminations) {
    Revision revision = revisions.get(ref);
    if (revision != null) {
      revision.concluded.removeAll(terminations);
    }
  }

  /** What is to be said of a revision is published; these terminations need not be remembered. */
  public synchronized void published(RevisionRef ref, Collection<Concluded> terminations) {
    drop(ref, terminations);
    Revision revision = revisions.get(ref);
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

  /** The names of the Services that have any of the workload's pods. */
  public synchronized Set<String> services(WorkloadRef workload) {
    Set<String> services = new TreeSet<>();
    for (Revision revision : revisionsOf(workload)) {
      revision.pods.values().forEach(pod -> services.addAll(endpoints.servicesOf(pod.ref)));
    }
    return services;
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
                    .filter(pod -> pod.ready && pod.open == null && isOfItsOwn(pod.address, pod))
                    .findFirst())
        .map(pod -> pod.address)
        .orElse(null);
  }

  /** The ports that the workload's pods serve for any EndpointSlice. */
  public synchronized Set<Integer> servingPorts(WorkloadRef workload) {
    Set<Integer> ports = new TreeSet<>();
    for (Revision revision : revisionsOf(workload)) {
      revision.pods.values().forEach(pod -> ports.addAll(endpoints.portsOf(pod.ref)));
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
    Set<Integer> ports = endpoints.portsOf(pod.ref);
    List<ContainerFacts> serving = ServingContainers.among(facts.containers(), ports);
    // The slice's watch may be the first to tell of a pod that went at once.
    boolean exposed = endpoints.have(pod.ref) || isAbsentOfLate(pod, nanos);
    Acquaintance met = pod.revision.met;
    Asking asking = Asking.of(settings.asking(), facts.containers(), ports);
    if (asking != null && (met == null || !met.answers())) {
      asking = asking.connectOnly();
    }
    boolean own = isOfItsOwn(pod.address, pod);
    boolean wanted = asking != null && exposed && own;
    boolean probed = wanted && grace > 0 && probedNow < mostProbedAtOnce;
    String path = asking == null ? null : asking.path();
    var open =
        new Termination(
            nanos,
            grace,
            settings.propagationSeconds(),
            settings.asking().connects(),
            asking == null || path == null || met == null
                ? null
                : new Asked(path, asking.readinessPath(), met.usualMillis()),
            exposed,
            serving,
            pod.proxy != null ? pod.proxy : met == null ? null : met.proxy(),
            pod.hostNetwork,
            own,
            probed);
    pod.open = open;
    noteReplicas(open, pod.revision);
    String address = pod.address;
    if (probed && asking != null && address != null) {
      probedNow++;
      news.started.add(new Target(workload, pod.revision.ref, pod.ref, address, asking, met));
    }
    news.changed.add(workload);
  }

  /** Concludes a termination that has ended, unless there is something still to be waited for. */
  private void settle(Pod pod, Termination open, long nanos, News news) {
    Ending ending = open.ending;
    if (ending == null) {
      return;
    }
    long since = open.millis(nanos) - ending.seenMillis();
    boolean leaving = open.exposed && !pod.left && !pod.absent && since < WAIT_TO_LEAVE.toMillis();
    boolean hook =
        open.template.foreignHook() && !open.hookFailed && since < WAIT_FOR_EVENT.toMillis();
    if (leaving || hook) {
      settling.add(pod);
    } else {
      conclude(pod, open, null, null, news);
    }
  }

  private void conclude(
      Pod pod, Termination open, @Nullable Unseen unseen, @Nullable String endedByNode, News news) {
    Revision revision = pod.revision;
    boolean answered =
        open.knocks.stream()
            .anyMatch(
                k ->
                    switch (k.outcome()) {
                      case Answered, ClientError, ServerError, Accepted -> true;
                      case Reset, Refused, TimedOut, Unreachable -> false;
                    });
    Verification verification;
    if (!open.connects) {
      verification = Verification.NotAsked;
    } else if (!open.ownAddress && open.exposed) {
      verification = Verification.NoPodsAddress;
    } else if (!open.probed && open.exposed && open.graceSeconds > 0) {
      verification = Verification.Sampled;
    } else if (answered || (revision.met != null && revision.met.reachable())) {
      verification = Verification.Knocked;
    } else {
      verification = Verification.NeverReachable;
    }
    Long left = leftMillis(pod, open);
    var timeline =
        new Timeline(
            pod.ref,
            cause(pod, open),
            open.template,
            open.graceSeconds,
            open.graceShortened,
            open.propagationSeconds,
            verification,
            open.asked,
            pod.everReady,
            open.exposed,
            left,
            pod.left && pod.lastOfItsService && wantsReplicas(pod.revision.workload()),
            open.unreadyMillis,
            open.sigterm(),
            open.hookFailed,
            open.ending,
            endedByNode,
            List.copyOf(open.knocks),
            List.copyOf(open.exchanges),
            open.idleKeepAlive,
            blindSpots(open),
            unseen);
    revision.concluded.add(new Concluded(timeline, open.lastEvidenceNanos));
    WorkloadRef workload = revision.workload();
    if (workload != null) {
      news.changed.add(workload);
    }
    forget(pod.ref.uid());
  }

  private static boolean isAbsentOfLate(Pod pod, long nanos) {
    return pod.absent
        && nanos - pod.absentNanos <= TimeUnit.MILLISECONDS.toNanos(BETWEEN_SLICES_MILLIS);
  }

  /** Of a termination under way: in no slice for a while is as good as not ready in any. */
  private static @Nullable Long leftMillis(Pod pod, Termination open, long nanos) {
    if (pod.left) {
      return open.millis(pod.leftNanos);
    }
    boolean away = open.exposed && pod.absent && !isAbsentOfLate(pod, nanos);
    return away ? open.millis(pod.absentNanos) : null;
  }

  /**
   * Of one that is over. Slices drop a pod that has ended, whether it was told as leaving before or
   * not: that is leaving only where the end came so soon that one write told both. The two watches
   * may tell the end and the drop in either order.
   */
  private static @Nullable Long leftMillis(Pod pod, Termination open) {
    if (pod.left) {
      return open.millis(pod.leftNanos);
    }
    Ending ending = open.ending;
    if (!open.exposed || !pod.absent || ending == null) {
      return null;
    }
    long absentMillis = open.millis(pod.absentNanos);
    boolean dropped =
        pod.keptReady
            ? absentMillis < ending.seenMillis() - Timeline.WATCHES_APART_MILLIS
            : absentMillis < ending.seenMillis() || ending.seenMillis() < SOON_MILLIS;
    return dropped ? absentMillis : null;
  }

  private boolean wantsReplicas(@Nullable WorkloadRef workload) {
    return workload != null
        && revisionsOf(workload).stream()
            .anyMatch(revision -> revision.facts != null && revision.facts.replicas() > 0);
  }

  private List<BlindSpot> blindSpots(Termination open) {
    long since = open.startNanos - BLIND_SPOTS_BEFORE.toNanos();
    return blind.stream()
        .filter(spot -> spot.toNanos - since >= 0)
        .map(spot -> new BlindSpot(open.millis(spot.fromNanos), open.millis(spot.toNanos)))
        .toList();
  }

  private Cause cause(Pod pod, Termination open) {
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

  private static void noteReplicas(Termination open, Revision revision) {
    RevisionFacts facts = revision.facts;
    long staying = revision.pods.values().stream().filter(p -> p.open == null).count();
    open.fewerReplicas |= facts != null && facts.replicas() <= staying;
  }

  private void meet(Pod pod, News news) {
    Revision revision = pod.revision;
    RevisionFacts facts = revision.facts;
    WorkloadRef workload = revision.workload();
    Settings settings = workload == null ? null : governed.get(workload);
    String address = pod.address;
    if (workload == null
        || facts == null
        || settings == null
        || !pod.ready
        || pod.open != null
        || address == null
        || !isOfItsOwn(address, pod)
        || revision.asked) {
      return;
    }
    Asking asking = Asking.of(settings.asking(), facts.containers(), endpoints.portsOf(pod.ref));
    if (asking != null) {
      revision.asked = true;
      news.toMeet.add(new Target(workload, revision.ref, pod.ref, address, asking, null));
    }
  }

  /** Whether a pod may be asked at this address: it is neither its node's nor anybody else's. */
  private boolean isOfItsOwn(@Nullable String address, Pod pod) {
    return address != null && !pod.hostNetwork && mayBeAsked.test(address);
  }

  /** The pod, if its end is under way and nobody else has its address by now. */
  private @Nullable Pod knockable(String podUid) {
    Pod pod = pods.get(podUid);
    return pod != null
            && pod.open != null
            && pod.open.ending == null
            && podUid.equals(podOfAddress.get(pod.address))
        ? pod
        : null;
  }

  private List<Revision> revisionsOf(WorkloadRef workload) {
    return revisionsOf.getOrDefault(workload, Set.of()).stream().map(revisions::get).toList();
  }

  private void address(Pod pod, @Nullable String address) {
    if (address != null && !address.equals(pod.address)) {
      podOfAddress.put(address, pod.ref.uid());
      pod.address = address;
    }
  }

  private void detach(Revision revision) {
    WorkloadRef workload = revision.workload();
    Set<RevisionRef> refs = workload == null ? null : revisionsOf.get(workload);
    if (workload != null && refs != null) {
      refs.remove(revision.ref);
      if (refs.isEmpty()) {
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
    settling.remove(pod);
    if (pod.address != null) {
      podOfAddress.remove(pod.address, podUid);
    }
    if (pod.open != null && pod.open.probed) {
      probedNow--;
    }
  }
}

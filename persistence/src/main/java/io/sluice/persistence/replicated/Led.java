package io.sluice.persistence.replicated;

import io.sluice.persistence.log.ConfigurationEntry;
import io.sluice.persistence.log.EntryBatch;
import io.sluice.persistence.log.FencedException;
import io.sluice.persistence.log.LogSlice;
import io.sluice.persistence.log.OffsetOutOfRangeException;
import io.sluice.persistence.log.ReplicaLog;
import io.sluice.persistence.replication.Leader;
import io.sluice.persistence.replication.LeaderOutput;
import io.sluice.persistence.replication.LeaderSettings;
import io.sluice.persistence.replication.ReplicaId;
import io.sluice.persistence.replication.ReplicaReply;
import io.sluice.persistence.replication.ReplicaRequest;
import io.sluice.persistence.replication.ReplicaSet;
import io.sluice.persistence.replication.Replicas;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * One term of this node as the leader of one log: a {@link Leader} with a lock around it, and the appends that wait to be committed. Whatever
 * completes a stage of others runs after the lock is released.
 */
final class Led implements LeaderOutput {
    private static final Logger LOG = LoggerFactory.getLogger(Led.class);

    private final ReplicaLog log;
    private final Messenger messenger;
    private final ReplicaSets sets;
    private final CatchUpBudget catchUp;
    private final LeaderSettings settings;
    private final Consumer<Led> onStopped;
    private final boolean selfHosted;
    private final CompletableFuture<Integer> claim = new CompletableFuture<>();
    private final UUID claimant = UUID.randomUUID();

    // guarded by this
    private final Leader leader;
    private final Deque<Waiting> uncommitted = new ArrayDeque<>();
    private final List<Deletion> deletions = new ArrayList<>();
    private List<Runnable> after = new ArrayList<>();
    private final Map<ReplicaId, Delayed> delayed = new HashMap<>();
    private int highestEpoch;
    private boolean stopped;
    private List<ReplicaId> goal = List.of();
    private boolean held;

    private record Waiting(long end, CompletableFuture<Void> done) {}

    /** Waits until the records before {@code start} are deleted on all replicas in sync. */
    private record Deletion(long start, CompletableFuture<Long> done) {}

    /** What a replica that is brought up gets when there is room for it. */
    private record Delayed(ReplicaRequest.Append head, int maxBytes) {}

    /** What all terms of a node share. */
    record Shared(Messenger messenger, ReplicaSets sets, CatchUpBudget catchUp) {}

    /**
     * @param log the own copy
     * @param highestEpoch highest epoch this node heard of
     * @param onStopped told once when the term ends
     */
    Led(ReplicaLog log, ReplicaId self, Replicas replicas, int highestEpoch, LeaderSettings settings,
            Shared shared, Consumer<Led> onStopped) {
        this.log = log;
        this.messenger = shared.messenger();
        this.sets = shared.sets();
        this.catchUp = shared.catchUp();
        this.settings = settings;
        this.onStopped = onStopped;
        this.selfHosted = replicas instanceof Replicas.SelfHosted;
        this.leader = new Leader(log.persistenceId(), self, replicas, highestEpoch, claimant, settings, this);
        this.highestEpoch = leader.epoch();
    }

    /** What a leader's input does under the lock. */
    private interface Input {
        void to(Leader leader, long now);
    }

    private void with(Input input) {
        List<Runnable> todo;
        synchronized (this) {
            input.to(leader, now());
            if (after.isEmpty()) {
                return;
            }
            todo = after;
            after = new ArrayList<>();
        }
        todo.forEach(Runnable::run);
    }

    private static long now() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }

    // ---- what the log's owner asks for

    /** Starts to claim; completes with the epoch once this node leads. */
    CompletionStage<Integer> start() {
        with(Leader::start);
        return claim;
    }

    String logId() {
        return log.persistenceId();
    }

    int epoch() {
        return leader.epoch();
    }

    /** The incarnation that claims. */
    UUID claimant() {
        return claimant;
    }

    /** The head of a request to a replica in this term. */
    ReplicaRequest.Header to(ReplicaId replica) {
        return new ReplicaRequest.Header(logId(), epoch(), claimant, replica);
    }

    /** The replicas that count, and their version; without members until they are found. */
    synchronized ReplicaSet configuration() {
        return leader.replicas();
    }

    synchronized int highestEpoch() {
        return highestEpoch;
    }

    synchronized boolean isActive() {
        return leader.isActive();
    }

    /** The replicas that hold the whole log, as far as is known. */
    synchronized List<ReplicaId> inSync() {
        return leader.inSync(now());
    }

    void minInSync(int least) {
        with((led, now) -> led.minInSync(least, now));
    }

    void learn(ReplicaId learner) {
        with((led, now) -> led.learn(learner, now));
    }

    synchronized boolean isCaughtUp(ReplicaId id) {
        return leader.isCaughtUp(id, now());
    }

    /** As {@link Replication#reconfigure}; a new goal is held until {@link #release}. */
    boolean reconfigure(List<ReplicaId> members) {
        AtomicBoolean accepted = new AtomicBoolean();
        with((led, now) -> {
            if (!Set.copyOf(members).equals(Set.copyOf(goal))) {
                held = true;
                led.hold(true, now);
            }
            if (led.reconfigure(members, now)) {
                accepted.set(true);
                goal = led.replicas().hasMembers(members) ? List.of() : List.copyOf(members);
            }
        });
        return accepted.get();
    }

    /** The replicas that the log is to have, whose snapshots are missing; empty if nothing waits for that. */
    synchronized List<ReplicaId> heldGoal() {
        return held ? goal : List.of();
    }

    /** The sets of replicas a majority of which must have what is to survive: those in force and, while they are being changed, those to come. */
    synchronized List<ReplicaSet> configurations() {
        ReplicaSet inForce = leader.replicas();
        return goal.isEmpty() ? List.of(inForce) : List.of(inForce, new ReplicaSet(inForce.version() + 1, goal));
    }

    /** The replicas to come have the snapshots. */
    void release(List<ReplicaId> members) {
        with((led, now) -> {
            if (goal.equals(members)) {
                held = false;
                led.hold(false, now);
            }
        });
    }

    synchronized OptionalLong remaining(ReplicaId member) {
        return leader.remaining(member);
    }

    synchronized boolean mayChangeTo(List<ReplicaId> members) {
        return leader.mayChangeTo(members, now());
    }

    /**
     * Appends to the own copy and completes when enough replicas have it. Fails with {@link IllegalStateException}, and appends nothing, if the log's
     * replicas may not be changed like that now.
     */
    @SuppressWarnings("FutureReturnValueIgnored") // the result says it
    CompletionStage<Void> append(List<EntryBatch> batches) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        if (selfHosted && !announce(batches)) {
            return CompletableFuture.failedFuture(new IllegalStateException("log " + logId()
                    + ": its replicas may not be changed like that now, or are not named by its first entry"));
        }
        long end = batches.getLast().nextOffset();
        log.append(leader.epoch(), batches).whenComplete((stored, failure) -> {
            if (failure != null) {
                // another leader has the own promise, or the disk failed: the term is over either way
                with((led, now) -> led.fenced(led.epoch()));
                done.completeExceptionally(failure);
                return;
            }
            with((led, now) -> {
                if (stopped) {
                    after.add(() -> done.completeExceptionally(fenced()));
                } else {
                    uncommitted.add(new Waiting(end, done));
                    led.ownStored(end, now);
                }
            });
        });
        return done;
    }

    /** Tells the leader of a configuration entry among the batches. Returns false if they may not be appended. */
    private synchronized boolean announce(List<EntryBatch> batches) {
        ConfigurationEntry entry = null;
        for (EntryBatch batch : batches) {
            ByteBuffer bytes = batch.bytes();
            if (ConfigurationEntry.isAt(bytes, bytes.position())) {
                if (entry != null) {
                    return false;
                }
                entry = ConfigurationEntry.read(bytes);
            } else if (entry == null && !leader.isConfigured()) {
                return false;
            }
        }
        if (entry != null) {
            if (!leader.mayAppend(entry.replicas().stream().map(ReplicaId::new).toList())) {
                return false;
            }
            leader.configurationAppended(entry, now());
        }
        return true;
    }

    /** The own copy starts at {@code start} now. Completes with the low watermark when all replicas in sync start there, too. */
    CompletionStage<Long> logStartEverywhere(long start) {
        CompletableFuture<Long> done = new CompletableFuture<>();
        with((led, now) -> {
            if (stopped) {
                after.add(() -> done.completeExceptionally(fenced()));
            } else {
                deletions.add(new Deletion(start, done));
                led.logStart(log.view().logStartOffset(), log.begin(), now);
                completeDeletions(now);
            }
        });
        return done;
    }

    private void completeDeletions(long now) {
        if (!deletions.isEmpty()) {
            long low = leader.lowWatermark(now);
            deletions.removeIf(deletion -> {
                boolean everywhere = deletion.start() <= low;
                if (everywhere) {
                    after.add(() -> deletion.done().complete(low));
                }
                return everywhere;
            });
        }
    }

    void received(ReplicaReply reply) {
        with((led, now) -> {
            led.onReply(reply, now);
            completeDeletions(now);
        });
    }

    void tick() {
        with((led, now) -> {
            led.logStart(log.view().logStartOffset(), log.begin(), now); // whoever deletes does not say so
            led.tick(now);
            sendDelayed();
            completeDeletions(now);
        });
    }

    /** Ends the term because this node does not want it any more. */
    void resign() {
        with((led, now) -> {
            led.stop();
            stopped(StopReason.CONFIGURATION_CHANGED, highestEpoch);
        });
    }

    // ---- what the leader asks for; under the lock

    /**
     * Whether a replica has yet to be brought up while this node leads without it. Before it leads, it depends on such replicas itself: they get all they
     * need.
     */
    private boolean catchesUp(ReplicaId replica, long now) {
        return leader.isActive() && !leader.isCaughtUp(replica, now);
    }

    private void sendDelayed() {
        List<Delayed> again = List.copyOf(delayed.values());
        delayed.clear();
        again.forEach(each -> sendEntries(each.head(), each.maxBytes()));
    }

    @Override
    public void send(ReplicaRequest request) {
        messenger.send(request, this::received);
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // the leader asks again if nothing is sent
    public void sendEntries(ReplicaRequest.Append head, int maxBytes) {
        long now = now();
        if (catchesUp(head.header().target(), now) && !catchUp.hasRoom(now)) {
            delayed.put(head.header().target(), new Delayed(head, maxBytes));
            return;
        }
        LogSlice slice;
        try {
            slice = log.tryReadToEnd(head.from(), maxBytes);
        } catch (OffsetOutOfRangeException e) {
            return; // deleted since the last tick; the next one tells the leader where the log begins
        }
        if (slice != null) {
            sendSlice(head, slice);
        } else {
            log.readToEnd(head.from(), maxBytes).whenComplete((read, failure) -> {
                if (failure == null) {
                    with((led, then) -> sendSlice(head, read));
                } else {
                    LOG.warn("log {}: cannot read what a replica lacks from offset {} on: {}", logId(), head.from(),
                            failure.toString());
                }
            });
        }
    }

    private void sendSlice(ReplicaRequest.Append head, LogSlice slice) {
        if (slice.length() == 0 || stopped) {
            slice.close();
            return;
        }
        if (log.leaderEpoch() != leader.epoch()) {
            slice.close();
            leader.fenced(Math.max(log.leaderEpoch(), leader.epoch()));
            return;
        }
        long end = slice.nextOffset();
        int bytes = slice.length();
        long now = now();
        if (catchesUp(head.header().target(), now)) {
            catchUp.take(bytes);
        }
        messenger.send(new ReplicaRequest.Append(head.header(), head.from(), head.previousEpoch(),
                head.recoveredEnd(), head.highWatermark(), head.logStart(), log.kind(), head.batches()), slice);
        leader.sent(head.header().target(), head.from(), end, bytes, now);
    }

    @Override
    public void active(long recoveredEnd, long logStart) {
        CompletionStage<Void> ready = log.atomically(copy -> {
            copy.raiseHighWatermark(recoveredEnd);
            copy.raiseLogStart(logStart);
            return null;
        });
        after.add(() -> ready.whenComplete((done, failure) -> {
            if (failure == null) {
                claim.complete(leader.epoch());
            } else {
                claim.completeExceptionally(failure);
            }
        }));
    }

    @Override
    public void highWatermark(long offset) {
        List<CompletableFuture<Void>> committed = new ArrayList<>();
        while (!uncommitted.isEmpty() && uncommitted.peek().end() <= offset) {
            committed.add(uncommitted.poll().done());
        }
        CompletionStage<Void> raised = log.raiseHighWatermark(offset);
        // readers see a record no later than its producer hears of it
        after.add(() -> raised.thenRun(() -> committed.forEach(done -> done.complete(null))));
    }

    @Override
    public void compareAndSet(ReplicaSet next) {
        sets.compareAndSet(logId(), next).whenComplete((inForce, failure) -> {
            if (failure == null) {
                with((led, now) -> led.configuration(inForce, now));
            } else {
                LOG.debug("log {}: whether its replicas are {} now is not known yet: {}", logId(), next,
                        failure.toString());
            }
        });
    }

    @Override
    public void configured(ReplicaSet current) {
        if (current.hasMembers(goal)) {
            goal = List.of();
        }
        // a log of its own kind is one of a few; of the others, a node that comes or goes changes thousands
        LOG.atLevel(selfHosted ? Level.INFO : Level.DEBUG).log("log {}: its replicas are {}", logId(), current);
    }

    @Override
    public void stopped(StopReason reason, int highest) {
        if (stopped) {
            return;
        }
        stopped = true;
        highestEpoch = Math.max(highestEpoch, highest);
        List<CompletableFuture<?>> failed = new ArrayList<>(uncommitted.stream().map(Waiting::done).toList());
        deletions.forEach(deletion -> failed.add(deletion.done()));
        uncommitted.clear();
        deletions.clear();
        ReplicaSet counted = leader.replicas();
        after.add(() -> {
            onStopped.accept(this);
            failed.forEach(each -> each.completeExceptionally(fenced()));
            switch (reason) {
                case SEALED -> endUnfinishedChange(counted);
                case UNAVAILABLE -> claim.completeExceptionally(unavailable());
                case FENCED, CONFIGURATION_CHANGED, REPLICA_RETURNS, REMOVED -> claim.completeExceptionally(fenced());
            }
        });
    }

    /**
     * Somebody began to change the replicas that this leader counted. If the change was not finished, it never will be: the same replicas become the next
     * version. The claim fails when that is known, so that the next one can go by what is in force.
     */
    @SuppressWarnings("FutureReturnValueIgnored") // however it ends, the next claim finds out
    private void endUnfinishedChange(ReplicaSet counted) {
        sets.compareAndSet(logId(), new ReplicaSet(counted.version() + 1, counted.members())).toCompletableFuture()
                .copy().orTimeout(settings.claimTimeout(), TimeUnit.MILLISECONDS).whenComplete((inForce, failure) -> {
                    LOG.info("log {}: its replicas were being changed from {}; in force is {}", logId(), counted,
                            failure == null ? inForce : failure.toString());
                    claim.completeExceptionally(new UnavailableException("the replicas of log " + logId()
                            + " were being changed from version " + counted.version() + ": claim it again"));
                });
    }

    private synchronized UnavailableException unavailable() {
        return new UnavailableException(leader.shortage().toMessage(logId(), sets::nameOf));
    }

    private FencedException fenced() {
        return new FencedException("log " + logId() + ": this node's term of epoch " + leader.epoch() + " is over");
    }
}

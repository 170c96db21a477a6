package io.sluice.persistence.replicated;

import io.sluice.persistence.log.FencedException;
import io.sluice.persistence.replication.LeaderSettings;
import io.sluice.persistence.replication.ReplicaId;
import io.sluice.persistence.replication.ReplicaReply;
import io.sluice.persistence.replication.ReplicaRequest;
import io.sluice.persistence.replication.ReplicaSet;
import io.sluice.persistence.replication.Replicas;
import io.sluice.persistence.snapshot.SnapshotName;
import io.sluice.persistence.snapshot.SnapshotRange;
import io.sluice.persistence.snapshot.SnapshotReplicas;
import io.sluice.persistence.snapshot.StoredSnapshot;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks other replicas to store and to find snapshots. */
final class ReplicatedSnapshots implements SnapshotReplicas, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ReplicatedSnapshots.class);
    /** More than anything but the snapshot takes in a message that carries one. */
    private static final int HEAD_BYTES_MAX = 64 << 10;

    private final ReplicaId self;
    private final ReplicaSets sets;
    private final Terms terms;
    private final LeaderSettings settings;
    private final int frameBytesMax;
    private final Predicate<ReplicaRequest> sender;
    private final Function<String, CompletionStage<Optional<StoredSnapshot>>> ownNewest;
    private final Map<Key, Asked> asked = new ConcurrentHashMap<>();
    /** The terms whose log's snapshot is on its way to replicas that are to come. */
    private final Set<UUID> bringing = ConcurrentHashMap.newKeySet();

    /** What an answer names; {@code stored} is null unless a snapshot is being stored. */
    private record Key(String log, UUID claimant, SnapshotName stored) {}

    private record Asked(Inquiry inquiry, BooleanSupplier wanted) {}

    /**
     * @param settings of its times, a claim's holds for snapshots, too
     * @param frameBytesMax size of the largest message
     * @param sender takes requests to other nodes, or returns false; must not block
     * @param ownNewest the newest snapshot of a log on this node
     */
    ReplicatedSnapshots(ReplicaId self, ReplicaSets sets, Terms terms, LeaderSettings settings, int frameBytesMax,
            Predicate<ReplicaRequest> sender,
            Function<String, CompletionStage<Optional<StoredSnapshot>>> ownNewest) {
        this.self = self;
        this.sets = sets;
        this.terms = terms;
        this.settings = settings;
        this.frameBytesMax = frameBytesMax;
        this.sender = sender;
        this.ownNewest = ownNewest;
    }

    @Override
    public boolean isReplicated(String persistenceId) {
        return configuration(persistenceId).isPresent();
    }

    /** Which replicas a log has that says so itself is known only once it is claimed, which is too late. */
    private Optional<ReplicaSet> configuration(String persistenceId) {
        return sets.of(persistenceId).map(replicas -> switch (replicas) {
            case Replicas.Versioned versioned -> versioned.configuration();
            case Replicas.SelfHosted selfHosted -> null;
        });
    }

    @Override
    public CompletionStage<Void> saveSnapshot(String persistenceId, SnapshotName name, ByteBuffer bytes) {
        Led led = terms.of(persistenceId);
        if (led == null || !led.isActive()) {
            return CompletableFuture.failedFuture(notLed(persistenceId));
        }
        if (bytes.remaining() > frameBytesMax - HEAD_BYTES_MAX) {
            return CompletableFuture.failedFuture(new IOException("snapshot of " + bytes.remaining() + " bytes of \""
                    + persistenceId + "\" is too large to be replicated: sluice.replication.frame-bytes-max is "
                    + frameBytesMax));
        }
        CompletionStage<Void> stored = CompletableFuture.completedFuture(null);
        for (ReplicaSet replicas : led.configurations()) {
            stored = stored.thenCompose(before -> put(led, replicas, true, new StoredSnapshot(name, bytes)));
        }
        return stored;
    }

    private CompletionStage<Void> put(Led led, ReplicaSet replicas, boolean ownCounts, StoredSnapshot snapshot) {
        return ask(new Key(led.logId(), led.claimant(), snapshot.name()),
                "snapshot " + snapshot.name().fileName() + " of \"" + led.logId() + "\" was not stored by a majority",
                replicas, ownCounts, replica -> new ReplicaRequest.PutSnapshot(led.to(replica), snapshot.name(),
                        snapshot.bytes().duplicate()),
                led::isActive).thenApply(stored -> null);
    }

    /**
     * Brings the newest snapshot to the replicas that a log is to have, and then lets the change go on: events in front of a snapshot are deleted, so
     * replicas without it could not be recovered from. Does nothing while that is under way, or while a snapshot is being saved that might be for the
     * replicas in force alone; to be called again.
     */
    void bring(Led led) {
        List<ReplicaId> goal = led.heldGoal();
        String log = led.logId();
        boolean saving = asked.keySet().stream()
                .anyMatch(key -> key.log().equals(log) && key.claimant().equals(led.claimant()));
        if (goal.isEmpty() || saving || !bringing.add(led.claimant())) {
            return;
        }
        CompletionStage<Void> unused = ownNewest.apply(log).handle((own, unreadable) -> unreadable == null
                ? newestSnapshot(log, SnapshotRange.ALL, true).thenApply(others -> new Found(own, others))
                : newestSnapshot(log, SnapshotRange.ALL, false)
                        .thenApply(others -> new Found(Optional.empty(), others)))
                .thenCompose(found -> found).thenCompose(found -> found.newest().isEmpty()
                        ? CompletableFuture.<Void>completedFuture(null)
                        : put(led, new ReplicaSet(led.configuration().version() + 1, goal), found.isOwn(),
                                found.newest().get()))
                .whenComplete((stored, failure) -> {
                    bringing.remove(led.claimant());
                    if (failure == null) {
                        led.release(goal);
                    } else {
                        LOG.debug("log {}: its snapshot is not on the replicas to come yet: {}", log,
                                failure.toString());
                    }
                });
    }

    /** The newest snapshot here, and the newest elsewhere. */
    private record Found(Optional<StoredSnapshot> own, Optional<StoredSnapshot> others) {

        Optional<StoredSnapshot> newest() {
            return Stream.of(own, others).flatMap(Optional::stream).max(Comparator.comparing(StoredSnapshot::name));
        }

        boolean isOwn() {
            return own.isPresent() && own.get().name().equals(newest().orElseThrow().name());
        }
    }

    /**
     * Asked before the log is claimed, because Pekko loads the snapshot first, and nobody needs to have promised anything. What is found is never
     * ahead of what the claim recovers: it holds committed events alone, and a claim recovers all of those. It may be too old, if another
     * leader saves one and deletes events before the claim: then the journal refuses to replay what begins behind a gap.
     */
    @Override
    public CompletionStage<Optional<StoredSnapshot>> newestSnapshot(String persistenceId, SnapshotRange range,
            boolean ownCounts) {
        ReplicaSet replicas = configuration(persistenceId).orElse(new ReplicaSet(0, List.of()));
        UUID question = UUID.randomUUID();
        return ask(new Key(persistenceId, question, null),
                "the snapshots of \"" + persistenceId + "\" are not known", replicas, ownCounts,
                replica -> new ReplicaRequest.FindSnapshot(
                        new ReplicaRequest.Header(persistenceId, ReplicaRequest.NO_EPOCH, question, replica), range),
                () -> true)
                .thenApply(ReplicatedSnapshots::newest);
    }

    private static Optional<StoredSnapshot> newest(List<ReplicaReply> answers) {
        return answers.stream().filter(ReplicaReply.Snapshot.class::isInstance).map(ReplicaReply.Snapshot.class::cast)
                .map(found -> new StoredSnapshot(found.name(), found.content()))
                .max(Comparator.comparing(StoredSnapshot::name));
    }

    @Override
    public void deleteSnapshots(String persistenceId, SnapshotRange range) {
        Led led = terms.of(persistenceId);
        if (led != null && led.isActive()) {
            led.configurations().stream().flatMap(replicas -> others(replicas).stream()).distinct()
                    .forEach(replica -> {
                        boolean unused = sender.test(new ReplicaRequest.DropSnapshots(led.to(replica), range));
                    });
        }
    }

    private CompletionStage<List<ReplicaReply>> ask(Key key, String about, ReplicaSet replicas, boolean ownCounts,
            Function<ReplicaId, ReplicaRequest> question, BooleanSupplier wanted) {
        int needed = replicas.majority() - (ownCounts && replicas.members().contains(self) ? 1 : 0);
        Inquiry inquiry = new Inquiry(about, others(replicas), needed, question, sender);
        Asked before = asked.put(key, new Asked(inquiry, wanted));
        if (before != null) {
            before.inquiry().fail(new IOException(about + ": it was saved again"));
        }
        CompletionStage<List<ReplicaReply>> answers = inquiry.answers()
                .whenComplete((done, failure) -> asked.computeIfPresent(key,
                        (same, now) -> now.inquiry() == inquiry ? null : now));
        inquiry.start(now());
        return answers;
    }

    private List<ReplicaId> others(ReplicaSet replicas) {
        return replicas.members().stream().filter(replica -> !replica.equals(self)).toList();
    }

    /** Takes an answer; its content is copied if it is needed. */
    void received(ReplicaReply.OfSnapshots reply) {
        ReplicaReply.Header h = reply.header();
        Asked by = asked.get(new Key(h.log(), h.claimant(),
                reply instanceof ReplicaReply.SnapshotStored stored ? stored.name() : null));
        if (by != null) {
            by.inquiry().on(reply instanceof ReplicaReply.Snapshot found ? copied(found) : reply);
        }
    }

    private static ReplicaReply copied(ReplicaReply.Snapshot found) {
        ByteBuffer kept = ByteBuffer.allocate(found.content().remaining());
        kept.put(found.content().duplicate()).flip();
        return new ReplicaReply.Snapshot(found.header(), found.name(), kept);
    }

    /** Asks again what was not answered, and gives up what is late or not wanted any more. */
    void tick() {
        long now = now();
        asked.forEach((key, each) -> {
            if (each.wanted().getAsBoolean()) {
                each.inquiry().tick(now, settings.requestTimeout(), settings.claimTimeout());
            } else {
                each.inquiry().fail(notLed(key.log()));
            }
        });
    }

    /** A replica can be reached now: what did not get there is asked again. */
    void connected(ReplicaId replica) {
        asked.values().forEach(each -> each.inquiry().connected(replica));
    }

    /** A replica cannot be reached: what it was asked may be lost. */
    void disconnected(ReplicaId replica) {
        asked.values().forEach(each -> each.inquiry().disconnected(replica));
    }

    private static FencedException notLed(String log) {
        return new FencedException("log " + log + " is not led by this node, so its snapshots are not saved here");
    }

    private static long now() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }

    /** Gives up everything. */
    @Override
    public void close() {
        asked.forEach((key, each) -> each.inquiry().fail(new IOException("replication has stopped")));
    }
}

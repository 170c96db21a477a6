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
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;

/** Asks other replicas to store and to find snapshots. */
final class ReplicatedSnapshots implements SnapshotReplicas, AutoCloseable {
    /** More than anything but the snapshot takes in a message that carries one. */
    private static final int HEAD_BYTES_MAX = 64 << 10;

    private final ReplicaId self;
    private final ReplicaSets sets;
    private final Terms terms;
    private final LeaderSettings settings;
    private final int frameBytesMax;
    private final Consumer<ReplicaRequest> sender;
    private final Map<Key, Asked> asked = new ConcurrentHashMap<>();

    /** What an answer names; {@code stored} is null unless a snapshot is being stored. */
    private record Key(String log, UUID claimant, SnapshotName stored) {}

    private record Asked(Inquiry inquiry, BooleanSupplier wanted) {}

    /**
     * @param settings of its times, a claim's holds for snapshots, too
     * @param frameBytesMax size of the largest message
     * @param sender takes requests to other nodes; must not block
     */
    ReplicatedSnapshots(ReplicaId self, ReplicaSets sets, Terms terms, LeaderSettings settings, int frameBytesMax,
            Consumer<ReplicaRequest> sender) {
        this.self = self;
        this.sets = sets;
        this.terms = terms;
        this.settings = settings;
        this.frameBytesMax = frameBytesMax;
        this.sender = sender;
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
        return ask(new Key(persistenceId, led.claimant(), name), "snapshot " + name.fileName() + " of \""
                + persistenceId + "\" was not stored by a majority", led.configuration(), true,
                replica -> new ReplicaRequest.PutSnapshot(led.to(replica), name, bytes.duplicate()), led::isActive)
                .thenApply(stored -> null);
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
            others(led.configuration()).forEach(
                    replica -> sender.accept(new ReplicaRequest.DropSnapshots(led.to(replica), range)));
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

package io.sluice.persistence.replicated;

import io.sluice.persistence.log.Damage;
import io.sluice.persistence.log.IntactCopies;
import io.sluice.persistence.replication.LeaderSettings;
import io.sluice.persistence.replication.ReplicaId;
import io.sluice.persistence.replication.ReplicaReply;
import io.sluice.persistence.replication.ReplicaRequest;
import io.sluice.persistence.replication.Replicas;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Asks other replicas for what is damaged in a copy on this node. That needs no promise: which epoch wrote which offset is known here, and an entry of
 * the same epoch at the same offset is the same entry in all replicas.
 */
final class OtherCopies implements IntactCopies, AutoCloseable {
    /** Larger damage is mended piece by piece, so that it never takes more memory; a batch larger than this comes whole. */
    private static final int PIECE_BYTES = 4 << 20;

    private final ReplicaId self;
    private final ReplicaSets sets;
    private final LeaderSettings settings;
    private final Predicate<ReplicaRequest> sender;
    private final Map<UUID, Question> questions = new ConcurrentHashMap<>();

    private record Question(Damage damage, Inquiry inquiry) {}

    /**
     * @param settings of its times, a claim's holds for this, too
     * @param sender takes requests to other nodes, or returns false; must not block
     */
    OtherCopies(ReplicaId self, ReplicaSets sets, LeaderSettings settings, Predicate<ReplicaRequest> sender) {
        this.self = self;
        this.sets = sets;
        this.settings = settings;
        this.sender = sender;
    }

    @Override
    public CompletionStage<ByteBuffer> read(String persistenceId, Damage damage) {
        UUID id = UUID.randomUUID();
        Inquiry inquiry = new Inquiry("intact batches of log " + persistenceId, others(persistenceId), 1,
                replica -> new ReplicaRequest.Read(
                        new ReplicaRequest.Header(persistenceId, ReplicaRequest.NO_EPOCH, id, replica), damage.from(),
                        (int) Math.min(damage.length(), PIECE_BYTES)),
                sender);
        questions.put(id, new Question(damage, inquiry));
        CompletionStage<ByteBuffer> batches = inquiry.answers()
                .whenComplete((found, failure) -> questions.remove(id))
                .thenApply(found -> ((ReplicaReply.Entries) found.getFirst()).batches());
        inquiry.start(now());
        return batches;
    }

    private List<ReplicaId> others(String log) {
        Collection<ReplicaId> all = sets.of(log).map(replicas -> switch (replicas) {
            case Replicas.Versioned versioned -> versioned.configuration().members();
            case Replicas.SelfHosted selfHosted -> selfHosted.known();
        }).orElse(List.of());
        return all.stream().filter(replica -> !replica.equals(self)).toList();
    }

    /** Takes an answer; its batches are copied if they are what is missing. */
    void received(ReplicaReply.Entries entries) {
        Question question = questions.get(entries.header().claimant());
        if (question != null && entries.kind() == question.damage().kind()
                && question.damage().isMendedBy(entries.batches())) {
            ByteBuffer kept = ByteBuffer.allocateDirect(entries.batches().remaining());
            kept.put(entries.batches().duplicate()).flip();
            question.inquiry().on(
                    new ReplicaReply.Entries(entries.header(), entries.from(), entries.kind(), kept));
        }
    }

    /** Asks again what was not answered, and gives up what is late. */
    void tick() {
        long now = now();
        questions.values()
                .forEach(each -> each.inquiry().tick(now, settings.requestTimeout(), settings.claimTimeout()));
    }

    /** A replica can be reached now: what did not get there is asked again. */
    void connected(ReplicaId replica) {
        questions.values().forEach(each -> each.inquiry().connected(replica));
    }

    /** A replica cannot be reached: what it was asked may be lost. */
    void disconnected(ReplicaId replica) {
        questions.values().forEach(each -> each.inquiry().disconnected(replica));
    }

    private static long now() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }

    /** Gives up everything. */
    @Override
    public void close() {
        questions.values().forEach(each -> each.inquiry().fail(new IOException("replication has stopped")));
    }
}

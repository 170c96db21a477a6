package io.sluice.persistence.replicated;

import io.sluice.persistence.log.LogSlice;
import io.sluice.persistence.log.LogStore;
import io.sluice.persistence.log.ReplicaLog;
import io.sluice.persistence.replication.Replica;
import io.sluice.persistence.replication.ReplicaId;
import io.sluice.persistence.replication.ReplicaReply;
import io.sluice.persistence.replication.ReplicaRequest;
import io.sluice.persistence.replication.net.Replies;
import io.sluice.persistence.replication.net.RequestHandler;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers for the copies on this node, whoever asks. Safe for any thread; nothing blocks. */
final class OwnReplicas implements RequestHandler {
    private static final Logger LOG = LoggerFactory.getLogger(OwnReplicas.class);

    private final LogStore store;
    private final ReplicaId self;
    private final Replica replica;
    private final ReplicaSets sets;
    private final OwnSnapshots snapshots;

    OwnReplicas(LogStore store, ReplicaId self, ReplicaSets sets, OwnSnapshots snapshots) {
        this.store = store;
        this.self = self;
        this.replica = new Replica(self);
        this.sets = sets;
        this.snapshots = snapshots;
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // what fails is logged, and asked again by the leader
    public void handle(ReplicaRequest request, Runnable release, Replies replies) {
        ReplicaRequest.Header h = request.header();
        if (!h.target().equals(self) || !mayKeep(request)) {
            release.run();
            return;
        }
        if (request instanceof ReplicaRequest.OfSnapshots aboutSnapshots) {
            snapshots.handle(aboutSnapshots, release, replies);
        } else if (request instanceof ReplicaRequest.Read read) {
            release.run();
            read(read).whenComplete((found, failure) -> {
                if (failure != null) {
                    failed(request, failure);
                } else if (found.slice() == null) {
                    replies.send(found.reply());
                } else {
                    replies.send((ReplicaReply.Entries) found.reply(), found.slice());
                }
            });
        } else {
            decide(request).whenComplete((reply, failure) -> {
                release.run();
                if (failure != null) {
                    failed(request, failure);
                } else if (reply != null) {
                    replies.send(reply);
                }
            });
        }
    }

    /** A log that is open is known, because deleting one closes it first; so most requests need not ask. */
    private boolean mayKeep(ReplicaRequest request) {
        String log = request.header().log();
        return (!(request instanceof ReplicaRequest.Claim) && store.ifOpen(log).isPresent()) || sets.isKnown(log);
    }

    /** Answers this node's own leader. */
    @SuppressWarnings("FutureReturnValueIgnored") // as above
    void handle(ReplicaRequest request, Consumer<ReplicaReply> answer) {
        decide(request).whenComplete((reply, failure) -> {
            if (failure != null) {
                failed(request, failure);
            } else {
                answer.accept(reply);
            }
        });
    }

    /** As {@link Replication#retire}, whether this node leads the log or not; false if it is wanted. */
    CompletionStage<Boolean> retire(String log, int version) {
        return store.openReplica(log).thenCompose(copy -> copy.atomically(state -> {
            boolean retired = replica.retire(version, state);
            if (retired) {
                snapshots.deleteAll(log); // in this step, because the next leader may give it others
            }
            return retired;
        }));
    }

    private CompletionStage<ReplicaReply> decide(ReplicaRequest request) {
        return store.openReplica(request.header().log()).thenCompose(log -> {
            if (request instanceof ReplicaRequest.Claim) {
                sets.config(log.persistenceId()).ifPresent(log::configure);
            }
            return log.atomically(copy -> replica.handle(request, copy));
        });
    }

    private CompletionStage<Found> read(ReplicaRequest.Read read) {
        return store.openReplica(read.header().log()).thenCompose(log -> log.readToEnd(read.from(), read.maxBytes())
                .thenCompose(slice -> confirm(read, log, slice)));
    }

    /** The entries were read outside of any step: only if the promise still holds are they what the asker thinks they are. */
    private CompletionStage<Found> confirm(ReplicaRequest.Read read, ReplicaLog log, LogSlice slice) {
        ReplicaRequest.Header h = read.header();
        ReplicaReply.Entries entries = new ReplicaReply.Entries(
                new ReplicaReply.Header(h.log(), h.epoch(), h.claimant(), self), read.from(), log.kind(),
                ByteBuffer.allocate(0));
        if (h.epoch() == ReplicaRequest.NO_EPOCH) {
            return CompletableFuture.completedFuture(new Found(entries, slice));
        }
        return log.atomically(copy -> replica.confirm(entries, copy)).handle((reply, failure) -> {
            if (failure == null && reply instanceof ReplicaReply.Entries) {
                return CompletableFuture.completedFuture(new Found(reply, slice));
            }
            slice.close();
            return failure == null
                    ? CompletableFuture.completedFuture(new Found(reply, null))
                    : CompletableFuture.<Found>failedFuture(failure);
        }).thenCompose(found -> found);
    }

    private static void failed(ReplicaRequest request, Throwable failure) {
        LOG.warn("log {}: no answer to the leader of epoch {}: {}", request.header().log(), request.header().epoch(),
                failure.toString());
    }

    private record Found(ReplicaReply reply, LogSlice slice) {}
}

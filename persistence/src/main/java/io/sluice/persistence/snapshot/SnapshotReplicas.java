package io.sluice.persistence.snapshot;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * The snapshots that belong to replicated logs: a {@link io.sluice.persistence.log.LogStore} with such logs implements this, too. The files on this
 * node are the business of the caller, who says whether they count. Safe for any thread; nothing blocks, and stages complete on threads that must not
 * be blocked.
 */
public interface SnapshotReplicas {

    /**
     * Whether the snapshots of a log are replicated; the rest is only for those. They are if the log is, unless it says itself which replicas it has:
     * then each node has snapshots of its own, and nobody may delete events.
     */
    boolean isReplicated(String persistenceId);

    /**
     * Stores a snapshot of committed events, which is on this node's disk already, on the other replicas of its log. Completes when a majority of all
     * has it, durably. Fails if this node does not lead the log, if it is larger than one message may be, or if no majority has answered in time;
     * some may have it then.
     *
     * @param bytes all of it, checksum included; must not change
     */
    CompletionStage<Void> saveSnapshot(String persistenceId, SnapshotName name, ByteBuffer bytes);

    /**
     * The newest snapshot in a range that any of a majority of the log's replicas has, this node's own left out. Fails if no majority answers in time.
     *
     * @param ownCounts whether this node, if it is one of the replicas, counts as one that answered: it has no such snapshot, and none that is damaged
     */
    CompletionStage<Optional<StoredSnapshot>> newestSnapshot(String persistenceId, SnapshotRange range,
            boolean ownCounts);

    /** Has the other replicas delete snapshots. Not all may hear of it: each keeps only few by itself. */
    void deleteSnapshots(String persistenceId, SnapshotRange range);
}

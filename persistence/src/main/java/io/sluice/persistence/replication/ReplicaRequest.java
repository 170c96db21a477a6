package io.sluice.persistence.replication;

import io.sluice.persistence.log.ConfigurationHistory;
import io.sluice.persistence.log.EntryBatch;
import io.sluice.persistence.log.EpochHistory;
import io.sluice.persistence.log.LogBegin;
import io.sluice.persistence.snapshot.SnapshotName;
import io.sluice.persistence.snapshot.SnapshotRange;
import java.nio.ByteBuffer;
import java.util.UUID;

/**
 * What a leader says to a replica of its log. Every request names the log, the leader's epoch and incarnation (the claimant), and the replica
 * that is meant; another identity ignores it. Requests may be lost, delayed, doubled and reordered.
 */
public sealed interface ReplicaRequest {

    /** Epoch of requests that no leader sends, so that nobody need have promised anything. The claimant only tells the question then. */
    int NO_EPOCH = -1;

    /** What all requests have. */
    Header header();

    /**
     * From whom, to whom, about what.
     *
     * @param log the log's persistence id
     * @param epoch the leader's epoch
     * @param claimant one incarnation of a leader, random and never used again
     * @param target the replica that is meant
     */
    record Header(String log, int epoch, UUID claimant, ReplicaId target) {}

    /** Asks for the promise to follow no lower epoch. {@code configVersion} is the configuration the leader counts by. */
    record Claim(Header header, int configVersion) implements ReplicaRequest {}

    /**
     * Asks for entries from an offset on; only a replica that still promises this epoch answers. With {@link #NO_EPOCH} any does: whoever mends a damaged
     * copy knows which entries it had, and takes no others.
     */
    record Read(Header header, long from, int maxBytes) implements ReplicaRequest {}

    /**
     * Begins to make a replica's log equal to the leader's: it cuts what is not a prefix of it.
     *
     * @param epochs history of the log that the leader recovered; what the leader appended since is not part of it
     * @param configuration the configuration in force at {@code begin}, for a replica that begins anew there
     * @param begin where the oldest batch of the leader's log begins now; may be past {@code recoveredEnd}
     * @param recoveredEnd end of the log that the leader recovered; a replica that has it is synced
     */
    record Sync(Header header, EpochHistory epochs, ConfigurationHistory configuration, LogBegin begin,
            long recoveredEnd)
            implements
                ReplicaRequest {}

    /**
     * Entries, for a replica that is being synced or is.
     *
     * @param from the log's end before them
     * @param previousEpoch epoch of the entry before {@code from}, -1 if there is none
     * @param recoveredEnd as in {@link Sync}
     * @param highWatermark the leader's
     * @param logStart the leader's
     * @param kind what the log holds, null if {@code batches} is empty
     * @param batches whole record batches, may be empty
     */
    record Append(Header header, long from, int previousEpoch, long recoveredEnd, long highWatermark,
            long logStart, EntryBatch.Kind kind, ByteBuffer batches) implements ReplicaRequest {}

    /** Asks the replica to refuse, for good, claims under configuration {@code configVersion} and below. */
    record Seal(Header header, int configVersion) implements ReplicaRequest {}

    /**
     * Says how far a suspect replica must be to lack nothing that it had acknowledged in this epoch.
     *
     * @param loss the power loss that the replica reported, so that this says nothing of a later one
     * @param end the end of the leader's log some time after that report
     */
    record Restore(Header header, UUID loss, long end) implements ReplicaRequest {}

    /** What is about the snapshots of the log's actor, and not about the log. */
    sealed interface OfSnapshots extends ReplicaRequest {
    }

    /** A snapshot of committed events, to be stored; only a replica that promises this epoch does. */
    record PutSnapshot(Header header, SnapshotName name, ByteBuffer content) implements OfSnapshots {}

    /** Asks for snapshots in a range to be deleted; only a replica that promises this epoch does, and none answers. */
    record DropSnapshots(Header header, SnapshotRange range) implements OfSnapshots {}

    /** Asks for the newest snapshot in a range. Comes before a claim, so the epoch is -1 and the claimant only tells the question. */
    record FindSnapshot(Header header, SnapshotRange range) implements OfSnapshots {}
}

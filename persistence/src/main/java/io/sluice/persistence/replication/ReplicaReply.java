package io.sluice.persistence.replication;

import io.sluice.persistence.log.ConfigurationHistory;
import io.sluice.persistence.log.EntryBatch;
import io.sluice.persistence.log.EpochHistory;
import io.sluice.persistence.log.LogBegin;
import io.sluice.persistence.snapshot.SnapshotName;
import java.nio.ByteBuffer;
import java.util.UUID;

/** What a replica answers to the leader that asked. */
public sealed interface ReplicaReply {

    /** What all replies have. */
    Header header();

    /**
     * Whose answer to whom.
     *
     * @param log the log's persistence id
     * @param epoch epoch of the request
     * @param claimant claimant of the request
     * @param source the replica that answers
     */
    record Header(String log, int epoch, UUID claimant, ReplicaId source) {}

    /**
     * The epoch is promised, durably.
     *
     * @param synced the epoch whose leader's log it was last made equal to, -1 if none
     * @param epochs history of its log
     * @param configuration which replicas its log says it has, committed or not
     * @param logStart first offset of its log
     * @param begin where its oldest batch begins
     * @param logEnd end of its log
     * @param highestSequenceNr highest sequence number in its log
     * @param suspect whether its log may lack entries that it had acknowledged, because the machine lost power before they were flushed
     */
    record Promise(Header header, int synced, EpochHistory epochs, ConfigurationHistory configuration, long logStart,
            LogBegin begin, long logEnd, long highestSequenceNr, boolean suspect) implements ReplicaReply {}

    /**
     * Somebody else has the promise, or the configuration is sealed.
     *
     * @param promisedEpoch the epoch promised
     * @param minConfig the least configuration that may be claimed under
     * @param sealed whether the configuration, not the epoch, is why
     */
    record Reject(Header header, int promisedEpoch, int minConfig, boolean sealed) implements ReplicaReply {}

    /**
     * Entries that the leader asked for.
     *
     * @param from the offset asked for
     * @param kind what the log holds, null if it never held anything
     * @param batches whole record batches; empty at the log's end
     */
    record Entries(Header header, long from, EntryBatch.Kind kind, ByteBuffer batches)
            implements
                ReplicaReply {}

    /**
     * The replica is being synced: its log is a prefix of the leader's and ends at {@code logEnd}, before the recovered end. Counts for nothing;
     * send from there.
     */
    record Stored(Header header, long logEnd) implements ReplicaReply {}

    /**
     * The replica's log is synced in this epoch and holds everything up to {@code logEnd}.
     *
     * @param logStart first offset of its log
     */
    record Ack(Header header, long logEnd, long logStart) implements ReplicaReply {}

    /**
     * The entries do not follow the replica's log, or it is not synced yet.
     *
     * @param logEnd where its log ends: send from there
     * @param needsSync whether a {@link ReplicaRequest.Sync} must come first, because the log may hold what the leader's does not
     */
    record Nack(Header header, long logEnd, boolean needsSync) implements ReplicaReply {}

    /**
     * The replica's log is synced in this epoch and ends at {@code logEnd}, but may lack entries that it had acknowledged before. Counts for nothing;
     * send what is missing, and a {@link ReplicaRequest.Restore}.
     *
     * @param loss the power loss that may have cost it entries
     */
    record Suspect(Header header, long logEnd, UUID loss) implements ReplicaReply {}

    /** Claims under the configuration of the request are refused for good. */
    record Sealed(Header header, int configVersion) implements ReplicaReply {}

    /** What answers {@link ReplicaRequest.OfSnapshots}. */
    sealed interface OfSnapshots extends ReplicaReply {
    }

    /** The replica has the snapshot, durably. */
    record SnapshotStored(Header header, SnapshotName name) implements OfSnapshots {}

    /** The newest snapshot in the range asked for. */
    record Snapshot(Header header, SnapshotName name, ByteBuffer content) implements OfSnapshots {}

    /** The replica has no snapshot in the range asked for. */
    record NoSnapshot(Header header) implements OfSnapshots {}
}

package io.sluice.persistence.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.UUID;

/**
 * What one replica of a log keeps, as the replication protocol sees it (docs/replication): promises and the log itself. Given to a step that
 * {@link ReplicaLog#atomically} runs, so that nothing else changes the log meanwhile; of no use after the step.
 *
 * <p>Promise, synced epoch, configurations and whether the copy is suspect are durable when the method that sets them returns, whatever the flush mode. Entries and
 * truncations are stored, as the flush mode demands, when the step's stage completes: a reply that counts on them may leave only then.
 */
public interface ReplicaStore {

    /** The highest epoch promised, -1 if none. */
    int promisedEpoch();

    /** To whom {@link #promisedEpoch} was promised, null if to nobody. */
    UUID promisedTo();

    /** The epoch whose leader's log this one was last made equal to, -1 if none. */
    int syncedEpoch();

    /** Configurations below this version may not be claimed under; 0 at first. */
    int minConfig();

    /**
     * The power loss that may have cost this copy entries that it had acknowledged, so that it is suspect: until it is {@link #restored} or
     * {@link #synced}. Null if it is whole.
     */
    UUID loss();

    /** The highest configuration under which an epoch was promised, -1 if none was. */
    int claimedConfig();

    /** Which epoch began where; describes the log up to its end. */
    EpochHistory epochs();

    /** Which replicas the log says it has, from where on; follows the log up to its end, committed or not. Empty for a log that says nothing of them. */
    ConfigurationHistory configuration();

    /** First offset that is there. */
    long logStartOffset();

    /** Offset of the next entry. */
    long logEndOffset();

    /** Highest sequence number ever appended, 0 if none. */
    long highestSequenceNr();

    /** Where the oldest batch begins that is still there. */
    LogBegin begin();

    /**
     * Promises an epoch to a claimant that counts by configuration {@code config}; the same may be promised again under a later one. Refuses claims under
     * configurations below from now on. Whoever could append here before cannot any more.
     */
    void promise(int epoch, UUID claimant, int config) throws IOException;

    /** Refuses claims under configurations below {@code version} from now on. */
    void raiseMinConfig(int version) throws IOException;

    /** Makes the log durable, then notes that it equals the log of that epoch's leader, and that it is not suspect. */
    void synced(int epoch) throws IOException;

    /** Makes the log durable, then notes that nothing is missing any more that {@link #loss} had cost. */
    void restored() throws IOException;

    /**
     * Cuts the log so that it ends at {@code endOffset}, a batch boundary. Everything from there on is gone, and so are the epochs that began
     * there.
     */
    void truncate(long endOffset) throws IOException;

    /**
     * Throws everything away: the log is empty and begins where the leader's oldest batch does.
     *
     * @param before the configuration in force there
     */
    void restartAt(LogBegin begin, ConfigurationHistory before) throws IOException;

    /**
     * Throws everything away but what was promised: the log is empty, begins at 0, equals nobody's, and refuses claims under configurations below
     * {@code version}.
     */
    void retire(int version) throws IOException;

    /**
     * Appends whole batches from a leader as they are, leader epochs included. They follow the log's end and each other, and their sequence
     * numbers follow the highest one without a gap: the leader of a replicated log leaves none between record batches, and an event's sequence
     * number is its offset plus one.
     *
     * @param batches whole batches between position and limit; left alone by the caller until the step's stage completes
     * @param kind what the log holds
     * @throws CorruptLogException if a batch is damaged, or does not follow
     */
    void append(ByteBuffer batches, EntryBatch.Kind kind) throws IOException;

    /** Moves the high watermark up to {@code offset} or the log's end; never back. */
    void raiseHighWatermark(long offset);

    /** Moves the log start up to {@code offset}, as the leader did; never back, and not past the high watermark. */
    void raiseLogStart(long offset) throws IOException;
}

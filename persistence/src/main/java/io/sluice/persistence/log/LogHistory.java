package io.sluice.persistence.log;

import java.nio.ByteBuffer;

/**
 * What a log's batches say of its course: which epoch began where, and which replicas it had from where on. Follows the log in every append and cut.
 * Immutable.
 */
record LogHistory(EpochHistory epochs, ConfigurationHistory configuration) {
    static final LogHistory EMPTY = new LogHistory(EpochHistory.EMPTY, ConfigurationHistory.EMPTY);

    /**
     * The history with one more batch; this one if the batch says nothing new.
     *
     * @param kind what the log holds
     * @param batches where the whole batch begins at {@code at}
     * @throws IllegalArgumentException if it is a configuration entry without replicas
     */
    LogHistory with(EntryBatch.Kind kind, ByteBuffer batches, int at) {
        LogHistory after = with(batches.getInt(at + BatchHeader.LEADER_EPOCH_POSITION), batches.getLong(at));
        return kind == EntryBatch.Kind.EVENTS && ConfigurationEntry.isAt(batches, at)
                ? after.with(ConfigurationEntry.read(batches.slice(at, BatchHeader.sizeInBytes(batches, at))))
                : after;
    }

    /** The history with an epoch from an offset on; this one if the epoch is not new. */
    LogHistory with(int epoch, long start) {
        return epoch > epochs.latest() ? new LogHistory(epochs.with(epoch, start), configuration) : this;
    }

    LogHistory with(ConfigurationEntry entry) {
        return new LogHistory(epochs, configuration.with(entry));
    }

    /** The history of the log cut at an offset. */
    LogHistory cutAt(long endOffset) {
        return new LogHistory(epochs.cutAt(endOffset), configuration.cutAt(endOffset));
    }

    /** The history of the log that begins at an offset. */
    LogHistory from(long logStart) {
        return new LogHistory(epochs.from(logStart), configuration.from(logStart));
    }
}

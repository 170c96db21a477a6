package io.sluice.persistence.log;

import java.util.List;

/**
 * A log as it was found on disk.
 *
 * @param meta what it is
 * @param segments ascending
 * @param appendable whether the last segment may grow; if not, the next append begins a new one
 * @param dirty whether there is something that the checkpoint does not cover yet
 */
record RecoveredLog(LogMeta meta, List<Segment> segments, boolean appendable, long logStartOffset,
        long endOffset, long highestSequenceNr, long deletedTo, ReplicaState state, LogHistory history,
        Checkpoint checkpoint, boolean dirty) {

    static final RecoveredLog UNWRITTEN = new RecoveredLog(new LogMeta(null, false), List.of(), false, 0, 0, 0, 0,
            ReplicaState.NONE,
            LogHistory.EMPTY, Checkpoint.NONE, false);
}

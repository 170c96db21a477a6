package io.sluice.persistence.log;

import java.util.List;

/**
 * A log as it was found on disk.
 *
 * @param kind what it holds, null if it has no files
 * @param appendable whether the last segment may grow; if not, the next append begins a new one
 * @param dirty whether there is something that the checkpoint does not cover yet
 */
record RecoveredLog(EntryBatch.Kind kind, List<Segment> segments, boolean appendable, long logStartOffset,
        long endOffset, long highestSequenceNr, long deletedTo, ReplicaState state, EpochHistory epochs,
        Checkpoint checkpoint, boolean dirty) {

    static final RecoveredLog UNWRITTEN = new RecoveredLog(null, List.of(), false, 0, 0, 0, 0, ReplicaState.NONE,
            EpochHistory.EMPTY, Checkpoint.NONE, false);
}

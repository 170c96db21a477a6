package io.sluice.actors.partition;

import io.sluice.persistence.log.BatchHeader;
import io.sluice.persistence.log.LogView;
import java.util.function.Supplier;
import org.apache.kafka.common.protocol.Errors;

/** Words the answers of one partition. */
final class Answers {

    private static final long NO_TIMESTAMP = -1;

    private final Supplier<LogView> view;

    /** @param view the log's published view, for the log start offset */
    Answers(Supplier<LogView> view) {
        this.view = view;
    }

    /** The batch is stored. */
    void stored(Append append, BatchHeader stored) {
        answer(append, stored.baseOffset(), stored.maxTimestamp());
    }

    /** The batch was stored before. */
    void duplicate(Append append, PartitionState.Duplicate original) {
        answer(append, original.baseOffset(), original.timestampMs());
    }

    private void answer(Append append, long baseOffset, long timestampMs) {
        long appendTime = append.header().isLogAppendTime() ? timestampMs : NO_TIMESTAMP;
        append.complete(
                new AppendOutcome(Errors.NONE, null, baseOffset, appendTime, view.get().logStartOffset()));
    }
}

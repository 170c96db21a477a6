package io.sluice.actors.partition;

import java.util.List;
import org.apache.kafka.common.protocol.Errors;

/**
 * What became of an append.
 *
 * @param error {@link Errors#NONE} if the batch is stored, or was already (a duplicate)
 * @param message why not, without record contents, or null
 * @param baseOffset the offset of the batch's first record, -1 on an error; for a duplicate the original one
 * @param logAppendTimeMs the leader's timestamp where the topic uses LogAppendTime, else -1
 * @param logStartOffset the log start offset
 * @param wrongRecords which of the batch's records, from 0, are why it was refused (KIP-467); empty if that is not known
 */
public record AppendOutcome(Errors error, String message, long baseOffset, long logAppendTimeMs, long logStartOffset,
        List<Integer> wrongRecords) {

    /** An outcome that is not about single records. */
    public AppendOutcome(Errors error, String message, long baseOffset, long logAppendTimeMs, long logStartOffset) {
        this(error, message, baseOffset, logAppendTimeMs, logStartOffset, List.of());
    }

    /** A refusal or failure. */
    public static AppendOutcome failed(Errors error, String message) {
        return failed(error, message, List.of());
    }

    /** A refusal because of some of the records. */
    static AppendOutcome failed(Errors error, String message, List<Integer> wrongRecords) {
        return new AppendOutcome(error, message, -1, -1, -1, wrongRecords);
    }
}

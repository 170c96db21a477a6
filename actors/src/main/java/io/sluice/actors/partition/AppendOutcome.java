package io.sluice.actors.partition;

import org.apache.kafka.common.protocol.Errors;

/**
 * What became of an append.
 *
 * @param error {@link Errors#NONE} if the batch is stored, or was already (a duplicate)
 * @param message why not, without record contents, or null
 * @param baseOffset the offset of the batch's first record, -1 on an error; for a duplicate the original one
 * @param logAppendTimeMs the leader's timestamp where the topic uses LogAppendTime, else -1
 * @param logStartOffset the log start offset
 */
public record AppendOutcome(Errors error, String message, long baseOffset, long logAppendTimeMs, long logStartOffset) {

    /** A refusal or failure. */
    public static AppendOutcome failed(Errors error, String message) {
        return new AppendOutcome(error, message, -1, -1, -1);
    }
}

package io.sluice.actors.partition;

import io.sluice.persistence.log.BatchHeader;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.pekko.actor.DeadLetterSuppression;
import org.apache.pekko.actor.NoSerializationVerificationNeeded;

/**
 * One batch on its way to a partition's actor. It carries its own answer as a future instead of a {@code replyTo}: it never leaves this process,
 * because only the node that leads a partition takes appends for it, and a future saves a message.
 *
 * <p>The answer always comes: from the actor, through {@link HandedOver} if the actor stopped before it saw the append, or from
 * {@link PartitionSlot} if no actor started in time. It comes only when nobody will touch the batch's bytes any more.
 */
final class Append implements NoSerializationVerificationNeeded, DeadLetterSuppression {

    private final PartitionSlot slot;
    private final ByteBuffer batch;
    private final BatchHeader header;
    private final CompletableFuture<AppendOutcome> answer = new CompletableFuture<>();

    /**
     * @param slot the partition, in which room was reserved for the batch
     * @param batch the whole batch between position and limit
     * @param header its head
     */
    Append(PartitionSlot slot, ByteBuffer batch, BatchHeader header) {
        this.slot = slot;
        this.batch = batch;
        this.header = header;
    }

    ByteBuffer batch() {
        return batch;
    }

    BatchHeader header() {
        return header;
    }

    CompletionStage<AppendOutcome> answer() {
        return answer;
    }

    /** Answers, and gives back the room. A second answer is ignored. */
    void complete(AppendOutcome outcome) {
        if (!answer.isDone()) {
            slot.release(header.sizeInBytes());
            answer.complete(outcome);
        }
    }

    /** Answers with an error. */
    void fail(Errors error, String message) {
        if (!answer.isDone()) {
            noteRefused();
        }
        complete(AppendOutcome.failed(error, message));
    }

    /** Lets no later batch of its producer overtake it from now on, see {@link RefusedBatches}; for one that fails but is answered later. */
    void noteRefused() {
        slot.refused(header);
    }
}

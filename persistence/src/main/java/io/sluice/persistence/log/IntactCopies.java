package io.sluice.persistence.log;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;

/** Where batches are found that are damaged here: the other replicas of a log. Safe for any thread; nothing blocks. */
public interface IntactCopies {

    /**
     * Asks the other replicas of a log for batches that mend a damage of its copy here ({@link Damage#isMendedBy}). They belong to the caller. Fails if
     * none of them has answered with such batches in time.
     */
    CompletionStage<ByteBuffer> read(String persistenceId, Damage damage);
}

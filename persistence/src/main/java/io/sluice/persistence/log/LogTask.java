package io.sluice.persistence.log;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/** Something to do for one log, in turn with everything else that changes it; also the promise of its outcome. */
abstract class LogTask<T> extends CompletableFuture<T> {
    /** The task submitted before this one; used by {@link TaskQueue} alone. */
    LogTask<?> next;

    /** Whether it may be done while appends before it are not stored yet, and be answered together with them. */
    boolean joinsRound() {
        return false;
    }

    /** Called once everything is stored that was appended up to the end of the round that this task joined. */
    void stored() {
        throw new IllegalStateException("joins no round");
    }

    /** Does it on the log's writer; an exception fails the task. */
    abstract void run(LogWriter writer) throws IOException;
}

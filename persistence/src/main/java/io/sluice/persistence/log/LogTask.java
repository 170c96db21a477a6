package io.sluice.persistence.log;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/** Something to do for one log, in turn with everything else that changes it; also the promise of its outcome. */
abstract class LogTask<T> extends CompletableFuture<T> {
    /** The task submitted before this one; used by {@link TaskQueue} alone. */
    LogTask<?> next;

    /** Does it on the log's writer; an exception fails the task. */
    abstract void run(LogWriter writer) throws IOException;
}

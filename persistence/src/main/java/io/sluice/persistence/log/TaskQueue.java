package io.sluice.persistence.log;

import java.io.IOException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Runs the tasks of one log in the order they came, one thread at a time. A stack that the drain takes whole: a task costs one compare-and-set,
 * and a thread is woken only if no drain is under way. The queue itself has no bound; those who append bound their bytes in flight.
 */
final class TaskQueue implements Runnable {
    /** Rounds after which the drain lets the other logs of its thread go first. */
    private static final int ROUNDS = 16;
    private static final LogTask<?> IDLE = new Mark();
    private static final LogTask<?> RUNNING = new Mark();

    private final AtomicReference<LogTask<?>> top = new AtomicReference<>(IDLE);
    private final Executor executor;
    private final LogWriter writer;

    TaskQueue(Executor executor, LogWriter writer) {
        this.executor = executor;
        this.writer = writer;
    }

    /** Adds a task and returns it. */
    <T> LogTask<T> submit(LogTask<T> task) {
        LogTask<?> before;
        do {
            before = top.get();
            task.next = before;
        } while (!top.compareAndSet(before, task));
        if (before == IDLE) {
            schedule();
        }
        return task;
    }

    private void schedule() {
        try {
            executor.execute(this);
        } catch (RejectedExecutionException e) {
            for (LogTask<?> t = inOrder(top.getAndSet(IDLE)); t != null; t = t.next) {
                t.completeExceptionally(new IOException("the log store is closed", e));
            }
        }
    }

    @Override
    public void run() {
        for (int round = 0; round < ROUNDS; round++) {
            LogTask<?> first = inOrder(top.getAndSet(RUNNING));
            while (first != null) {
                LogTask<?> following = first.next;
                first.next = null;
                writer.accept(first);
                first = following;
            }
            writer.finish();
            if (top.compareAndSet(RUNNING, IDLE)) {
                return;
            }
        }
        schedule();
    }

    private static LogTask<?> inOrder(LogTask<?> last) {
        LogTask<?> first = null;
        LogTask<?> t = last;
        while (t != IDLE && t != RUNNING && t != null) {
            LogTask<?> before = t.next;
            t.next = first;
            first = t;
            t = before;
        }
        return first;
    }

    private static final class Mark extends LogTask<Void> {
        @Override
        void run(LogWriter writer) {
        }
    }
}

package io.sluice.persistence.log;

import java.io.IOException;

/** The tasks of a log's writer other than {@link Append}. */
final class LogTasks {
    private LogTasks() {
    }

    /** What a task does. */
    interface Body<T> {
        T run(LogWriter writer) throws IOException;
    }

    static LogTask<Integer> claim() {
        return task(LogWriter::claim);
    }

    static LogTask<Long> deleteRecordsBefore(long offset) {
        return task(w -> w.trimmer().deleteRecordsBefore(offset));
    }

    static LogTask<Void> deleteEventsTo(long sequenceNr) {
        return task(w -> {
            w.trimmer().deleteEventsTo(sequenceNr);
            return null;
        });
    }

    static LogTask<Integer> applyRetention() {
        return task(w -> w.trimmer().applyRetention());
    }

    /** A task that completes with what {@code body} returns. */
    static <T> LogTask<T> task(Body<T> body) {
        return new LogTask<>() {
            @Override
            void run(LogWriter writer) throws IOException {
                complete(body.run(writer));
            }
        };
    }
}

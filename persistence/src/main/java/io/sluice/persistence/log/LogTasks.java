package io.sluice.persistence.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.stream.Stream;

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

    /** Puts batches of another replica where damage is, unless the log was cut there meanwhile. */
    static LogTask<Void> mend(Damage damage, ByteBuffer batches) {
        return task(w -> {
            boolean isThere = Stream.of(w.segments()).anyMatch(segment -> segment.file().equals(damage.file())
                    && damage.position() + damage.length() <= w.sizeOf(segment));
            if (!isThere || !damage.in(w.history().epochs()).isMendedBy(batches)) {
                throw new IOException("the log was cut there meanwhile");
            }
            damage.mend(batches);
            return null;
        });
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

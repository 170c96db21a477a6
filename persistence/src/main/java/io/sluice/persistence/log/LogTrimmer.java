package io.sluice.persistence.log;

import java.io.IOException;
import java.util.Arrays;

/** Deletes from the front of a log, never past what is committed. Part of its writer. */
final class LogTrimmer {
    private final FileLog log;
    private final LogWriter writer;

    LogTrimmer(FileLog log, LogWriter writer) {
        this.log = log;
        this.writer = writer;
    }

    long deleteRecordsBefore(long offset) throws IOException {
        if (offset < 0 || offset > writer.committed()) {
            throw new OffsetOutOfRangeException(log.persistenceId() + ": cannot delete before " + offset
                    + ", the high watermark is " + writer.committed());
        }
        if (offset > writer.logStart()) {
            // the event with sequence number n has offset n - 1
            long deletedTo = log.kind() == EntryBatch.Kind.EVENTS
                    ? Math.max(writer.deletedTo(), offset)
                    : writer.deletedTo();
            log.checkpoints().raise(new Checkpoint(0, 0, offset, deletedTo, 0, 0));
            writer.trim(writer.segments(), offset, deletedTo);
            dropSegmentsBelowStart();
            log.waiters().wake();
        }
        return writer.logStart();
    }

    void deleteEventsTo(long sequenceNr) throws IOException {
        long to = Math.min(sequenceNr, log.fileView().highestSequenceNr());
        if (to <= writer.deletedTo()) {
            return;
        }
        long start = writer.logStart();
        if (log.kind() == EntryBatch.Kind.EVENTS) {
            start = Math.max(start, Math.min(to, writer.committed()));
        }
        log.checkpoints().raise(new Checkpoint(0, 0, start, to, writer.end(), writer.highestSequenceNr()));
        writer.trim(writer.segments(), start, to);
        dropSegmentsBelowStart();
        log.waiters().wake();
    }

    private void dropSegmentsBelowStart() throws IOException {
        Segment[] segments = writer.segments();
        int n = 0;
        while (n < segments.length - 1 && (segments[n + 1].baseOffset() <= writer.logStart()
                || segments[n + 1].firstSequenceNr() <= writer.deletedTo() + 1)) {
            n++;
        }
        drop(n);
    }

    /** Unlinks the first {@code n} segments. The log start is durable before, so a crash in between leaves no hole. */
    private void drop(int n) throws IOException {
        if (n == 0) {
            return;
        }
        Segment[] segments = writer.segments();
        Segment[] left = Arrays.copyOfRange(segments, n, segments.length);
        long start = Math.max(writer.logStart(), left.length == 0 ? writer.end() : left[0].baseOffset());
        long deletedTo = Math.max(writer.deletedTo(),
                left.length == 0 ? writer.highestSequenceNr() : left[0].firstSequenceNr() - 1);
        log.checkpoints().raise(new Checkpoint(0, 0, start, deletedTo, writer.end(), writer.highestSequenceNr()));
        writer.trim(left, start, deletedTo);
        for (int i = 0; i < n; i++) {
            segments[i].delete();
        }
    }

    int applyRetention() throws IOException {
        if (writer.segments().length == 0) {
            return 0;
        }
        LogConfig config = log.config();
        long now = log.store().settings().clock().millis();
        long oldest = config.retentionMs() < 0 ? Long.MIN_VALUE : now - config.retentionMs();
        writer.closeIfOld(config, oldest);
        Segment[] segments = writer.segments();
        int n = Retention.countExpired(log, segments, writer.lastIsOpen(), writer.sizeInBytes(), config, oldest);
        while (n > 0 && endOffset(segments, n - 1) > writer.committed()) {
            n--;
        }
        drop(n);
        if (n > 0) {
            log.waiters().wake();
        }
        return n;
    }

    private long endOffset(Segment[] segments, int i) {
        return i == segments.length - 1 ? writer.end() : segments[i + 1].baseOffset();
    }
}

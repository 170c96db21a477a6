package io.sluice.persistence.log;

import java.io.IOException;

/** Keeps the checkpoint file of one log. Nothing in it ever goes back. */
final class CheckpointKeeper {
    private final FileLog log;
    private Checkpoint current;

    CheckpointKeeper(FileLog log, Checkpoint current) {
        this.log = log;
        this.current = current;
    }

    /** Makes the checkpoint at least {@code next} in every respect; durable on return. */
    synchronized void raise(Checkpoint next) throws IOException {
        Checkpoint raised = current.max(next);
        if (!raised.equals(current)) {
            raised.write(log.directory().checkpoint());
            current = raised;
        }
    }

    /** Flushes what the current view has, writes the indexes, and moves the recovery point up to there. */
    synchronized void checkpoint() throws IOException {
        FileLogView view = log.fileView();
        int n = view.segmentCount();
        if (n == 0 || log.isDead()) {
            return;
        }
        for (int i = 0; i < n - 1; i++) {
            Segment s = view.segment(i);
            if (!s.isSynced()) {
                s.sync();
                s.markSynced();
            }
            SegmentIndex index = s.index();
            if (!s.isIndexOnDisk() && index != null) {
                long next = view.segment(i + 1).firstSequenceNr();
                IndexFile.write(s.indexFile(), index, s.size(), view.segmentEndOffset(i), next - 1,
                        index.maxTimestamp());
                s.markIndexOnDisk();
            }
        }
        Segment last = view.segment(n - 1);
        long end = view.segmentEnd(n - 1);
        last.sync();
        SegmentIndex index = last.index();
        if (index != null) {
            IndexFile.write(last.indexFile(), index, end, view.logEndOffset(), view.highestSequenceNr(),
                    view.lastMaxTimestamp());
        }
        raise(new Checkpoint(last.baseOffset(), end, view.logStartOffset(), view.deletedToSequenceNr(),
                view.logEndOffset(), view.highestSequenceNr()));
    }
}

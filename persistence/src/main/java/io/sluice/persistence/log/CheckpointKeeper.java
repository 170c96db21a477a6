package io.sluice.persistence.log;

import java.io.IOException;
import java.util.List;

/** Keeps the checkpoint file of one log. Nothing in it ever goes back, unless the log is cut. */
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

    synchronized Checkpoint current() {
        return current;
    }

    /**
     * Cuts the log without a checkpoint of what it was before getting in between.
     *
     * @param after the checkpoint that the steps leave
     * @param publish lets readers see the log as it will be; called first
     */
    synchronized void cut(Checkpoint after, Runnable publish, List<LogCut.Step> steps) throws IOException {
        publish.run();
        current = after;
        for (LogCut.Step step : steps) {
            step.run();
        }
    }

    /** Flushes what the current view has, writes the indexes, and moves the recovery point up to there. */
    synchronized void checkpoint() throws IOException {
        FileLogView view = log.fileView().whole();
        int n = view.segmentCount();
        if (n == 0 || log.isDead()) {
            return;
        }
        Segment last = view.segment(n - 1);
        long end = view.segmentEnd(n - 1);
        Checkpoint next = new Checkpoint(last.baseOffset(), end, view.logStartOffset(), view.deletedToSequenceNr(),
                view.logEndOffset(), view.highestSequenceNr());
        if (current.max(next).equals(current)) {
            return; // the one before has flushed all of this
        }
        for (int i = 0; i < n - 1; i++) {
            Segment s = view.segment(i);
            if (!s.isSynced()) {
                s.sync();
                s.markSynced();
            }
            SegmentIndex index = s.index();
            if (!s.isIndexOnDisk() && index != null) {
                long following = view.segment(i + 1).firstSequenceNr();
                IndexFile.write(s.indexFile(), index, s.size(), view.segmentEndOffset(i), following - 1,
                        index.maxTimestamp());
                s.markIndexOnDisk();
            }
        }
        last.sync();
        SegmentIndex index = last.index();
        if (index != null) {
            IndexFile.write(last.indexFile(), index, end, view.logEndOffset(), view.highestSequenceNr(),
                    view.lastMaxTimestamp());
        }
        raise(next);
    }
}

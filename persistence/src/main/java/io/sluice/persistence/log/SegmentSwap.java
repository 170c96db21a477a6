package io.sluice.persistence.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;

/**
 * Puts a compacted segment in the place of those it was made from, in turn with whatever else changes the log. The rename decides: before it the old segments
 * count after a crash, from then on the new one. Readers that hold an old file read on in it.
 */
final class SegmentSwap extends LogTask<Boolean> {
    private final List<Segment> replaced;
    private final Segment cleaned;
    private final Path written;

    /**
     * @param replaced neighbouring segments, none of them the last one or that of the high watermark
     * @param cleaned what takes their place
     * @param written where its bytes are, durable
     */
    SegmentSwap(List<Segment> replaced, Segment cleaned, Path written) {
        this.replaced = replaced;
        this.cleaned = cleaned;
        this.written = written;
    }

    /** Completes with false if the log was cut or shortened meanwhile, and stays as it is. */
    @Override
    void run(LogWriter writer) throws IOException {
        Segment[] before = writer.segments();
        int at = Arrays.asList(before).indexOf(replaced.getFirst());
        int end = at + replaced.size();
        if (at < 0 || end >= before.length || !Arrays.asList(before).subList(at, end).equals(replaced)) {
            complete(false);
            return;
        }
        Segment[] after = new Segment[before.length - replaced.size() + 1];
        System.arraycopy(before, 0, after, 0, at);
        after[at] = cleaned;
        System.arraycopy(before, end, after, at + 1, before.length - end);
        writer.guard(() -> {
            Files.move(written, cleaned.file(), StandardCopyOption.ATOMIC_MOVE);
            DurableFiles.syncDirectory(written.getParent());
            writer.trim(after, writer.logStart(), writer.deletedTo());
            for (Segment old : replaced) {
                old.delete();
            }
        });
        complete(true);
    }
}

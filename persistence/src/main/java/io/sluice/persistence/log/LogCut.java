package io.sluice.persistence.log;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * What must be done to the files of a log to cut it, in an order in which a crash after any step leaves a log that ends somewhere between the new
 * end and the old one. First the checkpoint stops to demand what is about to go. Then segments go from the last one on, so that no hole can
 * appear, and the epochs come last, because recovery cuts them to the end that it finds.
 */
final class LogCut {
    private final LogDirectory directory;
    private final List<Step> steps = new ArrayList<>();

    /** One change of the files, durable when it is done. */
    interface Step {
        void run() throws IOException;
    }

    private LogCut(LogDirectory directory) {
        this.directory = directory;
    }

    /**
     * Cuts the end off.
     *
     * @param lowered the checkpoint that demands no more than what stays
     * @param gone files of segments that go, ascending
     * @param last the last segment that stays, null if none does. Its index goes, because it says where the next one began, which events may leave
     *        a gap before
     * @param cut file of the segment that is shortened, null if none is
     * @param position where that file ends then
     */
    static List<Step> truncate(LogDirectory directory, Checkpoint lowered, List<SegmentName> gone, SegmentName last,
            SegmentName cut, long position, EpochsFile after) {
        LogCut c = new LogCut(directory);
        c.steps.add(() -> lowered.write(directory.checkpoint()));
        c.delete(gone);
        if (last != null) {
            c.steps.add(() -> Files.deleteIfExists(c.file(last.indexFile())));
        }
        if (cut != null) {
            c.steps.add(() -> c.shorten(cut, position));
        }
        c.steps.add(() -> after.write(directory.epochs()));
        return c.steps;
    }

    /**
     * Throws everything away.
     *
     * @param lowered the checkpoint of the log cut at its start
     * @param restarted the checkpoint of the log that begins anew
     */
    static List<Step> restart(LogDirectory directory, Checkpoint lowered, List<SegmentName> gone, EpochsFile after,
            Checkpoint restarted) {
        List<Step> steps = truncate(directory, lowered, gone, null, null, 0, after);
        steps.add(() -> restarted.write(directory.checkpoint()));
        return steps;
    }

    private void delete(List<SegmentName> gone) {
        for (SegmentName name : gone.reversed()) {
            steps.add(() -> {
                Files.deleteIfExists(file(name.indexFile()));
                Files.deleteIfExists(file(name.logFile()));
                DurableFiles.syncDirectory(directory.path());
            });
        }
    }

    private void shorten(SegmentName name, long position) throws IOException {
        Files.deleteIfExists(file(name.indexFile()));
        try (FileChannel channel = FileChannel.open(file(name.logFile()), StandardOpenOption.WRITE)) {
            channel.truncate(position);
            channel.force(true);
        }
    }

    private Path file(String name) {
        return directory.path().resolve(name);
    }
}

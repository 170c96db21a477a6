package io.sluice.persistence.log;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Goes through the segments of one log in order, as recovery would without a checkpoint. For one thread. */
final class OfflineScan {
    private final EntryBatch.Kind kind;
    private final OfflineLog.Visitor visitor;
    private EpochHistory epochs = EpochHistory.EMPTY;
    /** The offset that follows the last batch; -1 before the first. */
    private long next = -1;
    private boolean afterDamage;

    OfflineScan(EntryBatch.Kind kind, OfflineLog.Visitor visitor) {
        this.kind = kind;
        this.visitor = visitor;
    }

    /** @param checkpoint what recovery relies on, if the segment is the log's last one; null for the others */
    void read(Path file, Checkpoint checkpoint) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long end = channel.size();
            SegmentReader reader = SegmentReader.forScan(channel, end);
            begin(file, reader);
            scan(file, reader, end, checkpoint);
        }
    }

    private void begin(Path file, SegmentReader reader) throws IOException {
        SegmentName name = SegmentName.parse(file.getFileName().toString());
        BatchHeader first = reader.head(0);
        long base = name != null ? name.baseOffset() : first != null ? first.baseOffset() : Math.max(next, 0);
        boolean gap = next >= 0 && base != next && kind == EntryBatch.Kind.RECORDS && !afterDamage;
        if (gap) {
            visitor.damage(new SegmentDamage(file, 0, 0, next,
                    base > next
                            ? "offsets " + next + " to " + (base - 1) + " are missing before this file"
                            : "the file before reaches to offset " + (next - 1),
                    false));
        }
        next = base;
        afterDamage = false;
    }

    private void scan(Path file, SegmentReader reader, long end, Checkpoint checkpoint) throws IOException {
        BatchCheck check = new BatchCheck(reader, kind, end, Long.MAX_VALUE);
        long position = 0;
        while (position < end) {
            BatchHeader head = check.at(position, next, afterDamage, epochs, Integer.MAX_VALUE);
            if (head != null) {
                visitor.batch(file, position, head);
                epochs = head.leaderEpoch() > epochs.latest()
                        ? epochs.with(head.leaderEpoch(), head.baseOffset())
                        : epochs;
                position += head.sizeInBytes();
                next = head.nextOffset();
                afterDamage = false;
                continue;
            }
            long good = check.next(position + 1, end, next, epochs, Integer.MAX_VALUE);
            boolean torn = good < 0 && checkpoint != null && !isRelied(checkpoint, file, position);
            long stop = good < 0 ? end : good;
            visitor.damage(new SegmentDamage(file, position, stop - position, next, reason(reader, position), torn));
            position = stop;
            afterDamage = true;
        }
    }

    /** Whether a place lies below the recovery point, so that its bytes were on stable storage. */
    private static boolean isRelied(Checkpoint checkpoint, Path file, long position) {
        SegmentName name = SegmentName.parse(file.getFileName().toString());
        if (name == null) {
            return false;
        }
        int order = Long.compare(name.baseOffset(), checkpoint.recoverySegment());
        return order < 0 || (order == 0 && position < checkpoint.recoveryPosition());
    }

    private String reason(SegmentReader reader, long position) throws IOException {
        BatchHeader head = reader.head(position);
        if (head == null) {
            return "too few bytes for a batch";
        }
        if (!reader.isPlausible(head, position)) {
            return "no whole batch begins here";
        }
        return reader.isIntact(head, position)
                ? "offset " + head.baseOffset() + " or leader epoch " + head.leaderEpoch()
                        + " does not fit what is around it"
                : "the checksum is wrong";
    }
}

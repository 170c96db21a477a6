package io.sluice.persistence.log;

import java.io.IOException;
import java.nio.channels.FileChannel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Goes through a segment batch by batch, checks each, and builds its index. Damage with an undamaged batch behind it is skipped and reported;
 * the scan ends at the first position behind which there is none.
 */
final class SegmentScan {
    private static final Logger LOG = LoggerFactory.getLogger(SegmentScan.class);

    private final Segment segment;
    private final EntryBatch.Kind kind;
    private final long end;
    private final int newest;
    private SegmentIndex index;
    private LogHistory history;
    private long position;
    private long nextOffset;
    private long nextSequenceNr;
    private Damage damage;

    /**
     * @param end bytes to scan
     * @param newest the highest epoch a batch may have that {@code history} does not know yet
     */
    SegmentScan(Segment segment, EntryBatch.Kind kind, long end, int interval, LogHistory history, int newest) {
        this.segment = segment;
        this.kind = kind;
        this.end = end;
        this.history = history;
        this.newest = newest;
        this.index = new SegmentIndex(interval);
        this.nextOffset = segment.baseOffset();
        this.nextSequenceNr = segment.firstSequenceNr();
    }

    /** Trusts an index up to its last entry at or before {@code trusted} and goes on from there. */
    void resume(SegmentIndex known, long trusted) {
        int entry = known.floorByPosition(trusted);
        if (entry >= 0) {
            position = known.position(entry);
            nextOffset = known.offset(entry);
            nextSequenceNr = known.sequenceNr(entry);
            index = known.before(entry);
        }
    }

    void run() throws IOException {
        FileChannel channel = segment.acquire();
        try {
            SegmentReader reader = SegmentReader.forScan(channel, end);
            BatchCheck check = new BatchCheck(reader, kind, end, Long.MAX_VALUE);
            long goodFrom = position;
            boolean afterDamage = false;
            while (position < end) {
                BatchHeader head = check.at(position, nextOffset, afterDamage, history.epochs(), newest);
                if (head != null) {
                    accept(head, reader, afterDamage);
                    afterDamage = false;
                    continue;
                }
                long next = check.next(position + 1, end, nextOffset, history.epochs(), newest);
                if (next < 0) {
                    break;
                }
                LOG.error("damaged log: file {}, position {}, offset {}: {} bytes skipped", segment.file(), position,
                        nextOffset, next - position);
                if (damage == null) {
                    damage = new Damage(segment.file(), position, next - position, nextOffset,
                            reader.head(next).baseOffset(), kind, history.epochs());
                }
                segment.checked().add(goodFrom, position);
                position = next;
                goodFrom = next;
                nextSequenceNr++; // at least one batch is lost
                afterDamage = true;
            }
            segment.checked().add(goodFrom, position);
        } finally {
            segment.release();
        }
        segment.index(index);
        segment.maxTimestamp(index.maxTimestamp());
    }

    private void accept(BatchHeader head, SegmentReader reader, boolean afterDamage) throws IOException {
        long sequenceNr = kind == EntryBatch.Kind.EVENTS ? head.baseOffset() + 1 : nextSequenceNr;
        if (afterDamage) {
            index.addEntry(head.baseOffset(), sequenceNr, position);
        }
        index.add(head.baseOffset(), sequenceNr, position, head.maxTimestamp());
        history = history.with(head.leaderEpoch(), head.baseOffset());
        if (kind == EntryBatch.Kind.EVENTS && head.isControl()
                && head.baseOffset() > history.configuration().offset()) {
            history = history.with(ConfigurationEntry.read(reader.bytes(head, position)));
        }
        position += head.sizeInBytes();
        nextOffset = head.nextOffset();
        nextSequenceNr = 1 + (kind == EntryBatch.Kind.EVENTS ? nextOffset : head.lastSequenceNr(sequenceNr - 1));
    }

    SegmentIndex index() {
        return index;
    }

    LogHistory history() {
        return history;
    }

    /** The first damage that has a good batch behind it, null if none has. */
    Damage damage() {
        return damage;
    }

    /** Where the scan ended: the segment's end, or the begin of damage with nothing good behind it. */
    long position() {
        return position;
    }

    long nextOffset() {
        return nextOffset;
    }

    long nextSequenceNr() {
        return nextSequenceNr;
    }
}

package io.sluice.persistence.log;

import java.nio.ByteBuffer;

/**
 * One batch to append, and the sequence numbers of the persisted events it carries.
 *
 * @param bytes the whole batch between position and limit, base offset and leader epoch already set; the log neither
 *        changes nor keeps it, but the caller must leave it alone until the append completes. A direct buffer saves a
 *        copy
 * @param firstSequenceNr sequence number of its first event, from 1
 * @param lastSequenceNr sequence number of its last event; the same as the first in a {@link Kind#RECORDS} log
 * @param kind what the log holds; the first append to a log fixes it for ever
 */
public record EntryBatch(ByteBuffer bytes, long firstSequenceNr, long lastSequenceNr, Kind kind) {

    /** What the batches of a log mean. */
    public enum Kind {
        /** A topic partition: each batch is one event, however many records it has. */
        RECORDS,
        /** Events of any other persistent actor: each record is one event and its offset is its sequence number less one. */
        EVENTS
    }

    public EntryBatch {
        if (firstSequenceNr < 1 || lastSequenceNr < firstSequenceNr) {
            throw new IllegalArgumentException("sequence numbers " + firstSequenceNr + " to " + lastSequenceNr);
        }
    }

    /** Offset that follows its last record. */
    public long nextOffset() {
        return Append.baseOffset(bytes) + Append.lastOffsetDelta(bytes) + 1;
    }
}

package io.sluice.streams.javadsl;

import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * Goes through the records of one batch. What it returns about a record are copies: they stay as they are when the cursor goes on, and when the memory of
 * the batch is used again. Used by one thread at a time.
 */
interface RecordCursor extends AutoCloseable {

    /**
     * Goes to the next record; false if there is none.
     *
     * @throws org.apache.kafka.common.InvalidRecordException if what comes is no record
     */
    boolean advance();

    long offset();

    /** In milliseconds since the epoch; -1 if it has none. */
    long timestamp();

    /** Null if it has none. To be called at most once for a record, as each of the following. */
    byte[] key();

    /** Null if it has none. */
    byte[] value();

    /** Never null. */
    RecordHeaders headers();

    @Override
    void close();
}

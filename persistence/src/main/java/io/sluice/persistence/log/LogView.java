package io.sluice.persistence.log;

import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * An immutable snapshot of a log for readers: they never wait for the writer. Offsets below {@link #logStartOffset} and from
 * {@link #highWatermark} on are not readable.
 *
 * <p>Bytes that this process did not write itself are checked (CRC-32C) before they are handed out for the first time; damage fails the read with
 * {@link CorruptLogException} and is never served.
 */
public interface LogView {

    /** First readable offset. */
    long logStartOffset();

    /** Offset after the last committed record; with one replica the same as {@link #logEndOffset}. */
    long highWatermark();

    /** Offset the next record gets. */
    long logEndOffset();

    /** Highest sequence number ever committed, 0 if none; survives deletion. */
    long highestSequenceNr();

    /** Highest sequence number deleted, 0 if none. */
    long deletedToSequenceNr();

    /** Bytes of all segments. */
    long sizeInBytes();

    /** Leader epoch of the last batch, or -1 in an empty log. */
    int latestEpoch();

    /**
     * A byte range of whole batches that begins with the batch containing {@code offset}, without blocking. The first batch is included even
     * if it is larger than {@code maxBytes} when {@code wholeFirstBatch} is set (KIP-74); otherwise the slice may be empty. At the high
     * watermark the slice is empty.
     *
     * @return the slice, which the caller must close, or null if bytes must be read first: use {@link #read}
     * @throws OffsetOutOfRangeException if {@code offset} is below the log start or beyond the high watermark
     */
    LogSlice tryRead(long offset, int maxBytes, boolean wholeFirstBatch);

    /** As {@link #tryRead}, but checks or loads on the store's threads what must be. Fails with the same exceptions. */
    CompletionStage<LogSlice> read(long offset, int maxBytes, boolean wholeFirstBatch);

    /** The first record whose timestamp is at least {@code timestamp} (ms), or empty. */
    CompletionStage<Optional<TimestampedOffset>> firstAtOrAfter(long timestamp);

    /** The record with the largest timestamp, the first of several (KIP-734), or empty. */
    CompletionStage<Optional<TimestampedOffset>> withLargestTimestamp();

    /**
     * Where the given epoch ended (KIP-101, KIP-279): the largest epoch not above {@code leaderEpoch} that appended something, and the start of
     * the next one (the log end for the last). Empty if every epoch of the log is higher.
     */
    Optional<EpochEnd> endOf(int leaderEpoch);

    /**
     * Reads batches in order, from the one that holds {@code fromSequenceNr} to the one that holds {@code toSequenceNr} or until the visitor
     * declines, on a thread of the store. Completes when done, exceptionally with {@link CorruptLogException} at damage.
     */
    CompletionStage<Void> scan(long fromSequenceNr, long toSequenceNr, BatchVisitor visitor);

    /** An offset and the timestamp (ms) and leader epoch of its record. */
    record TimestampedOffset(long timestamp, long offset, int leaderEpoch) {}

    /** An epoch and the offset after its last record. */
    record EpochEnd(int leaderEpoch, long endOffset) {}
}

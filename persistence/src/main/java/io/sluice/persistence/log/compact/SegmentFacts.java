package io.sluice.persistence.log.compact;

/**
 * What is decided on about one segment.
 *
 * @param baseOffset its first offset
 * @param cleanTo the offset below which it is compacted; its base offset if it never was
 * @param endOffset the offset that follows it
 * @param sizeInBytes its size
 * @param firstTimestamp largest timestamp of its first batch, ms since the epoch
 * @param maxTimestamp its largest timestamp, or when its file was written last where no record has any; ms since the epoch
 */
public record SegmentFacts(long baseOffset, long cleanTo, long endOffset, long sizeInBytes, long firstTimestamp,
        long maxTimestamp) {

    boolean isClean() {
        return cleanTo >= endOffset;
    }
}

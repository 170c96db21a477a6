package io.sluice.persistence.log.compact;

import java.util.List;

/**
 * How far a log may be compacted, and whether that is worth it now.
 *
 * @param count how many segments, from the first one on, may be compacted
 * @param firstDirty which of them is the first that holds new records; {@code count} if none does
 * @param dirtyFrom the offset from which on records are new
 * @param isDue whether enough is new, or something is new for too long
 */
public record CompactionPlan(int count, int firstDirty, long dirtyFrom, boolean isDue) {

    /**
     * Decides.
     *
     * @param segments closed segments whose records are committed, oldest first
     * @param nowMs the clock, ms since the epoch
     */
    public static CompactionPlan of(CompactionPolicy policy, List<SegmentFacts> segments, long nowMs) {
        int count = 0;
        while (count < segments.size() && !isTooNew(segments.get(count), policy, nowMs)) {
            count++;
        }
        int first = 0;
        while (first < count && segments.get(first).isClean()) {
            first++;
        }
        if (first == count) {
            return new CompactionPlan(count, count, 0, false);
        }
        long bytes = 0;
        long dirty = 0;
        boolean overdue = false;
        for (int i = 0; i < count; i++) {
            SegmentFacts segment = segments.get(i);
            bytes += segment.sizeInBytes();
            if (i >= first) {
                dirty += segment.sizeInBytes();
                overdue |= nowMs - segment.firstTimestamp() > policy.maxLagMs();
            }
        }
        return new CompactionPlan(count, first, segments.get(first).cleanTo(),
                overdue || (double) dirty / bytes > policy.minDirtyRatio());
    }

    private static boolean isTooNew(SegmentFacts segment, CompactionPolicy policy, long nowMs) {
        return policy.minLagMs() > 0 && nowMs - segment.maxTimestamp() < policy.minLagMs();
    }
}

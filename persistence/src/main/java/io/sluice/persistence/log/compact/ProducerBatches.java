package io.sluice.persistence.log.compact;

import java.util.HashMap;
import java.util.Map;

/**
 * Which batch is the last of its idempotent producer in what is compacted: its head must stay, because the producer's next sequence number is known from
 * it. Memory is bounded: of producers beyond the limit every batch counts as the last. For one thread.
 */
public final class ProducerBatches {
    private final Map<Long, Long> lastOffsets = new HashMap<>();
    private final int most;

    /** @param most how many producers are remembered */
    public ProducerBatches(int most) {
        this.most = most;
    }

    /** Notes a batch, later than all before; one without a producer ({@code producerId} -1) is not noted. */
    public void add(long producerId, long lastOffset) {
        if (producerId >= 0 && (lastOffsets.size() < most || lastOffsets.containsKey(producerId))) {
            lastOffsets.put(producerId, lastOffset);
        }
    }

    /** Whether a batch of a producer is its last one, or may be. */
    public boolean isLast(long producerId, long lastOffset) {
        return producerId >= 0 && lastOffsets.getOrDefault(producerId, lastOffset) <= lastOffset;
    }
}

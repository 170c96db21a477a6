package io.sluice.kafka.fetch;

import io.sluice.actors.image.ClusterImage;
import io.sluice.kafka.routing.PartitionLookup;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;

/**
 * A partition that a client fetches: what it asks for, and in a session what it was told last. Used by one fetch at a time.
 */
final class FetchTarget {

    /**
     * Names the partition as the client does.
     *
     * @param topicId the topic's id, zero before version 13
     * @param topic the topic's name, empty from version 13 on
     */
    record Key(Uuid topicId, String topic, int partition) {}

    private final Key key;
    private long offset;
    private int bytesMax;
    private int leaderEpoch;
    private int lastFetchedEpoch;

    private ClusterImage resolvedIn;
    private PartitionLookup resolved;

    private long toldHighWatermark = -1;
    private long toldLogStart = -1;

    FetchTarget(Key key, FetchPartition asked) {
        this.key = key;
        update(asked);
    }

    /** Takes what the client asks for now. */
    void update(FetchPartition asked) {
        offset = asked.fetchOffset();
        bytesMax = asked.partitionMaxBytes();
        leaderEpoch = asked.currentLeaderEpoch();
        lastFetchedEpoch = asked.lastFetchedEpoch();
    }

    /** Which partition that is now. */
    @SuppressWarnings("ReferenceEquality") // the same image gives the same answer
    PartitionLookup resolve(ClusterImage image) {
        if (resolvedIn != image) {
            resolved = PartitionLookup.of(image, key.topicId(), key.topic(), key.partition());
            resolvedIn = image;
        }
        return resolved;
    }

    /** Whether the client of a session must be told this; if so it counts as told. */
    boolean tell(PartitionData data) {
        boolean news = data.records().sizeInBytes() > 0 || data.errorCode() != Errors.NONE.code()
                || data.highWatermark() != toldHighWatermark || data.logStartOffset() != toldLogStart
                || data.divergingEpoch().epoch() >= 0 || data.preferredReadReplica() >= 0;
        toldLogStart = data.logStartOffset();
        // after an error the next answer is news in any case
        toldHighWatermark = data.errorCode() == Errors.NONE.code() ? data.highWatermark() : -1;
        return news;
    }

    Key key() {
        return key;
    }

    long offset() {
        return offset;
    }

    int bytesMax() {
        return bytesMax;
    }

    int leaderEpoch() {
        return leaderEpoch;
    }

    int lastFetchedEpoch() {
        return lastFetchedEpoch;
    }
}

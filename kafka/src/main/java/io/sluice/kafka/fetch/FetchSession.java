package io.sluice.kafka.fetch;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchRequestData.ForgottenTopic;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;

/** The partitions that one client fetches, so that it need not name them each time (KIP-227). Safe for any thread. */
final class FetchSession {
    private final int id;
    private final boolean topicIds;
    private final Map<FetchTarget.Key, FetchTarget> targets = new LinkedHashMap<>();
    private int nextEpoch = 1;
    private long usedAtNanos;
    private volatile int counted;

    FetchSession(int id, boolean topicIds, Collection<FetchTarget> targets, long nowNanos) {
        this.id = id;
        this.topicIds = topicIds;
        targets.forEach(target -> this.targets.put(target.key(), target));
        this.usedAtNanos = nowNanos;
    }

    int id() {
        return id;
    }

    /** Whether its client names topics by id. */
    boolean topicIds() {
        return topicIds;
    }

    /** How many partitions {@link FetchSessions} counts it with; that class alone changes it, under its lock. */
    int counted() {
        return counted;
    }

    void counted(int partitions) {
        counted = partitions;
    }

    synchronized long usedAtNanos() {
        return usedAtNanos;
    }

    /** Takes an incremental request if it is the next one; else changes nothing. */
    synchronized boolean advance(FetchRequestData request, long nowNanos) {
        if (request.sessionEpoch() != nextEpoch) {
            return false;
        }
        nextEpoch = nextEpoch == Integer.MAX_VALUE ? 1 : nextEpoch + 1;
        usedAtNanos = nowNanos;
        for (FetchTopic topic : request.topics()) {
            for (FetchPartition partition : topic.partitions()) {
                FetchTarget.Key key = new FetchTarget.Key(topic.topicId(), topic.topic(), partition.partition());
                FetchTarget known = targets.get(key);
                if (known == null) {
                    targets.put(key, new FetchTarget(key, partition));
                } else {
                    known.update(partition);
                }
            }
        }
        for (ForgottenTopic topic : request.forgottenTopicsData()) {
            for (int partition : topic.partitions()) {
                targets.remove(new FetchTarget.Key(topic.topicId(), topic.topic(), partition));
            }
        }
        return true;
    }

    /** What it fetches, in the order in which it is to be served. */
    synchronized List<FetchTarget> targets() {
        return new ArrayList<>(targets.values());
    }

    /**
     * Decides whether the client must be told of a partition. One with records goes to the end of the order, so that all have their turn however
     * small the response.
     */
    synchronized boolean tell(FetchTarget target, PartitionData data) {
        if (data.records().sizeInBytes() > 0 && targets.remove(target.key(), target)) {
            targets.put(target.key(), target);
        }
        return target.tell(data);
    }
}

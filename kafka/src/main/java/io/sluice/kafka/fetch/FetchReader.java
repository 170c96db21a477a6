package io.sluice.kafka.fetch;

import io.sluice.actors.image.ClusterImage;
import io.sluice.actors.image.NodeImage;
import io.sluice.actors.image.TopicImage;
import java.util.OptionalInt;
import org.apache.kafka.common.message.FetchRequestData;

/**
 * Who fetches.
 *
 * @param readCommitted whether it wants to know of aborted transactions
 * @param rack where it is, empty if it does not say. One that does may be served by replicas that do not lead (KIP-392); others are told where the leader
 *        is, as they would stay with a replica that lags behind it
 */
record FetchReader(boolean readCommitted, String rack) {
    private static final byte READ_COMMITTED = 1;
    private static final short FOLLOWER_VERSION = 11;

    static FetchReader of(short version, FetchRequestData request) {
        return new FetchReader(request.isolationLevel() == READ_COMMITTED,
                version >= FOLLOWER_VERSION ? request.rackId() : "");
    }

    /** Whether this node serves the reader from its copy of a partition that it does not lead. */
    boolean readsFollower(ClusterImage image, TopicImage topic, int partition) {
        return !rack.isEmpty() && image.leader(topic, partition) != image.selfId()
                && topic.replicas().get(partition).contains(image.selfId());
    }

    /** An in-sync replica in the reader's rack, if the leader is in another. */
    OptionalInt nearer(ClusterImage image, TopicImage topic, int partition) {
        if (rack.isEmpty() || isHere(image, image.selfId())) {
            return OptionalInt.empty();
        }
        return image.inSyncReplicas(topic, partition).stream().filter(node -> isHere(image, node))
                .mapToInt(Integer::intValue).findFirst();
    }

    private boolean isHere(ClusterImage image, int node) {
        NodeImage known = image.nodes().get(node);
        return known != null && rack.equals(known.rack());
    }
}

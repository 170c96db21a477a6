package io.sluice.kafka.fetch;

import io.sluice.actors.image.ClusterImage;
import io.sluice.actors.image.NodeImage;
import io.sluice.actors.image.TopicImage;
import io.sluice.actors.partition.PartitionRef;
import io.sluice.actors.partition.Partitions;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.LeaderIdAndEpoch;
import org.apache.kafka.common.message.FetchResponseData.NodeEndpoint;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;

/** Puts the results of a pass into a response; in an incremental session only what is news. */
final class FetchAnswer {
    private static final short LEADER_HINT_VERSION = 16;

    private final Partitions partitions;
    private final ClusterImage image;
    private final short version;
    private final FetchResponseData response = new FetchResponseData();
    private FetchableTopicResponse topic;
    private FetchTarget.Key topicKey;

    FetchAnswer(Partitions partitions, ClusterImage image, short version) {
        this.partitions = partitions;
        this.image = image;
        this.version = version;
    }

    FetchResponseData of(FetchSessions.Outcome session, FetchPass pass) {
        response.setSessionId(session.sessionId());
        for (int i = 0; i < session.targets().size(); i++) {
            FetchTarget target = session.targets().get(i);
            PartitionData data = pass.result(i);
            boolean news = session.session() == null || session.session().tell(target, data);
            if (news || !session.incremental()) {
                topic(target.key()).partitions().add(data);
                if (data.errorCode() == Errors.NOT_LEADER_OR_FOLLOWER.code() && version >= LEADER_HINT_VERSION) {
                    hintLeader(data, target);
                }
            }
        }
        return response;
    }

    /** Neighbours of one topic share its entry; a topic may have several entries. */
    private FetchableTopicResponse topic(FetchTarget.Key key) {
        if (topicKey == null || !topicKey.topic().equals(key.topic()) || !topicKey.topicId().equals(key.topicId())) {
            topicKey = key;
            topic = new FetchableTopicResponse().setTopic(key.topic()).setTopicId(key.topicId());
            response.responses().add(topic);
        }
        return topic;
    }

    /** Tells the client where to go on, so that it need not ask (KIP-951). */
    private void hintLeader(PartitionData data, FetchTarget target) {
        TopicImage known = target.resolve(image).topic();
        PartitionRef ref = target.resolve(image).ref();
        NodeImage node = ref == null ? null : image.nodes().get(image.leader(known, ref.partition()));
        if (node == null) {
            return;
        }
        data.setCurrentLeader(
                new LeaderIdAndEpoch().setLeaderId(node.id()).setLeaderEpoch(partitions.leaderEpoch(ref)));
        if (response.nodeEndpoints().find(node.id()) == null) {
            response.nodeEndpoints().add(new NodeEndpoint().setNodeId(node.id()).setHost(node.host())
                    .setPort(node.port()).setRack(node.rack()));
        }
    }
}

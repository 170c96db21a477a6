package io.sluice.kafka.produce;

import io.sluice.actors.image.ClusterImage;
import io.sluice.actors.image.NodeImage;
import io.sluice.actors.image.TopicImage;
import io.sluice.actors.partition.AppendOutcome;
import io.sluice.actors.partition.PartitionRef;
import io.sluice.actors.partition.Partitions;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.BatchIndexAndErrorMessage;
import org.apache.kafka.common.message.ProduceResponseData.LeaderIdAndEpoch;
import org.apache.kafka.common.message.ProduceResponseData.NodeEndpoint;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.message.ProduceResponseData.TopicProduceResponse;
import org.apache.kafka.common.protocol.Errors;

/** Puts the outcomes of a round into the response of its request. */
final class ProduceAnswer {
    private static final short LEADER_HINT_VERSION = 10;

    private final Partitions partitions;
    private final ClusterImage image;
    private final short version;
    private final ProduceResponseData response = new ProduceResponseData();

    ProduceAnswer(Partitions partitions, ClusterImage image, short version) {
        this.partitions = partitions;
        this.image = image;
        this.version = version;
    }

    ProduceResponseData of(ProduceRequestData request, ProduceRound round) {
        int index = 0;
        for (TopicProduceData topic : request.topicData()) {
            TopicProduceResponse answered = new TopicProduceResponse().setName(topic.name())
                    .setTopicId(topic.topicId());
            for (PartitionProduceData partition : topic.partitionData()) {
                answered.partitionResponses().add(partition(topic, partition.index(), round.outcome(index)));
                index++;
            }
            response.responses().add(answered);
        }
        return response;
    }

    private PartitionProduceResponse partition(TopicProduceData topic, int partition, AppendOutcome outcome) {
        PartitionProduceResponse answer = new PartitionProduceResponse().setIndex(partition)
                .setErrorCode(outcome.error().code()).setBaseOffset(outcome.baseOffset())
                .setLogAppendTimeMs(outcome.logAppendTimeMs()).setLogStartOffset(outcome.logStartOffset())
                .setErrorMessage(outcome.message());
        for (int record : outcome.wrongRecords()) {
            answer.recordErrors().add(new BatchIndexAndErrorMessage().setBatchIndex(record));
        }
        if (outcome.error() == Errors.NOT_LEADER_OR_FOLLOWER && version >= LEADER_HINT_VERSION) {
            ProduceRouting.topic(image, topic).ifPresent(known -> hintLeader(answer, known, partition));
        }
        return answer;
    }

    /** Tells the client where to go on, so that it need not ask (KIP-951). */
    private void hintLeader(PartitionProduceResponse answer, TopicImage topic, int partition) {
        int leader = topic.hasPartition(partition) ? image.leader(topic, partition) : -1;
        NodeImage node = image.nodes().get(leader);
        if (node == null) {
            return;
        }
        int epoch = partitions.leaderEpoch(new PartitionRef(topic.id(), topic.name(), partition));
        answer.setCurrentLeader(new LeaderIdAndEpoch().setLeaderId(leader).setLeaderEpoch(epoch));
        if (response.nodeEndpoints().find(leader) == null) {
            response.nodeEndpoints().add(new NodeEndpoint().setNodeId(leader).setHost(node.host()).setPort(node.port())
                    .setRack(node.rack()));
        }
    }
}

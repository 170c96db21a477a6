package io.sluice.kafka.metadata;

import io.sluice.actors.image.TopicImage;
import java.util.Collection;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData.TopicRequest;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.Cursor;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.DescribeTopicPartitionsResponsePartition;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.DescribeTopicPartitionsResponseTopic;
import org.apache.kafka.common.protocol.Errors;

/**
 * One page of a description of topics in the order of their names (KIP-966): as many partitions as the limit allows, at least one, and a cursor to
 * where the next page begins.
 */
final class TopicPartitionsPage {

    /** Most partitions in one page, whatever the client asks for. */
    static final int PARTITIONS_MAX = 2000;

    private final MetadataView view;
    private final DescribeTopicPartitionsResponseData response = new DescribeTopicPartitionsResponseData();
    private int room;

    private TopicPartitionsPage(MetadataView view, int limit) {
        this.view = view;
        this.room = Math.max(1, Math.min(limit, PARTITIONS_MAX));
    }

    /**
     * Builds the page.
     *
     * @throws InvalidRequestException if the cursor does not fit the list of topics
     */
    static DescribeTopicPartitionsResponseData of(MetadataView view, DescribeTopicPartitionsRequestData request) {
        var page = new TopicPartitionsPage(view, request.responsePartitionLimit());
        DescribeTopicPartitionsRequestData.Cursor cursor = request.cursor();
        NavigableSet<String> names = names(view, request);
        if (cursor == null) {
            page.fill(names, 0);
            return page.response;
        }
        if (cursor.partitionIndex() < 0) {
            throw new InvalidRequestException("the cursor's partition is " + cursor.partitionIndex());
        }
        boolean isThere = names.contains(cursor.topicName());
        if (!isThere && !request.topics().isEmpty()) {
            throw new InvalidRequestException("the cursor's topic " + cursor.topicName() + " is not asked for");
        }
        // a cursor into all topics may name one that was deleted since: then the next one is shown from its start
        page.fill(names.tailSet(cursor.topicName(), true), isThere ? cursor.partitionIndex() : 0);
        return page.response;
    }

    private static NavigableSet<String> names(MetadataView view, DescribeTopicPartitionsRequestData request) {
        NavigableSet<String> names = new TreeSet<>();
        if (request.topics().isEmpty()) {
            view.image().topics().forEach(topic -> names.add(topic.name()));
        } else {
            request.topics().stream().map(TopicRequest::name).forEach(names::add);
        }
        return names;
    }

    private void fill(Collection<String> names, int firstPartition) {
        int from = firstPartition;
        for (String name : names) {
            if (room == 0) {
                response.setNextCursor(new Cursor().setTopicName(name).setPartitionIndex(0));
                return;
            }
            TopicImage topic = view.image().topic(name).orElse(null);
            if (topic == null) {
                response.topics().add(answer(error(name), name, Uuid.ZERO_UUID));
            } else if (!add(topic, from)) {
                return;
            }
            from = 0;
        }
    }

    /** Adds a topic from one of its partitions on; says whether all fitted, else the cursor is set. */
    private boolean add(TopicImage topic, int from) {
        var answer = answer(Errors.NONE, topic.name(), topic.id());
        response.topics().add(answer);
        for (int i = from; i < topic.partitionCount(); i++) {
            if (room == 0) {
                response.setNextCursor(new Cursor().setTopicName(topic.name()).setPartitionIndex(i));
                return false;
            }
            answer.partitions().add(partition(view.partition(topic, i)));
            room--;
        }
        return true;
    }

    private static DescribeTopicPartitionsResponseTopic answer(Errors error, String name, Uuid id) {
        return new DescribeTopicPartitionsResponseTopic().setErrorCode(error.code()).setName(name).setTopicId(id)
                .setIsInternal(Topic.isInternal(name)).setTopicAuthorizedOperations(AuthorizedOperations.TOPIC);
    }

    private static DescribeTopicPartitionsResponsePartition partition(PartitionState state) {
        // no eligible leader replicas apart from the in-sync ones: a majority decides here
        return new DescribeTopicPartitionsResponsePartition().setErrorCode(state.error().code())
                .setPartitionIndex(state.index()).setLeaderId(state.leaderId()).setLeaderEpoch(state.leaderEpoch())
                .setReplicaNodes(state.replicas()).setIsrNodes(state.inSyncReplicas())
                .setEligibleLeaderReplicas(List.of()).setLastKnownElr(List.of())
                .setOfflineReplicas(state.offlineReplicas());
    }

    private static Errors error(String name) {
        try {
            Topic.validate(name);
            return Errors.UNKNOWN_TOPIC_OR_PARTITION;
        } catch (InvalidTopicException e) {
            return Errors.INVALID_TOPIC_EXCEPTION;
        }
    }
}

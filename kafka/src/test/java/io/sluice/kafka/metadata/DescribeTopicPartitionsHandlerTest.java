package io.sluice.kafka.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.kafka.fakes.Exchange;
import io.sluice.kafka.fakes.FakeController;
import io.sluice.kafka.fakes.FakePartitions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData.Cursor;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData.TopicRequest;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.DescribeTopicPartitionsResponseTopic;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

class DescribeTopicPartitionsHandlerTest {

    private final FakeController controller = new FakeController();
    private final FakePartitions partitions = new FakePartitions();
    private final DescribeTopicPartitionsHandler handler = new DescribeTopicPartitionsHandler(controller, partitions);

    private DescribeTopicPartitionsResponseData call(DescribeTopicPartitionsRequestData request) {
        return Exchange.call(handler, 0, request, DescribeTopicPartitionsResponseData.class);
    }

    private static DescribeTopicPartitionsRequestData named(String... names) {
        return new DescribeTopicPartitionsRequestData()
                .setTopics(Arrays.stream(names).map(name -> new TopicRequest().setName(name)).toList());
    }

    private static Cursor cursor(String topic, int partition) {
        return new Cursor().setTopicName(topic).setPartitionIndex(partition);
    }

    private static List<String> shown(DescribeTopicPartitionsResponseData response) {
        List<String> shown = new ArrayList<>();
        response.topics().forEach(topic -> topic.partitions()
                .forEach(partition -> shown.add(topic.name() + "-" + partition.partitionIndex())));
        return shown;
    }

    @Test
    void describesTopicsInOrderOfNames() {
        controller.image.node(1, false);
        controller.image.topic("b", List.of(List.of(0, 1)), Map.of());
        controller.image.topic("a", 1);
        partitions.epochs.put("b-0", 3);

        DescribeTopicPartitionsResponseData response = call(named("nope", "b", "a", "bad name", "a"));

        assertThat(response.topics()).extracting(DescribeTopicPartitionsResponseTopic::name).containsExactly("a", "b",
                "bad name", "nope");
        assertThat(response.topics()).extracting(DescribeTopicPartitionsResponseTopic::errorCode).containsExactly(
                (short) 0, (short) 0, Errors.INVALID_TOPIC_EXCEPTION.code(), Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
        assertThat(response.topics()).extracting(DescribeTopicPartitionsResponseTopic::topicAuthorizedOperations)
                .containsOnly(3576);
        assertThat(response.nextCursor()).isNull();
        var partition = response.topics().find("b").partitions().getFirst();
        assertThat(partition.leaderId()).isZero();
        assertThat(partition.leaderEpoch()).isEqualTo(3);
        assertThat(partition.replicaNodes()).containsExactly(0, 1);
        assertThat(partition.isrNodes()).containsExactly(0);
        assertThat(partition.offlineReplicas()).containsExactly(1);
        assertThat(partition.eligibleLeaderReplicas()).isEmpty();
        assertThat(partition.lastKnownElr()).isEmpty();
    }

    @Test
    void aPartitionThatIsMovedShowsTheReplicasOfBothEnds() {
        controller.image.node(1, true).node(2, true);
        controller.image.topic("t", List.of(List.of(0, 1)), Map.of());
        controller.image.move("t", 0, 2, 1);

        var partition = call(named("t")).topics().find("t").partitions().getFirst();

        assertThat(partition.replicaNodes()).containsExactly(2, 1, 0);
        assertThat(partition.isrNodes()).containsExactly(0, 1);
        assertThat(partition.leaderId()).isZero();
    }

    @Test
    void anEmptyListAsksForAll() {
        controller.image.topic("b", 1);
        controller.image.topic("a", 2);
        assertThat(shown(call(named()))).containsExactly("a-0", "a-1", "b-0");
    }

    @Test
    void pagesTogetherShowEveryPartitionOnce() {
        controller.image.topic("a", 3);
        controller.image.topic("b", 2);
        controller.image.topic("c", 4);
        for (int limit = 1; limit <= 10; limit++) {
            List<String> shown = new ArrayList<>();
            Cursor cursor = null;
            do {
                DescribeTopicPartitionsResponseData page = call(
                        named().setResponsePartitionLimit(limit).setCursor(cursor));
                assertThat(shown(page)).hasSizeBetween(1, limit);
                shown.addAll(shown(page));
                var next = page.nextCursor();
                cursor = next == null ? null : cursor(next.topicName(), next.partitionIndex());
            } while (cursor != null);
            assertThat(shown).containsExactly("a-0", "a-1", "a-2", "b-0", "b-1", "c-0", "c-1", "c-2", "c-3");
        }
    }

    @Test
    void theLimitIsAtLeastOneAndAtMostTheNodes() {
        controller.image.topic("a", TopicPartitionsPage.PARTITIONS_MAX + 1);
        for (int limit : new int[]{0, -5}) {
            DescribeTopicPartitionsResponseData page = call(named("a").setResponsePartitionLimit(limit));
            assertThat(shown(page)).containsExactly("a-0");
            assertThat(page.nextCursor().partitionIndex()).isEqualTo(1);
        }
        assertThat(shown(call(named("a").setResponsePartitionLimit(Integer.MAX_VALUE))))
                .hasSize(TopicPartitionsPage.PARTITIONS_MAX);
    }

    @Test
    void aFullPagePointsToTheNextTopicEvenIfThatIsUnknown() {
        controller.image.topic("a", 1);
        var next = call(named("a", "nope").setResponsePartitionLimit(1)).nextCursor();
        assertThat(next.topicName()).isEqualTo("nope");
        assertThat(next.partitionIndex()).isZero();
    }

    @Test
    void aCursorBehindTheLastPartitionShowsNoneOfThatTopic() {
        controller.image.topic("a", 1);
        controller.image.topic("b", 1);
        assertThat(shown(call(named("a", "b").setCursor(cursor("a", 20))))).containsExactly("b-0");
    }

    @Test
    void aCursorThatDoesNotFitIsRefused() {
        controller.image.topic("a", 1);
        for (Cursor bad : List.of(cursor("other", 0), cursor("a", -1))) {
            DescribeTopicPartitionsResponseData response = call(named("a").setCursor(bad));
            assertThat(response.topics()).extracting(DescribeTopicPartitionsResponseTopic::errorCode)
                    .containsExactly(Errors.INVALID_REQUEST.code());
        }
    }

    @Test
    void aCursorIntoAllTopicsMayNameOneThatIsGone() {
        controller.image.topic("a", 1);
        controller.image.topic("c", 2);
        assertThat(shown(call(named().setCursor(cursor("b", 1))))).containsExactly("c-0", "c-1");
    }
}

package io.sluice;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Ten consumers of four client libraries, each a process, share 30 partitions in one group. While a producer writes, members join, leave, are
 * killed and hang: every record is processed, and soon.
 */
class MixedGroupTest {

    private static final String GROUP = "mixed";
    private static final int PARTITIONS = 30;
    private static final int RECORDS_PER_SECOND = 120;
    private static final int SESSION_MS = 6_000;
    /** How long a partition may be without a consumer: until a dead member is noticed, and the others have shared what it had. */
    private static final long UNOWNED_MS = SESSION_MS + 2_000;
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @RegisterExtension
    static final NodeExtension node = NodeExtension.with("group.initial.rebalance.delay.ms", "0",
            "offsets.topic.num.partitions", "3");

    private final List<ChildProcess> members = new ArrayList<>();

    @AfterEach
    void endAll() {
        members.forEach(ChildProcess::close);
    }

    @Test
    void shouldProcessEveryRecordWhileMembersComeAndGo() throws Exception {
        Stream.of(GroupClient.values()).forEach(GroupClient::require);
        String topic = node.createTopic(PARTITIONS);
        ChildProcess java = join(GroupClient.JAVA, topic);
        ChildProcess confluent = join(GroupClient.CONFLUENT_PYTHON, topic);
        ChildProcess python = join(GroupClient.KAFKA_PYTHON, topic);
        ChildProcess kafkajs = join(GroupClient.KAFKAJS, topic);
        ChildProcess otherJava = join(GroupClient.JAVA, topic);
        ChildProcess otherConfluent = join(GroupClient.CONFLUENT_PYTHON, topic);
        ChildProcess otherPython = join(GroupClient.KAFKA_PYTHON, topic);
        ChildProcess otherKafkajs = join(GroupClient.KAFKAJS, topic);
        awaitMembers(8);
        try (LoadProducer producer = new LoadProducer("p", node.bootstrap(), topic, PARTITIONS, RECORDS_PER_SECOND)) {
            join(GroupClient.JAVA, topic);
            join(GroupClient.CONFLUENT_PYTHON, topic);
            awaitMembers(10);
            leave(java, confluent, kafkajs);
            awaitMembers(7);

            JsonNode fenced = lastAssignment(python);
            otherJava.kill();
            python.kill();
            otherConfluent.signal("STOP");
            join(GroupClient.KAFKAJS, topic);
            join(GroupClient.CONFLUENT_PYTHON, topic);
            awaitMembers(6);
            assertThat(commit(topic, fenced.get("member").asText(), fenced.get("generation").asInt()))
                    .as("of a member that was removed").isEqualTo(Errors.UNKNOWN_MEMBER_ID);
            JsonNode current = lastAssignment(otherPython);
            assertThat(commit(topic, current.get("member").asText(), fenced.get("generation").asInt()))
                    .as("of an earlier generation").isEqualTo(Errors.ILLEGAL_GENERATION);
            otherConfluent.signal("CONT");
            awaitMembers(7);
            leave(otherConfluent, otherKafkajs);
            awaitMembers(5);

            producer.finish();
            assertThat(producer.failures()).isEmpty();
        }
        List<ConsumerRecord<byte[], byte[]>> written = JavaClients.readAll(node.bootstrap(), topic, PARTITIONS);
        Awaitility.await("all is committed").atMost(LIMIT).untilAsserted(() -> assertThat(committed())
                .isEqualTo(ends(written)));
        assertProcessedInTime(written);
    }

    private ChildProcess join(GroupClient client, String topic) {
        ChildProcess member = client.join(GROUP + "-" + members.size() + "-" + client, node.bootstrap(), topic, GROUP,
                SESSION_MS);
        members.add(member);
        return member;
    }

    private static void leave(ChildProcess... members) {
        for (ChildProcess member : members) {
            member.stop();
            assertThat(member.events("shutdown_complete")).hasSize(1);
        }
    }

    /** Waits until the group is stable with so many members that own all partitions. */
    private static void awaitMembers(int count) {
        Awaitility.await(count + " members").atMost(LIMIT).ignoreExceptions().untilAsserted(() -> {
            ConsumerGroupDescription group = JavaClients
                    .get(node.admin().describeConsumerGroups(List.of(GROUP)).all()).get(GROUP);
            assertThat(group.members()).hasSize(count);
            assertThat(group.groupState()).isEqualTo(GroupState.STABLE);
            assertThat(group.members().stream().flatMap(m -> m.assignment().topicPartitions().stream()).distinct())
                    .hasSize(PARTITIONS);
        });
    }

    private static JsonNode lastAssignment(ChildProcess member) {
        return member.events("partitions_assigned").getLast();
    }

    /** What the coordinator answers to a member that commits offset 0 of partition 0. */
    private static Errors commit(String topic, String member, int generation) throws IOException {
        int version = 8; // the last in which clients without topic ids speak
        OffsetCommitRequestData request = new OffsetCommitRequestData().setGroupId(GROUP).setMemberId(member)
                .setGenerationIdOrMemberEpoch(generation)
                .setTopics(List.of(new OffsetCommitRequestTopic().setName(topic).setPartitions(
                        List.of(new OffsetCommitRequestPartition().setPartitionIndex(0).setCommittedOffset(0)))));
        try (RawConnection connection = new RawConnection(node.process())) {
            return Errors.forCode(connection.exchange(ApiKeys.OFFSET_COMMIT, version, request,
                    new OffsetCommitResponseData()).topics().get(0).partitions().get(0).errorCode());
        }
    }

    private static Map<TopicPartition, Long> committed() {
        Map<TopicPartition, Long> committed = new HashMap<>();
        JavaClients.get(node.admin().listConsumerGroupOffsets(GROUP).partitionsToOffsetAndMetadata())
                .forEach((partition, offset) -> committed.put(partition, offset.offset()));
        return committed;
    }

    private static Map<TopicPartition, Long> ends(List<ConsumerRecord<byte[], byte[]>> records) {
        Map<TopicPartition, Long> ends = new HashMap<>();
        records.forEach(record -> ends.merge(new TopicPartition(record.topic(), record.partition()),
                record.offset() + 1, Math::max));
        return ends;
    }

    private void assertProcessedInTime(List<ConsumerRecord<byte[], byte[]>> written) {
        Map<String, Long> processed = new HashMap<>();
        members.forEach(member -> member.events("record_data").forEach(record -> processed
                .merge(record.get("value").asText(), record.get("timestamp").asLong(), Math::min)));
        assertThat(written).hasSizeGreaterThan(PARTITIONS).allSatisfy(record -> {
            Long when = processed.get(new String(record.value(), UTF_8));
            assertThat(when).as("when %s was processed", record).isNotNull();
            assertThat(when - record.timestamp()).as("ms until %s was processed", record).isLessThan(UNOWNED_MS);
        });
    }
}

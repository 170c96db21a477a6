package io.sluice;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where groups are in a topic: each at its own place, replayed from wherever somebody wants, and moved by nobody who is out. Both protocols. */
class GroupOffsetsTest {

    private static final int RECORDS = 40;
    /** Timestamp of the first record, ms since the epoch; each is a second after the one before. */
    private static final long FIRST_MS = System.currentTimeMillis() - Duration.ofHours(1).toMillis();
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @RegisterExtension
    static final NodeExtension node = NodeExtension.with("group.consumer.min.heartbeat.interval.ms", "200",
            "group.consumer.heartbeat.interval.ms", "200",
            "group.initial.rebalance.delay.ms", "0", "offsets.topic.num.partitions", "3");

    private static TopicPartition filled() throws ExecutionException, InterruptedException {
        String topic = node.createTopic(1);
        try (Producer<byte[], byte[]> producer = JavaClients.producer(node.bootstrap())) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (int i = 0; i < RECORDS; i++) {
                sent.add(producer.send(new ProducerRecord<>(topic, 0, FIRST_MS + i * 1000L, null,
                        String.valueOf(i).getBytes(UTF_8))));
            }
            for (Future<RecordMetadata> each : sent) {
                each.get();
            }
        }
        return new TopicPartition(topic, 0);
    }

    private static Consumer<byte[], byte[]> member(String protocol, String group, TopicPartition partition) {
        Consumer<byte[], byte[]> consumer = JavaClients.consumer(node.bootstrap(), "group.id", group,
                "group.protocol", protocol, "max.poll.records", "1");
        consumer.subscribe(List.of(partition.topic()));
        return consumer;
    }

    /** The offset of the next record that a member of the group is given. */
    private static long next(Consumer<byte[], byte[]> consumer) {
        return Awaitility.await("the next record").atMost(LIMIT).pollInterval(Duration.ofMillis(1))
                .until(() -> consumer.poll(Duration.ofMillis(200)).iterator(), polled -> polled.hasNext()).next()
                .offset();
    }

    private static long committed(String group, TopicPartition partition) {
        return JavaClients.get(node.admin().listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
                .get(partition).offset();
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void shouldHaveEachGroupAtItsOwnPlace(String protocol) throws ExecutionException, InterruptedException {
        TopicPartition partition = filled();
        int[] read = {5, 17, 30};
        for (int i = 0; i < read.length; i++) {
            try (Consumer<byte[], byte[]> consumer = member(protocol, protocol + i, partition)) {
                for (long expected = 0; expected < read[i]; expected++) {
                    assertThat(next(consumer)).isEqualTo(expected);
                }
                consumer.commitSync();
            }
        }
        for (int i = 0; i < read.length; i++) {
            assertThat(committed(protocol + i, partition)).isEqualTo(read[i]);
            try (Consumer<byte[], byte[]> consumer = member(protocol, protocol + i, partition)) {
                assertThat(next(consumer)).as("where group %d goes on", i).isEqualTo(read[i]);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void shouldReplayFromWhereAMemberWants(String protocol) throws ExecutionException, InterruptedException {
        TopicPartition partition = filled();
        try (Consumer<byte[], byte[]> consumer = member(protocol, "seeking-" + protocol, partition)) {
            assertThat(next(consumer)).isZero();
            consumer.seek(partition, 12);
            assertThat(next(consumer)).isEqualTo(12);
            consumer.seek(partition,
                    consumer.offsetsForTimes(Map.of(partition, FIRST_MS + 20_500)).get(partition).offset());
            assertThat(next(consumer)).as("the first at or after that time").isEqualTo(21);
            consumer.seekToBeginning(List.of(partition));
            assertThat(next(consumer)).isZero();
            consumer.seekToEnd(List.of(partition));
            assertThat(consumer.position(partition)).isEqualTo(RECORDS);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void shouldReplayFromWhereTheGroupIsResetTo(String protocol) throws ExecutionException, InterruptedException {
        TopicPartition partition = filled();
        String group = "reset-" + protocol;
        try (Consumer<byte[], byte[]> consumer = member(protocol, group, partition)) {
            next(consumer);
            consumer.commitSync();
        }
        assertThat(afterReset(protocol, group, partition, offset(partition, OffsetSpec.forTimestamp(FIRST_MS + 9500))))
                .isEqualTo(10);
        assertThat(afterReset(protocol, group, partition, offset(partition, OffsetSpec.earliest()))).isZero();
        assertThat(afterReset(protocol, group, partition, 33)).isEqualTo(33);
        assertThat(afterReset(protocol, group, partition, offset(partition, OffsetSpec.latest()) - 1))
                .isEqualTo(RECORDS - 1);
    }

    private static long offset(TopicPartition partition, OffsetSpec spec) {
        return JavaClients.get(node.admin().listOffsets(Map.of(partition, spec)).partitionResult(partition)).offset();
    }

    private static long afterReset(String protocol, String group, TopicPartition partition, long offset) {
        JavaClients.get(node.admin()
                .alterConsumerGroupOffsets(group, Map.of(partition, new OffsetAndMetadata(offset))).all());
        try (Consumer<byte[], byte[]> consumer = member(protocol, group, partition)) {
            return next(consumer);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void shouldRefuseTheCommitsOfThoseWhoAreOut(String protocol)
            throws ExecutionException, InterruptedException, IOException {
        TopicPartition partition = filled();
        String group = "fenced-" + protocol;
        try (Consumer<byte[], byte[]> consumer = member(protocol, group, partition)) {
            next(consumer);
            consumer.commitSync();
            ConsumerGroupDescription described = JavaClients
                    .get(node.admin().describeConsumerGroups(List.of(group)).all()).get(group);
            MemberDescription member = described.members().iterator().next();
            int epoch = consumer.groupMetadata().generationId();
            boolean classic = protocol.equals("classic");

            assertThat(commit(group, member.consumerId(), epoch - 1, partition))
                    .isEqualTo(classic ? Errors.ILLEGAL_GENERATION : Errors.STALE_MEMBER_EPOCH);
            assertThat(commit(group, "who-left", epoch, partition)).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
            assertThat(commit(group, "", -1, partition)).as("nobody's, while there are members")
                    .isEqualTo(Errors.UNKNOWN_MEMBER_ID);
            assertThat(committed(group, partition)).isEqualTo(1);
            assertThat(commit(group, member.consumerId(), epoch, partition)).isEqualTo(Errors.NONE);
            assertThat(committed(group, partition)).isEqualTo(7);
        }
    }

    private static Errors commit(String group, String memberId, int epoch, TopicPartition partition)
            throws IOException {
        OffsetCommitRequestData request = new OffsetCommitRequestData().setGroupId(group).setMemberId(memberId)
                .setGenerationIdOrMemberEpoch(epoch)
                .setTopics(List.of(new OffsetCommitRequestTopic().setName(partition.topic()).setPartitions(
                        List.of(new OffsetCommitRequestPartition().setPartitionIndex(partition.partition())
                                .setCommittedOffset(7)))));
        try (RawConnection connection = new RawConnection(node.process())) {
            OffsetCommitResponseData answer = connection.exchange(ApiKeys.OFFSET_COMMIT, 9, request,
                    new OffsetCommitResponseData());
            return Errors.forCode(answer.topics().get(0).partitions().get(0).errorCode());
        }
    }
}

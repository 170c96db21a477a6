package io.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.consumer.SubscriptionPattern;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The consumer protocol (KIP-848) with the Java client and Kafka's console consumer: members and the node are killed, and all is read. */
class ConsumerProtocolTest {

    private static final String GROUP = "g848";
    private static final int PARTITIONS = 6;
    private static final int RECORDS = 300;
    private static final Duration LIMIT = Duration.ofSeconds(15);

    @RegisterExtension
    static final NodeExtension node = NodeExtension.with("group.consumer.min.session.timeout.ms", "2000",
            "group.consumer.session.timeout.ms", "2000",
            "group.consumer.min.heartbeat.interval.ms", "300", "group.consumer.heartbeat.interval.ms", "300",
            "offsets.topic.num.partitions", "3");

    private int produced;

    @Test
    void shouldGoOnWithoutAKilledMemberAndAfterTheNodeWasKilled() throws Exception {
        String topic = node.createTopic(PARTITIONS);
        try (GroupMember byName = new GroupMember(node.bootstrap(), GROUP, c -> c.subscribe(List.of(topic)));
                GroupMember byPattern = new GroupMember(node.bootstrap(), GROUP,
                        c -> c.subscribe(new SubscriptionPattern(topic.replace("-", "[-]") + "$")))) {
            ChildProcess third = consoleConsumer(topic);
            try (third) {
                awaitMembers(List.of(2, 2, 2));
                produce(topic);
                awaitAll(() -> union(byName.values(), byPattern.values(), printed(third)));
                assertThat(printed(third)).isNotEmpty();
            }
            ConsumerGroupDescription shared = awaitMembers(List.of(3, 3));
            produce(topic);
            awaitAll(() -> union(byName.values(), byPattern.values(), printed(third)));

            node.process().kill();
            node.process().start();
            produce(topic);
            awaitAll(() -> union(byName.values(), byPattern.values(), printed(third)));
            ConsumerGroupDescription after = awaitMembers(List.of(3, 3));
            assertThat(after.groupEpoch()).as("a restart is no rebalance").isEqualTo(shared.groupEpoch());
            assertThat(assignments(after)).isEqualTo(assignments(shared));
        }
        assertThat(describe().groupState()).isEqualTo(GroupState.EMPTY);
        assertCommittedToTheEnd(topic);
        JavaClients.get(node.admin().deleteConsumerGroups(List.of(GROUP)).all());
        assertThat(JavaClients.errorOf(node.admin().describeConsumerGroups(List.of(GROUP)).all()))
                .isInstanceOf(GroupIdNotFoundException.class);
    }

    private static ChildProcess consoleConsumer(String topic) {
        return KafkaTools.start("consumer-protocol-console", "org.apache.kafka.tools.consumer.ConsoleConsumer",
                KafkaTools.at(node.bootstrap(), "--topic", topic, "--group", GROUP, "--command-property",
                        "group.protocol=consumer", "--command-property", "auto.offset.reset=earliest"));
    }

    private void produce(String topic) throws InterruptedException, ExecutionException {
        try (Producer<byte[], byte[]> producer = JavaClients.producer(node.bootstrap())) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (int end = produced + RECORDS; produced < end; produced++) {
                sent.add(producer.send(new ProducerRecord<>(topic, produced % PARTITIONS, null, value(produced))));
            }
            for (Future<RecordMetadata> record : sent) {
                record.get();
            }
        }
    }

    private static byte[] value(int number) {
        return ("v" + number).getBytes(StandardCharsets.UTF_8);
    }

    /** What was read by anybody. */
    @FunctionalInterface
    private interface Seen {
        Set<String> values();
    }

    private void awaitAll(Seen seen) {
        Set<String> all = IntStream.range(0, produced).mapToObj(i -> "v" + i).collect(Collectors.toSet());
        Awaitility.await("all records are read").atMost(LIMIT).pollInterval(Duration.ofMillis(50))
                .untilAsserted(() -> assertThat(seen.values()).containsAll(all));
    }

    @SafeVarargs
    private static Set<String> union(Set<String>... parts) {
        Set<String> all = new HashSet<>();
        for (Set<String> part : parts) {
            all.addAll(part);
        }
        return all;
    }

    private static Set<String> printed(ChildProcess console) {
        return Set.copyOf(console.lines());
    }

    /** Waits until the group is stable and its members have so many partitions each. */
    private static ConsumerGroupDescription awaitMembers(List<Integer> sizes) {
        return Awaitility.await("members with " + sizes + " partitions").atMost(LIMIT)
                .pollInterval(Duration.ofMillis(100)).ignoreExceptions()
                .until(ConsumerProtocolTest::describe, d -> d.groupState() == GroupState.STABLE
                        && d.type() == GroupType.CONSUMER && sizes.equals(d.members().stream()
                                .map(m -> m.assignment().topicPartitions().size()).sorted().toList()));
    }

    private static ConsumerGroupDescription describe() {
        return JavaClients.get(node.admin().describeConsumerGroups(List.of(GROUP)).all()).get(GROUP);
    }

    private static Map<String, Set<TopicPartition>> assignments(ConsumerGroupDescription group) {
        return group.members().stream()
                .collect(Collectors.toMap(MemberDescription::consumerId, m -> m.assignment().topicPartitions()));
    }

    private void assertCommittedToTheEnd(String topic) {
        Admin admin = node.admin();
        Map<TopicPartition, Long> committed = JavaClients
                .get(admin.listConsumerGroupOffsets(GROUP).partitionsToOffsetAndMetadata()).entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().offset()));
        assertThat(committed).isEqualTo(IntStream.range(0, PARTITIONS).boxed()
                .collect(Collectors.toMap(p -> new TopicPartition(topic, p), p -> (long) produced / PARTITIONS)));
    }
}

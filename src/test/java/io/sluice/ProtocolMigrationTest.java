package io.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The consumers of a group are restarted one by one, first with the consumer protocol, then with the classic one again, while records flow: nothing is
 * lost, committed offsets never go back, and no partition is two members' at once.
 */
class ProtocolMigrationTest {

    private static final int PARTITIONS = 6;
    private static final int MEMBERS = 3;
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @RegisterExtension
    static final NodeExtension node = NodeExtension.with("group.consumer.min.heartbeat.interval.ms", "200",
            "group.consumer.heartbeat.interval.ms", "200",
            "group.initial.rebalance.delay.ms", "100", "offsets.topic.num.partitions", "3");

    private final GroupLedger ledger = new GroupLedger();
    private final List<GroupWorker> workers = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(classes = {RangeAssignor.class, CooperativeStickyAssignor.class})
    void shouldMoveToTheConsumerProtocolAndBack(Class<?> assignor) throws InterruptedException {
        String topic = node.createTopic(PARTITIONS);
        List<TopicPartition> partitions = IntStream.range(0, PARTITIONS).mapToObj(p -> new TopicPartition(topic, p))
                .toList();
        String group = "moving-" + assignor.getSimpleName();
        try (LoadProducer producer = new LoadProducer("p", node.bootstrap(), topic, PARTITIONS, 500)) {
            for (int i = 0; i < MEMBERS; i++) {
                workers.add(classic(group, topic, assignor, "old" + i));
            }
            awaitMembers(group, GroupType.CLASSIC);
            for (int i = 0; i < MEMBERS; i++) {
                workers.get(i).close();
                workers.set(i, new GroupWorker(ledger, "new" + i, node.bootstrap(), group, topic, "consumer"));
                awaitMembers(group, GroupType.CONSUMER);
                ledger.awaitProgress(partitions, LIMIT, i + " moved");
            }
            for (int i = 0; i < MEMBERS; i++) {
                workers.get(i).close();
                workers.set(i, classic(group, topic, assignor, "back" + i));
                awaitMembers(group, i < MEMBERS - 1 ? GroupType.CONSUMER : GroupType.CLASSIC);
                ledger.awaitProgress(partitions, LIMIT, i + " moved back");
            }
            producer.finish();
            ledger.awaitAll(producer, LIMIT);
            workers.forEach(GroupWorker::close);
            assertThat(committed(group)).isEqualTo(ends(producer, topic));
        } finally {
            workers.forEach(GroupWorker::leave);
        }
        ledger.assertNoFault();
    }

    private GroupWorker classic(String group, String topic, Class<?> assignor, String name) {
        return new GroupWorker(ledger, name, node.bootstrap(), group, topic, "classic",
                "partition.assignment.strategy", assignor.getName());
    }

    /** Waits until all members have their shares, and the group is of a type. */
    private static void awaitMembers(String group, GroupType type) {
        Awaitility.await(group + " is a stable " + type + " group").atMost(LIMIT)
                .pollInterval(Duration.ofMillis(100)).ignoreExceptions().until(() -> describe(group),
                        d -> d.groupState() == GroupState.STABLE && d.type() == type
                                && d.members().stream().map(m -> m.assignment().topicPartitions().size()).toList()
                                        .equals(List.of(2, 2, 2)));
    }

    private static ConsumerGroupDescription describe(String group) {
        return JavaClients.get(node.admin().describeConsumerGroups(List.of(group)).all()).get(group);
    }

    private static Map<TopicPartition, Long> committed(String group) {
        return JavaClients.get(node.admin().listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata()).entrySet()
                .stream().collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().offset()));
    }

    private static Map<TopicPartition, Long> ends(LoadProducer producer, String topic) {
        return producer.acknowledged().stream().collect(
                Collectors.toMap(a -> new TopicPartition(topic, a.partition()), a -> a.offset() + 1, Math::max));
    }
}

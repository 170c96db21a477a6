package io.sluice;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.GroupType;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every client library in a group of its own, in each protocol that it has: members share partitions, leave, and go on where they committed. */
class GroupClientsTest {

    private static final int PARTITIONS = 4;
    private static final int ROUND = 40;
    private static final int SESSION_MS = 20_000;
    /** Well below the session timeout, so that who goes has said so. */
    private static final Duration LIMIT = Duration.ofSeconds(15);

    @RegisterExtension
    static final NodeExtension node = NodeExtension.with("group.initial.rebalance.delay.ms", "0",
            "group.consumer.min.heartbeat.interval.ms", "300", "group.consumer.heartbeat.interval.ms", "300",
            "offsets.topic.num.partitions", "3");

    @ParameterizedTest
    @EnumSource
    void shouldSharePartitionsAndGoOnWhereItCommitted(GroupClient client) throws Exception {
        client.require();
        String topic = node.createTopic(PARTITIONS);
        String group = "clients-" + client;
        produce(topic, 0);
        try (ChildProcess one = join(client, "one", topic, group);
                ChildProcess two = join(client, "two", topic, group)) {
            awaitStable(group, client, List.of(PARTITIONS / 2, PARTITIONS / 2));
            awaitCommitted(group, topic, ROUND);
            assertThat(values(one, two)).containsAll(numbers(0, ROUND));
            one.stop();
            awaitStable(group, client, List.of(PARTITIONS));
            two.stop();
        }
        Awaitility.await("everybody has left").atMost(LIMIT)
                .until(() -> describe(group).groupState() == GroupState.EMPTY);
        produce(topic, ROUND);
        try (ChildProcess three = join(client, "three", topic, group)) {
            awaitCommitted(group, topic, 2 * ROUND);
            assertThat(values(three)).containsExactlyInAnyOrderElementsOf(numbers(ROUND, 2 * ROUND));
            three.stop();
        }
    }

    private static ChildProcess join(GroupClient client, String name, String topic, String group) {
        return client.join(group + "-" + name, node.bootstrap(), topic, group, SESSION_MS);
    }

    private static void produce(String topic, int from) throws InterruptedException, ExecutionException {
        try (Producer<byte[], byte[]> producer = JavaClients.producer(node.bootstrap())) {
            for (String number : numbers(from, from + ROUND)) {
                producer.send(new ProducerRecord<>(topic, Integer.parseInt(number) % PARTITIONS, null,
                        number.getBytes(UTF_8))).get();
            }
        }
    }

    private static List<String> numbers(int from, int to) {
        return IntStream.range(from, to).mapToObj(Integer::toString).toList();
    }

    private static List<String> values(ChildProcess... members) {
        List<String> values = new ArrayList<>();
        for (ChildProcess member : members) {
            for (JsonNode record : member.events("record_data")) {
                values.add(record.get("value").asText());
            }
        }
        return values;
    }

    /** Waits until the group's members have so many partitions each. */
    private static void awaitStable(String group, GroupClient client, List<Integer> sizes) {
        GroupType type = client == GroupClient.JAVA_CONSUMER_PROTOCOL ? GroupType.CONSUMER : GroupType.CLASSIC;
        Awaitility.await("members with " + sizes + " partitions").atMost(LIMIT).ignoreExceptions()
                .untilAsserted(() -> {
                    ConsumerGroupDescription description = describe(group);
                    assertThat(description.groupState()).isEqualTo(GroupState.STABLE);
                    assertThat(description.type()).isEqualTo(type);
                    assertThat(description.members()).extracting(m -> m.assignment().topicPartitions().size())
                            .containsExactlyInAnyOrderElementsOf(sizes);
                });
    }

    private static ConsumerGroupDescription describe(String group) {
        return JavaClients.get(node.admin().describeConsumerGroups(List.of(group)).all()).get(group);
    }

    private static void awaitCommitted(String group, String topic, int count) {
        Awaitility.await(count + " records are committed").atMost(LIMIT).untilAsserted(() -> assertThat(
                JavaClients.get(node.admin().listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata()).values()
                        .stream().mapToLong(offset -> offset.offset()).sum())
                .as(topic).isEqualTo(count));
    }
}

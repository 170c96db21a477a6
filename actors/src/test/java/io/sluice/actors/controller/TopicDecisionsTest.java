package io.sluice.actors.controller;

import static io.sluice.actors.controller.ControllerDriver.address;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.actors.controller.Controller.NewTopic;
import io.sluice.actors.controller.ControllerAnswer.Item;
import io.sluice.actors.image.TopicImage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopicDecisionsTest {

    private final ControllerDriver controller = ControllerDriver.withNodes(3);

    @Test
    void shouldCreateATopicWithEveryReplicaOnAnotherNode() {
        Item item = controller.create("orders", 6, 3, Map.of("retention.ms", "1000"));

        assertThat(item.errors()).isEqualTo(Errors.NONE);
        TopicImage topic = controller.topic("orders");
        assertThat(item.topic().toImage()).isEqualTo(topic);
        assertThat(topic.configs()).containsExactly(Map.entry("retention.ms", "1000"));
        assertThat(topic.replicas()).hasSize(6)
                .allSatisfy(replicas -> assertThat(replicas).containsExactlyInAnyOrder(0, 1, 2));
        assertThat(topic.replicas().stream().map(List::getFirst)).as("leaders").containsExactlyInAnyOrder(0, 1, 2, 0, 1,
                2);
    }

    @Test
    void shouldLeaveOutNodesThatAreBeingDrained() {
        controller.alter(ConfigResource.Type.BROKER, "1", "sluice.node.draining", "true", false);

        assertThat(controller.create("small", 4, 2, Map.of()).errors()).isEqualTo(Errors.NONE);
        assertThat(controller.topic("small").replicas()).allSatisfy(list -> assertThat(list).doesNotContain(1));
        assertThat(controller.create("large", 1, 3, Map.of()).errors())
                .isEqualTo(Errors.INVALID_REPLICATION_FACTOR);
    }

    @Test
    void shouldStoreOneEventForAThousandPartitions() {
        int before = controller.events.size();

        controller.create("wide", 1000, 1, Map.of());

        assertThat(controller.events).hasSize(before + 1);
    }

    @Test
    void shouldSpreadTopicsOfOneRequest() {
        List<NewTopic> topics = IntStream.range(0, 9)
                .mapToObj(i -> new NewTopic("t" + i, 1, (short) 1, null, Map.<String, String>of())).toList();

        controller.all(new ControllerRequest.CreateTopics(topics, false));

        Map<Integer, Integer> led = new HashMap<>();
        controller.metadata().allReplicas().forEach(list -> led.merge(list.getFirst(), 1, Integer::sum));
        assertThat(led).isEqualTo(Map.of(0, 3, 1, 3, 2, 3));
    }

    @Test
    void shouldChangeNothingWhenItOnlyValidates() {
        Item item = controller.one(new ControllerRequest.CreateTopics(
                List.of(new NewTopic("orders", 2, (short) 1, null, Map.of())), true));

        assertThat(item.topic().replicas()).hasSize(2);
        assertThat(controller.metadata().topics()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a/b", "a b", "ä", "a\n", "__cluster_metadata", "__consumer_offsets",
            "__transaction_state", "__share_group_state"})
    void shouldRefuseImpossibleNames(String name) {
        assertThat(controller.create(name, 1, 1, Map.of()).errors()).isEqualTo(Errors.INVALID_TOPIC_EXCEPTION);
    }

    @Test
    void shouldCreateAnInternalTopicOnceOnTheNodesThereAre() {
        NewTopic wanted = new NewTopic("__consumer_offsets", 5, (short) 4, null, Map.of());

        Item created = controller.one(new ControllerRequest.CreateInternalTopic(wanted));
        Item again = controller.one(new ControllerRequest.CreateInternalTopic(wanted));

        assertThat(created.topic().toImage().replicas()).hasSize(5).allSatisfy(list -> assertThat(list).hasSize(3));
        assertThat(again.errors()).isEqualTo(Errors.NONE);
        assertThat(again.topic().toImage()).isEqualTo(created.topic().toImage());
    }

    @Test
    void shouldAcceptANameOf249CharactersAndRefuseOneMore() {
        assertThat(controller.create("a".repeat(249), 1, 1, Map.of()).errors()).isEqualTo(Errors.NONE);
        assertThat(controller.create("a".repeat(250), 1, 1, Map.of()).errors())
                .isEqualTo(Errors.INVALID_TOPIC_EXCEPTION);
    }

    @Test
    void shouldRefuseANameThatDiffersOnlyInDotAndUnderscore() {
        controller.create("a.b", 1, 1, Map.of());

        assertThat(controller.create("a_b", 1, 1, Map.of()).errors()).isEqualTo(Errors.INVALID_TOPIC_EXCEPTION);
    }

    @Test
    void shouldRefuseATopicThatExists() {
        controller.create("orders", 1, 1, Map.of());

        assertThat(controller.create("orders", 1, 1, Map.of()).errors()).isEqualTo(Errors.TOPIC_ALREADY_EXISTS);
    }

    @Test
    void shouldRefuseEveryItemOfANameThatIsRepeatedAndDoTheOthers() {
        NewTopic twice = new NewTopic("twice", 1, (short) 1, null, Map.of());

        List<Item> items = controller.all(new ControllerRequest.CreateTopics(
                List.of(twice, new NewTopic("once", 1, (short) 1, null, Map.of()), twice), false));

        assertThat(items).extracting(Item::errors).containsExactly(Errors.INVALID_REQUEST, Errors.NONE,
                Errors.INVALID_REQUEST);
        assertThat(controller.metadata().topics()).extracting(TopicImage::name).containsExactly("once");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -2, Integer.MIN_VALUE})
    void shouldRefuseNumbersOfPartitionsBelowOne(int partitions) {
        assertThat(controller.create("t", partitions, 1, Map.of()).errors()).isEqualTo(Errors.INVALID_PARTITIONS);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -2, 4, Short.MAX_VALUE})
    void shouldRefuseReplicationFactorsThatTheNodesCannotHold(int factor) {
        assertThat(controller.create("t", 1, factor, Map.of()).errors()).isEqualTo(Errors.INVALID_REPLICATION_FACTOR);
    }

    @Test
    void shouldCountOnlyNodesThatAreAlive() {
        controller.alive.remove(address(1));

        assertThat(controller.create("three", 1, 3, Map.of()).errors()).isEqualTo(Errors.INVALID_REPLICATION_FACTOR);
        controller.create("two", 4, 2, Map.of());
        assertThat(controller.topic("two").replicas())
                .allSatisfy(replicas -> assertThat(replicas).containsExactlyInAnyOrder(0, 2));
    }

    @Test
    void shouldRefuseMorePartitionsInOneRequestThanTheLimit() {
        controller.maxPartitions = 10;

        List<Item> items = controller
                .all(new ControllerRequest.CreateTopics(List.of(new NewTopic("a", 6, (short) 1, null, Map.of()),
                        new NewTopic("b", 5, (short) 1, null, Map.of()),
                        new NewTopic("c", 4, (short) 1, null, Map.of())), false));

        assertThat(items).extracting(Item::errors).containsExactly(Errors.NONE, Errors.POLICY_VIOLATION, Errors.NONE);
        assertThat(controller.create("huge", Integer.MAX_VALUE, 1, Map.of()).errors())
                .isEqualTo(Errors.POLICY_VIOLATION);
    }

    @Test
    void shouldRefuseSettingsThatDoNotActAndSayWhatIsPossible() {
        assertThat(controller.create("a", 1, 1, Map.of("cleanup.policy", "shred")))
                .satisfies(item -> assertThat(item.errors()).isEqualTo(Errors.INVALID_CONFIG))
                .satisfies(item -> assertThat(item.message()).contains("cleanup.policy", "shred",
                        "one or more of delete, compact"));
        assertThat(controller.create("b", 1, 1, Map.of("index.interval.bytes", "1")).message())
                .contains("index.interval.bytes of Kafka");
        assertThat(controller.create("c", 1, 1, Map.of("retention.msec", "1")).message())
                .contains("unknown setting retention.msec", "retention.ms");
        assertThat(controller.create("d", 1, 1, Collections.singletonMap("retention.ms", null)).errors())
                .isEqualTo(Errors.INVALID_CONFIG);
        assertThat(controller.metadata().topics()).isEmpty();
    }

    @Test
    void shouldTakeAManualAssignmentAsItIs() {
        controller.create("t", List.of(List.of(2, 0), List.of(1, 2)));

        assertThat(controller.topic("t").replicas()).containsExactly(List.of(2, 0), List.of(1, 2));
    }

    @Test
    void shouldRefuseManualAssignmentsThatAreNotPossible() {
        assertThat(List.of(List.<List<Integer>>of(), List.of(List.<Integer>of()), List.of(List.of(0, 0)),
                List.of(List.of(0, 1), List.of(0)), List.of(List.of(7)))).allSatisfy(
                        assignment -> assertThat(controller.create("t", assignment).errors())
                                .isEqualTo(Errors.INVALID_REPLICA_ASSIGNMENT));
        controller.alive.remove(address(2));
        assertThat(controller.create("t", List.of(List.of(2))).errors()).isEqualTo(Errors.INVALID_REPLICA_ASSIGNMENT);
        assertThat(controller.create("t", List.of(List.of(2, 0))).errors()).isEqualTo(Errors.NONE);
    }

    @Test
    void shouldRefuseAnAssignmentBesideANumberOfPartitions() {
        var topic = new NewTopic("t", 1, (short) -1, List.of(List.of(0)), Map.of());

        assertThat(controller.one(new ControllerRequest.CreateTopics(List.of(topic), false)).errors())
                .isEqualTo(Errors.INVALID_REQUEST);
    }

    @Test
    void shouldGrowATopicAndKeepItsFirstPartitions() {
        controller.create("t", 2, 2, Map.of());
        List<List<Integer>> before = controller.topic("t").replicas();

        assertThat(controller.grow("t", 5, null).errors()).isEqualTo(Errors.NONE);

        assertThat(controller.topic("t").replicas()).hasSize(5).startsWith(before.get(0), before.get(1))
                .allSatisfy(replicas -> assertThat(replicas).hasSize(2).doesNotHaveDuplicates());
    }

    @Test
    void shouldRefuseGrowthThatIsNone() {
        controller.create("t", 3, 2, Map.of());

        assertThat(List.of(3, 2, 0, -1)).allSatisfy(
                total -> assertThat(controller.grow("t", total, null).errors()).isEqualTo(Errors.INVALID_PARTITIONS));
        assertThat(controller.grow("none", 3, null).errors()).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(controller.grow("t", 5, List.of(List.of(0, 1))).errors())
                .isEqualTo(Errors.INVALID_REPLICA_ASSIGNMENT);
        assertThat(controller.grow("t", 4, List.of(List.of(0))).errors())
                .isEqualTo(Errors.INVALID_REPLICA_ASSIGNMENT);
        assertThat(controller.grow("t", 4, List.of(List.of(0, 1))).errors()).isEqualTo(Errors.NONE);
    }

    @Test
    void shouldDeleteByIdAndGiveATopicMadeAnewAnotherId() {
        controller.create("t", 1, 1, Map.of());
        Uuid first = controller.topic("t").id();

        assertThat(controller.delete(first).topic().name()).isEqualTo("t");
        assertThat(controller.metadata().topics()).isEmpty();
        assertThat(controller.delete(first).errors()).isEqualTo(Errors.UNKNOWN_TOPIC_ID);
        controller.create("t", 1, 1, Map.of());
        assertThat(controller.topic("t").id()).isNotEqualTo(first);
    }

    @Test
    void shouldRefuseToDeleteATopicTwiceInOneRequest() {
        controller.create("t", 1, 1, Map.of());
        String id = controller.topic("t").id().toString();

        assertThat(controller.all(new ControllerRequest.DeleteTopics(List.of(id, id)))).extracting(Item::errors)
                .containsExactly(Errors.INVALID_REQUEST, Errors.INVALID_REQUEST);
    }

    @Test
    void shouldCreateAThousandTopicsInOneRequest() {
        List<NewTopic> topics = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            topics.add(new NewTopic("t_" + i, 1, (short) 1, null, Map.of()));
        }

        assertThat(controller.all(new ControllerRequest.CreateTopics(topics, false)))
                .allSatisfy(item -> assertThat(item.errors()).isEqualTo(Errors.NONE));
        assertThat(controller.metadata().topics()).hasSize(1000);
    }
}

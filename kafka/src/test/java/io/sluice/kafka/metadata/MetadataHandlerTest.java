package io.sluice.kafka.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.actors.controller.AdminResult;
import io.sluice.actors.image.TopicImage;
import io.sluice.kafka.fakes.Exchange;
import io.sluice.kafka.fakes.FakeController;
import io.sluice.kafka.fakes.FakePartitions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponsePartition;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MetadataHandlerTest {

    private final FakeController controller = new FakeController();
    private final FakePartitions partitions = new FakePartitions();
    private final MetadataHandler handler = new MetadataHandler(controller, partitions, true);

    static IntStream versions() {
        return Exchange.versions(new MetadataHandler(new FakeController(), new FakePartitions(), true));
    }

    private MetadataResponseData call(int version, MetadataRequestData request) {
        return Exchange.call(handler, version, request, MetadataResponseData.class);
    }

    private static MetadataRequestData named(String... names) {
        return new MetadataRequestData()
                .setTopics(Arrays.stream(names).map(name -> new MetadataRequestTopic().setName(name)).toList());
    }

    private static MetadataRequestData withId(Uuid id) {
        return new MetadataRequestData().setTopics(List.of(new MetadataRequestTopic().setName(null).setTopicId(id)));
    }

    private static MetadataResponseTopic only(MetadataResponseData response) {
        assertThat(response.topics()).hasSize(1);
        return response.topics().iterator().next();
    }

    @Test
    void servesEveryVersionOfTheProtocol() {
        assertThat(versions()).containsExactly(IntStream.rangeClosed(0, 13).boxed().toArray(Integer[]::new));
    }

    @ParameterizedTest
    @MethodSource("versions")
    void describesNodesAndATopicByName(int version) {
        controller.image.node(1, true).node(2, false);
        controller.image.controllerId = 1;
        TopicImage topic = controller.image.topic("t", List.of(List.of(0, 2), List.of(1, 0), List.of(2)), Map.of());
        partitions.epochs.put("t-0", 7);

        MetadataResponseData response = call(version, named("t", "t"));

        assertThat(response.brokers()).extracting(node -> node.nodeId() + " " + node.host() + ":" + node.port())
                .containsExactly("0 host0:9092", "1 host1:9093");
        assertThat(response.brokers().find(1).rack()).isEqualTo(version >= 1 ? "rack1" : null);
        assertThat(response.clusterId()).isEqualTo(version >= 2 ? "the-cluster" : null);
        assertThat(response.controllerId()).isEqualTo(version >= 1 ? 1 : -1);
        assertThat(response.errorCode()).isZero();
        MetadataResponseTopic answer = only(response);
        assertThat(answer.errorCode()).isZero();
        assertThat(answer.name()).isEqualTo("t");
        assertThat(answer.topicId()).isEqualTo(version >= 10 ? topic.id() : Uuid.ZERO_UUID);
        assertThat(answer.topicAuthorizedOperations()).isEqualTo(Integer.MIN_VALUE);
        assertThat(response.clusterAuthorizedOperations()).isEqualTo(Integer.MIN_VALUE);
        assertThat(answer.partitions()).hasSize(3);
        MetadataResponsePartition own = answer.partitions().get(0);
        assertThat(own.errorCode()).isZero();
        assertThat(own.leaderId()).isZero();
        assertThat(own.leaderEpoch()).isEqualTo(version >= 7 ? 7 : -1);
        assertThat(own.replicaNodes()).containsExactly(0, 2);
        assertThat(own.isrNodes()).containsExactly(0);
        assertThat(own.offlineReplicas()).isEqualTo(version >= 5 ? List.of(2) : List.of());
        MetadataResponsePartition others = answer.partitions().get(1);
        assertThat(others.partitionIndex()).isEqualTo(1);
        assertThat(others.leaderId()).isEqualTo(1);
        assertThat(others.leaderEpoch()).as("only the leader knows it").isEqualTo(-1);
        MetadataResponsePartition leaderless = answer.partitions().get(2);
        assertThat(leaderless.errorCode()).isEqualTo(Errors.LEADER_NOT_AVAILABLE.code());
        assertThat(leaderless.leaderId()).isEqualTo(-1);
    }

    @ParameterizedTest
    @MethodSource("versions")
    void nullAsksForAllTopicsAndAnEmptyListForNoneButInVersion0(int version) {
        controller.image.topic("a", 1);
        controller.image.topic("__consumer_offsets", 2);

        if (version > 0) {
            MetadataResponseData all = call(version, new MetadataRequestData().setTopics(null));
            assertThat(all.topics()).extracting(MetadataResponseTopic::name).containsExactly("a", "__consumer_offsets");
            assertThat(all.topics()).extracting(MetadataResponseTopic::isInternal).containsExactly(false, true);
        }
        assertThat(call(version, new MetadataRequestData()).topics()).hasSize(version == 0 ? 2 : 0);
    }

    @ParameterizedTest
    @MethodSource("versions")
    void anUnknownTopicIsCreatedButAnsweredAsUnknown(int version) {
        MetadataResponseTopic first = only(call(version, named("new")));

        assertThat(first.errorCode()).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
        assertThat(first.name()).isEqualTo("new");
        assertThat(first.topicId()).isEqualTo(Uuid.ZERO_UUID);
        assertThat(controller.created).singleElement()
                .satisfies(topic -> assertThat(topic.partitions()).isEqualTo(-1));
        assertThat(only(call(version, named("new"))).errorCode()).isZero();
    }

    @ParameterizedTest
    @MethodSource("versions")
    void aBadNameIsRefusedAndNeverCreated(int version) {
        MetadataResponseData response = call(version, named("bad name", "", ".."));

        assertThat(response.topics()).extracting(MetadataResponseTopic::errorCode)
                .containsOnly(Errors.INVALID_TOPIC_EXCEPTION.code()).hasSize(3);
        assertThat(controller.created).isEmpty();
    }

    @Test
    void aTopicIsNotCreatedAgainstTheClientsOrTheNodesWill() {
        only(call(13, named("new").setAllowAutoTopicCreation(false)));
        Exchange.call(new MetadataHandler(controller, partitions, false), 13, named("new"), MetadataResponseData.class);
        call(13, named("__consumer_offsets"));

        assertThat(controller.created).isEmpty();
    }

    @Test
    void aTopicUnderWayIsNotCreatedTwice() {
        controller.pendingCreation = new CompletableFuture<>();
        call(12, named("new"));
        call(12, named("new", "other"));
        assertThat(controller.created).extracting("name").containsExactly("new", "other");

        controller.pendingCreation.complete(Map.of("new", AdminResult.failed(Errors.REQUEST_TIMED_OUT, "late")));
        call(12, named("new"));
        assertThat(controller.created).extracting("name").containsExactly("new", "other", "new");
    }

    @Test
    void aFailedCreationLeavesTheAnswerAndMayBeTriedAgain() {
        controller.failure = new IllegalStateException("down");
        only(call(12, named("new")));
        assertThat(only(call(12, named("new"))).errorCode()).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
        assertThat(controller.created).hasSize(2);
    }

    @ParameterizedTest
    @MethodSource("versions")
    void topicsAreFoundByIdFromVersion12(int version) {
        if (version < 10) {
            return;
        }
        TopicImage topic = controller.image.topic("t", 1);
        Uuid unknown = Uuid.randomUuid();

        MetadataResponseTopic known = only(call(version, withId(topic.id())));
        MetadataResponseTopic missing = only(call(version, withId(unknown)));

        if (version < 12) {
            assertThat(known.errorCode()).isEqualTo(Errors.INVALID_REQUEST.code());
            assertThat(missing.errorCode()).isEqualTo(Errors.INVALID_REQUEST.code());
        } else {
            assertThat(known.name()).isEqualTo("t");
            assertThat(known.errorCode()).isZero();
            assertThat(missing.errorCode()).isEqualTo(Errors.UNKNOWN_TOPIC_ID.code());
            assertThat(missing.name()).isNull();
            assertThat(missing.topicId()).isEqualTo(unknown);
        }
        assertThat(only(call(version, withId(Uuid.ZERO_UUID))).errorCode()).isEqualTo(Errors.INVALID_REQUEST.code());
    }

    @Test
    void severalUnknownIdsAreAnsweredEach() {
        var request = new MetadataRequestData()
                .setTopics(List.of(new MetadataRequestTopic().setName(null).setTopicId(Uuid.randomUuid()),
                        new MetadataRequestTopic().setName(null).setTopicId(Uuid.randomUuid())));
        assertThat(call(13, request).topics()).hasSize(2);
    }

    @ParameterizedTest
    @MethodSource("versions")
    void authorizedOperationsAreToldWhenAskedFor(int version) {
        controller.image.topic("t", 1);
        var request = named("t").setIncludeTopicAuthorizedOperations(version >= 8)
                .setIncludeClusterAuthorizedOperations(version >= 8 && version <= 10);

        MetadataResponseData response = call(version, request);

        // the values that a broker of Kafka 4.3 without an authorizer gives
        assertThat(only(response).topicAuthorizedOperations()).isEqualTo(version >= 8 ? 3576 : Integer.MIN_VALUE);
        assertThat(response.clusterAuthorizedOperations())
                .isEqualTo(version >= 8 && version <= 10 ? 8096 : Integer.MIN_VALUE);
    }

    @Test
    void thisNodeStandsInForAControllerThatIsNotThere() {
        controller.image.node(1, false);
        controller.image.controllerId = 1;
        assertThat(call(13, named()).controllerId()).isZero();
        controller.image.controllerId = -1;
        assertThat(call(13, named()).controllerId()).isZero();
    }
}

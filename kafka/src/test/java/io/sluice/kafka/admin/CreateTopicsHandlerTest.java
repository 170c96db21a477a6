package io.sluice.kafka.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.actors.config.StaticConfigs;
import io.sluice.actors.controller.Controller.NewTopic;
import io.sluice.kafka.fakes.Exchange;
import io.sluice.kafka.fakes.FakeController;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.NotControllerException;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableReplicaAssignment;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfigCollection;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicConfigs;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class CreateTopicsHandlerTest {

    private static final int LATEST = 7;

    private final FakeController controller = new FakeController();
    private final CreateTopicsHandler handler = new CreateTopicsHandler(controller,
            StaticConfigs.of(Map.of("num.partitions", "3")));

    static IntStream versions() {
        return IntStream.rangeClosed(2, LATEST);
    }

    private CreateTopicsResponseData call(int version, CreateTopicsRequestData request) {
        return Exchange.call(handler, version, request, CreateTopicsResponseData.class);
    }

    private static CreateTopicsRequestData request(CreatableTopic... topics) {
        var request = new CreateTopicsRequestData();
        List.of(topics).forEach(request.topics()::add);
        return request;
    }

    private static CreatableTopic topic(String name, int partitions) {
        return new CreatableTopic().setName(name).setNumPartitions(partitions).setReplicationFactor((short) 1);
    }

    /** Assignments as partition:node, with "0:1 1:1" for two partitions. */
    private static CreatableTopic assigned(String name, String assignments) {
        var topic = new CreatableTopic().setName(name).setNumPartitions(-1).setReplicationFactor((short) -1);
        for (String assignment : assignments.split(" ", -1)) {
            String[] parts = assignment.split(":", -1);
            topic.assignments().add(new CreatableReplicaAssignment().setPartitionIndex(Integer.parseInt(parts[0]))
                    .setBrokerIds(List.of(Integer.parseInt(parts[1]))));
        }
        return topic;
    }

    private CreatableTopicResult only(CreateTopicsRequestData request) {
        CreateTopicsResponseData response = call(LATEST, request);
        assertThat(response.topics()).hasSize(1);
        return response.topics().iterator().next();
    }

    @Test
    void servesEveryVersionOfTheProtocol() {
        assertThat(Exchange.versions(handler).boxed()).containsExactly(versions().boxed().toArray(Integer[]::new));
    }

    @ParameterizedTest
    @MethodSource("versions")
    void tellsTheTopicAsItBecame(int version) {
        var configs = new CreatableTopicConfigCollection();
        configs.add(new CreatableTopicConfig().setName("retention.ms").setValue("1000"));

        CreateTopicsResponseData response = call(version, request(topic("t", 2).setConfigs(configs)));

        CreatableTopicResult result = response.topics().find("t");
        assertThat(result.errorCode()).isZero();
        assertThat(result.errorMessage()).isNull();
        assertThat(result.topicId())
                .isEqualTo(version >= 7 ? controller.image.topics.get("t").id() : Uuid.ZERO_UUID);
        assertThat(result.numPartitions()).isEqualTo(version >= 5 ? 2 : -1);
        assertThat(result.replicationFactor()).isEqualTo((short) (version >= 5 ? 1 : -1));
        if (version >= 5) {
            CreatableTopicConfigs retention = config(result, "retention.ms");
            assertThat(retention.value()).isEqualTo("1000");
            assertThat(retention.configSource()).as("set on the topic").isEqualTo((byte) 1);
            assertThat(config(result, "segment.bytes").configSource()).as("default").isEqualTo((byte) 5);
            assertThat(config(result, "segment.bytes").value()).isEqualTo("1073741824");
        } else {
            assertThat(result.configs()).isEmpty();
        }
        assertThat(controller.created)
                .containsExactly(new NewTopic("t", 2, (short) 1, null, Map.of("retention.ms", "1000")));
    }

    private static CreatableTopicConfigs config(CreatableTopicResult result, String name) {
        return result.configs().stream().filter(config -> config.name().equals(name)).findFirst().orElseThrow();
    }

    @ParameterizedTest
    @MethodSource("versions")
    void itemsFailOneByOne(int version) {
        controller.refusals.put("bad", Errors.TOPIC_ALREADY_EXISTS);

        CreateTopicsResponseData response = call(version, request(topic("bad", 1), topic("good", 1)));

        assertThat(response.topics()).extracting(CreatableTopicResult::name).containsExactly("bad", "good");
        CreatableTopicResult bad = response.topics().find("bad");
        assertThat(bad.errorCode()).isEqualTo(Errors.TOPIC_ALREADY_EXISTS.code());
        assertThat(bad.errorMessage()).isEqualTo("refused: bad");
        assertThat(bad.numPartitions()).isEqualTo(-1);
        assertThat(bad.configs()).isEmpty();
        assertThat(response.topics().find("good").errorCode()).isZero();
    }

    @ParameterizedTest
    @MethodSource("versions")
    void aFailedControllerIsAnErrorOfEachTopic(int version) {
        controller.failure = new NotControllerException("moving");
        assertThat(call(version, request(topic("a", 1), topic("b", 1))).topics())
                .extracting(CreatableTopicResult::errorCode)
                .containsExactly(Errors.NOT_CONTROLLER.code(), Errors.NOT_CONTROLLER.code());
        controller.failure = new IllegalStateException("a bug");
        assertThat(call(version, request(topic("a", 1))).topics()).extracting(CreatableTopicResult::errorCode)
                .containsExactly(Errors.UNKNOWN_SERVER_ERROR.code());
    }

    @Test
    void validateOnlyCreatesNothing() {
        CreatableTopicResult result = only(request(topic("t", 4)).setValidateOnly(true));
        assertThat(result.errorCode()).isZero();
        assertThat(result.numPartitions()).isEqualTo(4);
        assertThat(controller.image.topics).isEmpty();
    }

    @Test
    void aNameTwiceIsRefusedOnceAndTheOthersGoOn() {
        CreateTopicsResponseData response = call(LATEST, request(topic("a", 1), topic("a", 2), topic("b", 1)));
        assertThat(response.topics()).extracting(topic -> topic.name() + " " + topic.errorCode())
                .containsExactly("a " + Errors.INVALID_REQUEST.code(), "b 0");
        assertThat(controller.image.topics).containsOnlyKeys("b");
    }

    @Test
    void anAssignmentIsHandedOnInTheOrderOfPartitions() {
        controller.image.node(1, true);
        assertThat(only(request(assigned("t", "1:1 0:0"))).numPartitions()).isEqualTo(2);
        assertThat(controller.created.getFirst().assignment()).containsExactly(List.of(0), List.of(1));
    }

    @ParameterizedTest
    @CsvSource({"1:0", "0:0 2:0", "0:0 0:0", "-1:0 0:0"})
    void anAssignmentWithGapsOrDoublesIsRefused(String assignments) {
        assertThat(only(request(assigned("t", assignments))).errorCode())
                .isEqualTo(Errors.INVALID_REPLICA_ASSIGNMENT.code());
        assertThat(controller.created).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"2, -1", "-1, 2", "1, 1"})
    void anAssignmentAndNumbersContradictEachOther(int partitions, short replicationFactor) {
        var topic = assigned("t", "0:0").setNumPartitions(partitions).setReplicationFactor(replicationFactor);
        assertThat(only(request(topic)).errorCode()).isEqualTo(Errors.INVALID_REQUEST.code());
    }

    @Test
    void aSettingWithoutAValueIsRefusedAndOfTwoTheLastCounts() {
        var none = topic("t", 1);
        none.configs().add(new CreatableTopicConfig().setName("retention.ms").setValue(null));
        assertThat(only(request(none)).errorCode()).isEqualTo(Errors.INVALID_CONFIG.code());

        var two = topic("t", 1);
        two.configs().add(new CreatableTopicConfig().setName("retention.ms").setValue("1"));
        two.configs().add(new CreatableTopicConfig().setName("retention.ms").setValue("2"));
        assertThat(only(request(two)).errorCode()).isZero();
        assertThat(controller.created.getLast().configs()).containsEntry("retention.ms", "2");
    }

    @Test
    void tooManyPartitionsInOneRequestAreRefusedAsAWhole() {
        int max = Limits.NEW_PARTITIONS_PER_REQUEST_MAX;
        // -1 is the node's default of 3
        for (int partitions : new int[]{max - 2, Integer.MAX_VALUE}) {
            assertThat(call(LATEST, request(topic("a", partitions), topic("b", -1))).topics())
                    .extracting(CreatableTopicResult::errorCode)
                    .containsOnly(Errors.POLICY_VIOLATION.code());
        }
        assertThat(controller.created).isEmpty();
        assertThat(only(request(topic("a", Integer.MIN_VALUE))).errorCode()).as("left to the controller").isZero();
    }

    @ParameterizedTest
    @CsvSource({"0", "-1"})
    void withoutTimeNothingIsDone(int timeoutMs) {
        CreatableTopicResult result = only(request(topic("t", 1)).setTimeoutMs(timeoutMs));
        assertThat(result.errorCode()).isEqualTo(Errors.REQUEST_TIMED_OUT.code());
        assertThat(controller.created).isEmpty();
    }

    @Test
    void noTopicsNeedNoController() {
        controller.failure = new IllegalStateException("must not be asked");
        assertThat(call(LATEST, request()).topics()).isEmpty();
    }
}

package io.sluice.kafka.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.actors.controller.Controller.MorePartitions;
import io.sluice.kafka.fakes.Exchange;
import io.sluice.kafka.fakes.FakeController;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsAssignment;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.message.CreatePartitionsResponseData;
import org.apache.kafka.common.message.CreatePartitionsResponseData.CreatePartitionsTopicResult;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CreatePartitionsHandlerTest {

    private final FakeController controller = new FakeController();
    private final CreatePartitionsHandler handler = new CreatePartitionsHandler(controller);

    static IntStream versions() {
        return IntStream.rangeClosed(0, 3);
    }

    private List<CreatePartitionsTopicResult> call(int version, CreatePartitionsRequestData request) {
        return Exchange.call(handler, version, request, CreatePartitionsResponseData.class).results();
    }

    private static CreatePartitionsRequestData request(CreatePartitionsTopic... topics) {
        var request = new CreatePartitionsRequestData().setTimeoutMs(1000);
        List.of(topics).forEach(request.topics()::add);
        return request;
    }

    private static CreatePartitionsTopic topic(String name, int count) {
        return new CreatePartitionsTopic().setName(name).setCount(count).setAssignments(null);
    }

    @Test
    void servesEveryVersionOfTheProtocol() {
        assertThat(Exchange.versions(handler).boxed()).containsExactly(versions().boxed().toArray(Integer[]::new));
    }

    @ParameterizedTest
    @MethodSource("versions")
    void growsTopicsOneByOne(int version) {
        controller.image.topic("a", 1);
        controller.image.topic("b", 1);
        controller.refusals.put("b", Errors.INVALID_PARTITIONS);

        List<CreatePartitionsTopicResult> results = call(version,
                request(topic("a", 3).setAssignments(List.of(new CreatePartitionsAssignment().setBrokerIds(List.of(0)),
                        new CreatePartitionsAssignment().setBrokerIds(List.of(1)))), topic("b", 1)));

        assertThat(results).extracting(CreatePartitionsTopicResult::name).containsExactly("a", "b");
        assertThat(results.getFirst().errorCode()).isZero();
        assertThat(results.getFirst().errorMessage()).isNull();
        assertThat(results.getLast().errorCode()).isEqualTo(Errors.INVALID_PARTITIONS.code());
        assertThat(results.getLast().errorMessage()).isEqualTo("refused: b");
        assertThat(controller.grown).containsExactly(new MorePartitions("a", 3, List.of(List.of(0), List.of(1))),
                new MorePartitions("b", 1, null));
    }

    @ParameterizedTest
    @MethodSource("versions")
    void aTopicNamedTwiceIsRefused(int version) {
        controller.image.topic("a", 1);
        controller.image.topic("b", 1);
        assertThat(call(version, request(topic("a", 2), topic("a", 3), topic("b", 2))))
                .extracting(result -> result.name() + " " + result.errorCode())
                .containsExactly("a " + Errors.INVALID_REQUEST.code(), "b 0");
        assertThat(controller.grown).extracting(MorePartitions::topic).containsExactly("b");
    }

    @Test
    void anEmptyAssignmentIsNotNone() {
        controller.image.topic("a", 1);
        call(3, request(topic("a", 2).setAssignments(List.of())));
        assertThat(controller.grown.getFirst().assignment()).isEmpty();
    }

    @Test
    void tooManyPartitionsInOneRequestAreRefused() {
        controller.image.topic("a", 1);
        assertThat(call(3, request(topic("a", Integer.MAX_VALUE)))).extracting(CreatePartitionsTopicResult::errorCode)
                .containsExactly(Errors.POLICY_VIOLATION.code());
        assertThat(call(3, request(topic("a", Limits.NEW_PARTITIONS_PER_REQUEST_MAX + 1))))
                .extracting(CreatePartitionsTopicResult::errorCode).containsExactly((short) 0);
    }

    @ParameterizedTest
    @MethodSource("versions")
    void withoutTimeNothingIsDone(int version) {
        controller.image.topic("a", 1);
        assertThat(call(version, request(topic("a", 2)).setTimeoutMs(0)))
                .extracting(CreatePartitionsTopicResult::errorCode)
                .containsExactly(Errors.REQUEST_TIMED_OUT.code());
        assertThat(controller.grown).isEmpty();
    }
}

package io.sluice.kafka.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.actors.image.TopicImage;
import io.sluice.kafka.fakes.Exchange;
import io.sluice.kafka.fakes.FakeController;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.DeleteTopicsResponseData.DeletableTopicResult;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DeleteTopicsHandlerTest {

    private final FakeController controller = new FakeController();
    private final DeleteTopicsHandler handler = new DeleteTopicsHandler(controller, true);

    static IntStream versions() {
        return IntStream.rangeClosed(1, 6);
    }

    private List<DeletableTopicResult> call(int version, DeleteTopicsRequestData request) {
        return new ArrayList<>(Exchange.call(handler, version, request, DeleteTopicsResponseData.class).responses());
    }

    private static DeleteTopicsRequestData named(int version, String... names) {
        var request = new DeleteTopicsRequestData().setTimeoutMs(1000);
        return version < 6
                ? request.setTopicNames(List.of(names))
                : request.setTopics(
                        Arrays.stream(names).map(name -> new DeleteTopicState().setName(name)).toList());
    }

    private static DeleteTopicsRequestData states(DeleteTopicState... states) {
        return new DeleteTopicsRequestData().setTimeoutMs(1000).setTopics(List.of(states));
    }

    private static DeleteTopicState withId(Uuid id) {
        return new DeleteTopicState().setName(null).setTopicId(id);
    }

    @Test
    void servesEveryVersionOfTheProtocol() {
        assertThat(Exchange.versions(handler).boxed()).containsExactly(versions().boxed().toArray(Integer[]::new));
    }

    @ParameterizedTest
    @MethodSource("versions")
    void deletesByName(int version) {
        TopicImage topic = controller.image.topic("t", 1);

        List<DeletableTopicResult> results = call(version, named(version, "t", "nope"));

        assertThat(results).extracting(DeletableTopicResult::name).containsExactly("t", "nope");
        assertThat(results).extracting(DeletableTopicResult::errorCode).containsExactly((short) 0,
                Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
        assertThat(results.getFirst().topicId()).isEqualTo(version >= 6 ? topic.id() : Uuid.ZERO_UUID);
        assertThat(results.getFirst().errorMessage()).isNull();
        assertThat(results.getLast().errorMessage() == null).isEqualTo(version < 5);
        assertThat(controller.deleted).containsExactly(topic.id());
    }

    @ParameterizedTest
    @MethodSource("versions")
    void theControllersRefusalReachesTheClient(int version) {
        TopicImage topic = controller.image.topic("t", 1);
        controller.refusals.put(topic.id().toString(), Errors.REQUEST_TIMED_OUT);
        assertThat(call(version, named(version, "t"))).extracting(DeletableTopicResult::errorCode)
                .containsExactly(Errors.REQUEST_TIMED_OUT.code());
    }

    @ParameterizedTest
    @MethodSource("versions")
    void deletionCanBeForbidden(int version) {
        controller.image.topic("t", 1);
        var response = Exchange.call(new DeleteTopicsHandler(controller, false), version, named(version, "t"),
                DeleteTopicsResponseData.class);
        assertThat(response.responses()).extracting(DeletableTopicResult::errorCode).containsExactly(
                version >= 3 ? Errors.TOPIC_DELETION_DISABLED.code() : Errors.INVALID_REQUEST.code());
        assertThat(controller.deleted).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("versions")
    void aTopicAskedForTwiceIsNotDeleted(int version) {
        controller.image.topic("a", 1);
        controller.image.topic("b", 1);
        assertThat(call(version, named(version, "a", "b", "a")))
                .extracting(result -> result.name() + " " + result.errorCode())
                .containsExactly("a " + Errors.INVALID_REQUEST.code(), "b 0");
        assertThat(controller.image.topics).containsOnlyKeys("a");
    }

    @Test
    void deletesByIdAndTellsTheName() {
        TopicImage topic = controller.image.topic("t", 1);
        Uuid unknown = Uuid.randomUuid();

        List<DeletableTopicResult> results = call(6, states(withId(topic.id()), withId(unknown)));

        assertThat(results.getFirst().name()).isEqualTo("t");
        assertThat(results.getFirst().errorCode()).isZero();
        assertThat(results.getLast().name()).isNull();
        assertThat(results.getLast().topicId()).isEqualTo(unknown);
        assertThat(results.getLast().errorCode()).isEqualTo(Errors.UNKNOWN_TOPIC_ID.code());
    }

    @Test
    void eitherNameOrId() {
        TopicImage topic = controller.image.topic("t", 1);
        assertThat(call(6, states(withId(Uuid.ZERO_UUID), new DeleteTopicState().setName("t").setTopicId(topic.id()))))
                .extracting(DeletableTopicResult::errorCode).containsOnly(Errors.INVALID_REQUEST.code()).hasSize(2);
        assertThat(controller.deleted).isEmpty();
    }

    @Test
    void byNameAndByIdIsTwice() {
        TopicImage topic = controller.image.topic("t", 1);
        assertThat(call(6, states(new DeleteTopicState().setName("t"), withId(topic.id()))))
                .extracting(DeletableTopicResult::errorCode)
                .containsExactly((short) 0, Errors.INVALID_REQUEST.code());
        assertThat(call(6, states(withId(topic.id()), withId(topic.id())))).singleElement()
                .satisfies(result -> assertThat(result.errorCode()).isEqualTo(Errors.INVALID_REQUEST.code()));
    }

    @ParameterizedTest
    @MethodSource("versions")
    void withoutTimeNothingIsDone(int version) {
        controller.image.topic("t", 1);
        assertThat(call(version, named(version, "t").setTimeoutMs(0))).extracting(DeletableTopicResult::errorCode)
                .containsExactly(Errors.REQUEST_TIMED_OUT.code());
        assertThat(controller.deleted).isEmpty();
    }
}

package io.sluice.kafka.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.actors.partition.Partitions.DeleteRecordsOutcome;
import io.sluice.kafka.fakes.Exchange;
import io.sluice.kafka.fakes.FakeController;
import io.sluice.kafka.fakes.FakePartitions;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.message.DeleteRecordsRequestData;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsPartition;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsTopic;
import org.apache.kafka.common.message.DeleteRecordsResponseData;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsPartitionResult;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DeleteRecordsHandlerTest {

    private final FakeController controller = new FakeController();
    private final FakePartitions partitions = new FakePartitions();
    private final DeleteRecordsHandler handler = new DeleteRecordsHandler(controller, partitions);

    static IntStream versions() {
        return IntStream.rangeClosed(0, 2);
    }

    private DeleteRecordsResponseData call(int version, DeleteRecordsTopic... topics) {
        return Exchange.call(handler, version,
                new DeleteRecordsRequestData().setTimeoutMs(0).setTopics(List.of(topics)),
                DeleteRecordsResponseData.class);
    }

    private static DeleteRecordsTopic topic(String name, DeleteRecordsPartition... partitions) {
        return new DeleteRecordsTopic().setName(name).setPartitions(List.of(partitions));
    }

    private static DeleteRecordsPartition before(int partition, long offset) {
        return new DeleteRecordsPartition().setPartitionIndex(partition).setOffset(offset);
    }

    private static DeleteRecordsPartitionResult result(DeleteRecordsResponseData response, String topic,
            int partition) {
        return response.topics().find(topic).partitions().find(partition);
    }

    private void moves(String partition, Errors error, long lowWatermark) {
        partitions.deletions.put(partition,
                CompletableFuture.completedFuture(new DeleteRecordsOutcome(error, lowWatermark)));
    }

    @Test
    void servesEveryVersionOfTheProtocol() {
        assertThat(Exchange.versions(handler).boxed()).containsExactly(versions().boxed().toArray(Integer[]::new));
    }

    @ParameterizedTest
    @MethodSource("versions")
    void partitionsFailOneByOne(int version) {
        controller.image.topic("a", 5);
        moves("a-0", Errors.NONE, 10);
        moves("a-1", Errors.OFFSET_OUT_OF_RANGE, -1);
        partitions.deletions.put("a-3", CompletableFuture.failedFuture(new KafkaStorageException("disk")));

        DeleteRecordsResponseData response = call(version,
                topic("a", before(0, -1), before(1, 99), before(2, 1), before(3, 1), before(4, -2), before(7, 1)),
                topic("nope", before(0, 1)), topic("__consumer_offsets", before(0, 1)));

        assertThat(partitions.deletedBefore).containsEntry("a-0", -1L).containsEntry("a-1", 99L)
                .doesNotContainKey("a-4");
        assertThat(result(response, "a", 0).lowWatermark()).isEqualTo(10);
        assertThat(result(response, "a", 0).errorCode()).isZero();
        assertThat(result(response, "a", 1).errorCode()).isEqualTo(Errors.OFFSET_OUT_OF_RANGE.code());
        assertThat(result(response, "a", 1).lowWatermark()).isEqualTo(-1);
        assertThat(result(response, "a", 2).errorCode()).isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER.code());
        assertThat(result(response, "a", 3).errorCode()).isEqualTo(Errors.KAFKA_STORAGE_ERROR.code());
        assertThat(result(response, "a", 4).errorCode()).isEqualTo(Errors.OFFSET_OUT_OF_RANGE.code());
        assertThat(result(response, "a", 7).errorCode()).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
        assertThat(result(response, "nope", 0).errorCode()).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
        assertThat(result(response, "__consumer_offsets", 0).errorCode())
                .isEqualTo(Errors.INVALID_TOPIC_EXCEPTION.code());
    }

    @Test
    void aTopicOrPartitionNamedTwiceIsAnsweredOnceByItsLastOffset() {
        controller.image.topic("a", 2);
        moves("a-0", Errors.NONE, 2);
        moves("a-1", Errors.NONE, 3);

        DeleteRecordsResponseData response = call(2, topic("a", before(0, 1), before(0, 2)), topic("a", before(1, 3)));

        assertThat(response.topics()).hasSize(1);
        assertThat(response.topics().find("a").partitions()).hasSize(2);
        assertThat(partitions.deletedBefore).containsEntry("a-0", 2L);
    }

    @Test
    void aPartitionThatDoesNotAnswerTimesOutAlone() {
        controller.image.topic("a", 2);
        moves("a-0", Errors.NONE, 2);
        partitions.deletions.put("a-1", new CompletableFuture<>());

        DeleteRecordsResponseData response = call(2, topic("a", before(0, 1), before(1, 1)));

        assertThat(result(response, "a", 0).errorCode()).isZero();
        assertThat(result(response, "a", 1).errorCode()).isEqualTo(Errors.REQUEST_TIMED_OUT.code());
    }

    @Test
    void nothingAskedNothingAnswered() {
        assertThat(call(2).topics()).isEmpty();
    }
}

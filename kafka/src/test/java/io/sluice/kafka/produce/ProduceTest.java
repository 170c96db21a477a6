package io.sluice.kafka.produce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.actors.image.TopicImage;
import io.sluice.kafka.fakes.DataRig;
import io.sluice.kafka.fakes.WireClient;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProduceTest {
    private static final int LATEST = ApiKeys.PRODUCE.latestVersion();

    @TempDir
    Path directory;
    private DataRig rig;
    private TopicImage topic;
    private WireClient client;

    @BeforeEach
    void start() {
        rig = new DataRig(directory);
        topic = rig.controller.image.topic("t", 2);
        client = rig.client();
    }

    @AfterEach
    void stop() {
        client.close();
        rig.close();
        assertThat(rig.server.requestBytesInFlight()).isZero();
    }

    @Test
    void shouldAppendInEveryVersion() {
        long offset = 0;
        for (short version : ApiKeys.PRODUCE.allVersions()) {
            for (int acks : new int[]{-1, 1}) {
                PartitionProduceResponse answer = call(version,
                        DataRig.produce(topic, 1, acks, DataRig.batch(3, 10, 5)));
                assertThat(Errors.forCode(answer.errorCode())).isEqualTo(Errors.NONE);
                assertThat(answer.baseOffset()).isEqualTo(offset);
                assertThat(answer.index()).isEqualTo(1);
                assertThat(answer.logAppendTimeMs()).isEqualTo(-1);
                assertThat(answer.logStartOffset()).isEqualTo(version >= 5 ? 0 : -1);
                offset += 3;
            }
        }
    }

    @Test
    void shouldNameTheErrorInEveryVersion() {
        rig.partitions.down.put(rig.ref(topic, 0), new NotLeaderOrFollowerException("moved"));
        TopicImage none = new TopicImage(Uuid.randomUuid(), "none", topic.replicas(), topic.configs());
        for (short version : ApiKeys.PRODUCE.allVersions()) {
            assertError(version, DataRig.produce(topic, 0, 1, good()), Errors.NOT_LEADER_OR_FOLLOWER);
            assertError(version, DataRig.produce(topic, 2, 1, good()), Errors.UNKNOWN_TOPIC_OR_PARTITION);
            assertError(version, DataRig.produce(topic, 1, 2, good()), Errors.INVALID_REQUIRED_ACKS);
            assertError(version, DataRig.produce(none, 0, 1, good()),
                    version >= 13 ? Errors.UNKNOWN_TOPIC_ID : Errors.UNKNOWN_TOPIC_OR_PARTITION);
            assertError(version, DataRig.produce(topic, 1, 1, good()).setTransactionalId("x"),
                    Errors.INVALID_TXN_STATE);
        }
    }

    @Test
    void shouldWantEnoughReplicasInSyncForAcksAll() {
        rig.partitions.lacking.add(rig.ref(topic, 0));

        assertError(LATEST, DataRig.produce(topic, 0, -1, good()), Errors.NOT_ENOUGH_REPLICAS);
        for (ProduceRequestData taken : List.of(DataRig.produce(topic, 0, 1, good()),
                DataRig.produce(topic, 1, -1, good()))) {
            ProduceResponseData answer = client.call(ApiKeys.PRODUCE, LATEST, taken, ProduceResponseData.class);
            assertThat(answer.responses().iterator().next().partitionResponses().get(0).errorCode()).isZero();
        }
    }

    @Test
    void shouldNameTheLeaderToGoTo() {
        rig.partitions.down.put(rig.ref(topic, 0), new NotLeaderOrFollowerException("moved"));
        ProduceResponseData answer = client.call(ApiKeys.PRODUCE, 10, DataRig.produce(topic, 0, 1, good()),
                ProduceResponseData.class);
        assertThat(answer.nodeEndpoints().find(0).host()).isEqualTo("host0");
        assertThat(answer.responses().iterator().next().partitionResponses().get(0).currentLeader().leaderId())
                .isZero();
    }

    @Test
    void shouldWantExactlyOneBatchOfMagic2() {
        assertError(LATEST, DataRig.produce(topic, 0, 1, null), Errors.INVALID_RECORD);
        assertError(LATEST, DataRig.produce(topic, 0, 1, MemoryRecords.EMPTY), Errors.INVALID_RECORD);
        assertError(LATEST, DataRig.produce(topic, 0, 1, records(bytes(20))), Errors.INVALID_RECORD);
        assertError(LATEST, DataRig.produce(topic, 0, 1, records(bytes(5))), Errors.INVALID_RECORD);
        MemoryRecords one = good();
        ByteBuffer two = ByteBuffer.allocate(2 * one.sizeInBytes()).put(one.buffer()).put(one.buffer()).flip();
        assertError(LATEST, DataRig.produce(topic, 0, 1, records(two)), Errors.INVALID_RECORD);
        ByteBuffer cut = ByteBuffer.allocate(70).put(DataRig.batch(1, 100, 0).buffer().limit(70)).flip();
        assertError(LATEST, DataRig.produce(topic, 0, 1, records(cut)), Errors.INVALID_RECORD);
        for (byte magic : new byte[]{RecordBatch.MAGIC_VALUE_V0, RecordBatch.MAGIC_VALUE_V1}) {
            MemoryRecords old = MemoryRecords.withRecords(magic, Compression.NONE, new SimpleRecord(new byte[9]));
            assertError(LATEST, DataRig.produce(topic, 0, 1, old), Errors.INVALID_RECORD);
        }
    }

    @Test
    void shouldTakeZstdFromVersion7On() {
        for (short version : ApiKeys.PRODUCE.allVersions()) {
            // the batch check looks at the attributes only
            ByteBuffer batch = ByteBuffer.allocate(good().sizeInBytes()).put(good().buffer()).flip();
            batch.putShort(21, (short) 4);
            BatchCheck check = BatchCheck.of(version, records(batch));
            assertThat(check.error()).isEqualTo(version < 7 ? Errors.UNSUPPORTED_COMPRESSION_TYPE : Errors.NONE);
        }
    }

    @Test
    void shouldCloseTheConnectionOnAnErrorWithAcks0() {
        client.send(ApiKeys.PRODUCE, LATEST, 1, DataRig.produce(topic, 0, 0, good()));
        await().until(() -> rig.partitions.active(rig.ref(topic, 0)) != null
                && rig.partitions.active(rig.ref(topic, 0)).log().view().highWatermark() == 1);
        assertThat(call(LATEST, DataRig.produce(topic, 0, 1, good())).baseOffset()).isEqualTo(1);
        client.send(ApiKeys.PRODUCE, LATEST, 1, DataRig.produce(topic, 9, 0, good()));
        assertThat(client.receive()).isNull();
    }

    @Test
    void shouldFreeTheFrameOfAnAppendThatOutlivesTheServer() {
        CompletableFuture<Void> gate = new CompletableFuture<>();
        rig.partitions.appendGate = gate;
        client.send(ApiKeys.PRODUCE, LATEST, 1, DataRig.produce(topic, 0, 1, good()));
        await().until(() -> rig.server.requestBytesInFlight() > 0);
        client.close();
        await().until(() -> rig.server.connectionCount() == 0);
        rig.server.close();
        assertThat(rig.server.requestBytesInFlight()).as("the append may still read it").isPositive();

        gate.complete(null);

        await().untilAsserted(() -> assertThat(rig.server.requestBytesInFlight()).isZero());
    }

    @Test
    void shouldAnswerPartitionsEachForItself() {
        ProduceRequestData request = DataRig.produce(topic, 0, 1, good());
        request.topicData().iterator().next()
                .setPartitionData(
                        java.util.List.of(new ProduceRequestData.PartitionProduceData().setIndex(7).setRecords(good()),
                                new ProduceRequestData.PartitionProduceData().setIndex(1).setRecords(good())));
        ProduceResponseData answer = client.call(ApiKeys.PRODUCE, LATEST, request, ProduceResponseData.class);
        assertThat(answer.responses().iterator().next().partitionResponses())
                .extracting(PartitionProduceResponse::index, PartitionProduceResponse::errorCode)
                .containsExactly(org.assertj.core.api.Assertions.tuple(7, Errors.UNKNOWN_TOPIC_OR_PARTITION.code()),
                        org.assertj.core.api.Assertions.tuple(1, (short) 0));
    }

    @Test
    void shouldAnswerATimeoutButKeepTheFrameUntilTheAppendEnds() {
        CompletableFuture<Object> gate = new CompletableFuture<>();
        call(LATEST, DataRig.produce(topic, 0, 1, good()));
        rig.partitions.appendGate = gate;
        PartitionProduceResponse answer = call(LATEST, DataRig.produce(topic, 0, 1, good()));
        assertThat(Errors.forCode(answer.errorCode())).isEqualTo(Errors.REQUEST_TIMED_OUT);
        assertThat(rig.server.requestBytesInFlight()).isPositive();
        gate.complete(null);
        await().until(() -> rig.server.requestBytesInFlight() == 0);
        assertThat(rig.partitions.active(rig.ref(topic, 0)).log().view().highWatermark()).isEqualTo(2);
    }

    @Test
    void shouldGiveIdempotentProducersIdsInEveryVersion() {
        for (short version = 0; version <= 5; version++) {
            InitProducerIdResponseData answer = client.call(ApiKeys.INIT_PRODUCER_ID, version,
                    new InitProducerIdRequestData().setTransactionalId(null), InitProducerIdResponseData.class);
            assertThat(answer.errorCode()).isZero();
            assertThat(answer.producerId()).isEqualTo(1);
            assertThat(answer.producerEpoch()).isZero();
            InitProducerIdResponseData refused = client.call(ApiKeys.INIT_PRODUCER_ID, version,
                    new InitProducerIdRequestData().setTransactionalId("t"), InitProducerIdResponseData.class);
            assertThat(Errors.forCode(refused.errorCode())).isEqualTo(Errors.UNSUPPORTED_VERSION);
        }
    }

    private PartitionProduceResponse call(int version, ProduceRequestData request) {
        return client.call(ApiKeys.PRODUCE, version, request, ProduceResponseData.class).responses().iterator().next()
                .partitionResponses().get(0);
    }

    private void assertError(int version, ProduceRequestData request, Errors error) {
        PartitionProduceResponse answer = call(version, request);
        assertThat(Errors.forCode(answer.errorCode())).as("version " + version).isEqualTo(error);
        assertThat(answer.baseOffset()).isEqualTo(-1);
    }

    private static MemoryRecords good() {
        return DataRig.batch(1, 10, 0);
    }

    private static ByteBuffer bytes(int count) {
        return ByteBuffer.allocate(count);
    }

    private static MemoryRecords records(ByteBuffer bytes) {
        return MemoryRecords.readableRecords(bytes);
    }
}

package io.sluice.kafka.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.actors.image.TopicImage;
import io.sluice.actors.partition.PartitionRef;
import io.sluice.kafka.fakes.DataRig;
import io.sluice.kafka.fakes.WireClient;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FetchTest {
    private static final int LATEST = ApiKeys.FETCH.latestVersion();
    private static final int LONG = 60_000;

    @TempDir
    Path directory;
    private DataRig rig;
    private TopicImage topic;
    private PartitionRef first;
    private WireClient client;

    @BeforeEach
    void start() {
        rig = new DataRig(directory);
        topic = rig.controller.image.topic("t", 3);
        first = rig.ref(topic, 0);
        client = rig.client();
    }

    @AfterEach
    void stop() {
        client.close();
        rig.close();
        assertThat(rig.server.requestBytesInFlight()).isZero();
    }

    @Test
    void shouldHandOutWholeBatchesInEveryVersion() {
        rig.append(first, DataRig.batch(3, 10, 0));
        rig.append(first, DataRig.batch(2, 9000, 0));
        for (short version : ApiKeys.FETCH.allVersions()) {
            for (byte isolation : new byte[]{0, 1}) {
                PartitionData data = one(version, DataRig.fetch(topic, 0, 1).setIsolationLevel(isolation));
                assertThat(Errors.forCode(data.errorCode())).isEqualTo(Errors.NONE);
                assertThat(data.highWatermark()).isEqualTo(5);
                assertThat(data.lastStableOffset()).isEqualTo(5);
                assertThat(offsets(data)).containsExactly(0L, 3L);
                assertThat(data.abortedTransactions()).isEqualTo(isolation == 1 ? List.of() : null);
            }
        }
    }

    @Test
    void shouldNameTheErrorInEveryVersion() {
        rig.append(first, DataRig.batch(3, 10, 0));
        rig.partitions.down.put(rig.ref(topic, 1), new NotLeaderOrFollowerException("moved"));
        TopicImage none = new TopicImage(Uuid.randomUuid(), "none", topic.replicas(), topic.configs());
        for (short version : ApiKeys.FETCH.allVersions()) {
            assertError(version, DataRig.fetch(topic, 0, 4), Errors.OFFSET_OUT_OF_RANGE);
            assertError(version, DataRig.fetch(topic, 0, -1), Errors.OFFSET_OUT_OF_RANGE);
            assertError(version, DataRig.fetch(topic, 1, 0), Errors.NOT_LEADER_OR_FOLLOWER);
            assertError(version, DataRig.fetch(topic, 3, 0), Errors.UNKNOWN_TOPIC_OR_PARTITION);
            assertError(version, DataRig.fetch(none, 0, 0),
                    version >= 13 ? Errors.UNKNOWN_TOPIC_ID : Errors.UNKNOWN_TOPIC_OR_PARTITION);
            if (version >= 9) {
                assertError(version, withEpoch(DataRig.fetch(topic, 0, 0), 7), Errors.UNKNOWN_LEADER_EPOCH);
            }
        }
        rig.partitions.passivate(first);
        one(LATEST, DataRig.fetch(topic, 0, 0));
        assertError(LATEST, withEpoch(DataRig.fetch(topic, 0, 0), 0), Errors.FENCED_LEADER_EPOCH);
    }

    @Test
    void shouldNameTheLeaderToGoTo() {
        rig.partitions.down.put(first, new NotLeaderOrFollowerException("moved"));
        FetchResponseData answer = call(16, DataRig.fetch(topic, 0, 0));
        assertThat(answer.nodeEndpoints().find(0).host()).isEqualTo("host0");
        assertThat(answer.responses().get(0).partitions().get(0).currentLeader().leaderId()).isZero();
    }

    @Test
    void shouldSendAReaderToAReplicaInItsRack() {
        rig.append(first, DataRig.batch(3, 10, 0));
        TopicImage replicated = new TopicImage(topic.id(), "t", List.of(List.of(0, 1, 2)), Map.of());
        rig.controller.image.topics.put("t", replicated);
        rig.controller.image.node(1, true).node(2, true);

        PartitionData sent = one(LATEST, DataRig.fetch(replicated, 0, 0).setRackId("rack2"));
        assertThat(sent.preferredReadReplica()).isEqualTo(2);
        assertThat(sent.records().sizeInBytes()).isZero();

        assertThat(offsets(one(LATEST, DataRig.fetch(replicated, 0, 0).setRackId("elsewhere")))).containsExactly(0L);
        assertThat(offsets(one(LATEST, DataRig.fetch(replicated, 0, 0)))).containsExactly(0L);
        assertThat(offsets(one((short) 10, DataRig.fetch(replicated, 0, 0).setRackId("rack2")))).containsExactly(0L);
        rig.controller.image.node(2, false);
        assertThat(offsets(one(LATEST, DataRig.fetch(replicated, 0, 0).setRackId("rack2")))).containsExactly(0L);
    }

    @Test
    void shouldServeACopyOnlyToThoseWhoSayWhereTheyAre() {
        rig.append(first, DataRig.batch(3, 10, 0));
        rig.controller.image.node(1, true);
        TopicImage ledElsewhere = new TopicImage(topic.id(), "t", List.of(List.of(1, 0)), Map.of());
        rig.controller.image.topics.put("t", ledElsewhere);

        assertThat(offsets(one(LATEST, DataRig.fetch(ledElsewhere, 0, 0).setRackId("a")))).containsExactly(0L);
        rig.partitions.down.put(first, new NotLeaderOrFollowerException("moved"));
        rig.partitions.passivate(first);
        assertError(LATEST, DataRig.fetch(ledElsewhere, 0, 0), Errors.NOT_LEADER_OR_FOLLOWER);
    }

    @Test
    void shouldStartAPartitionThatIsNotUp() {
        rig.append(first, DataRig.batch(3, 10, 0));
        rig.partitions.passivate(first);
        assertThat(offsets(one(LATEST, DataRig.fetch(topic, 0, 0)))).containsExactly(0L);
        assertThat(rig.partitions.active(first)).isNotNull();
    }

    @Test
    void shouldKeepToTheSizesButAlwaysHandOutAFirstBatch() {
        int size = rig.append(first, DataRig.batch(1, 5000, 0));
        rig.append(first, DataRig.batch(1, 5000, 0));
        rig.append(first, DataRig.batch(1, 5000, 0));
        rig.append(rig.ref(topic, 1), DataRig.batch(1, 5000, 0));

        FetchRequestData tiny = DataRig.fetch(topic, 0, 0).setMaxBytes(1);
        tiny.topics().get(0).partitions().add(DataRig.want(1, 0));
        List<PartitionData> both = call(LATEST, tiny).responses().get(0).partitions();
        assertThat(offsets(both.get(0))).as("the first batch of the first partition, whole").containsExactly(0L);
        assertThat(both.get(1).records().sizeInBytes()).isZero();
        assertThat(both.get(1).highWatermark()).isEqualTo(1);

        FetchRequestData two = DataRig.fetch(topic, 0, 0);
        two.topics().get(0).partitions().get(0).setPartitionMaxBytes(2 * size);
        assertThat(offsets(one(LATEST, two))).containsExactly(0L, 1L);

        FetchRequestData three = DataRig.fetch(topic, 0, 0).setMaxBytes(4 * size);
        three.topics().get(0).partitions().add(DataRig.want(1, 0));
        both = call(LATEST, three).responses().get(0).partitions();
        assertThat(offsets(both.get(0))).hasSize(3);
        assertThat(offsets(both.get(1))).hasSize(1);
    }

    @Test
    void shouldSayWhereTheClientsEpochEnded() {
        rig.append(first, DataRig.batch(3, 10, 0));
        rig.partitions.passivate(first);
        rig.append(first, DataRig.batch(3, 10, 0));
        FetchRequestData request = DataRig.fetch(topic, 0, 5);
        request.topics().get(0).partitions().get(0).setLastFetchedEpoch(0);
        PartitionData data = one(LATEST, request);
        assertThat(data.divergingEpoch().epoch()).isZero();
        assertThat(data.divergingEpoch().endOffset()).isEqualTo(3);
        request.topics().get(0).partitions().get(0).setLastFetchedEpoch(1);
        assertThat(one(LATEST, request).divergingEpoch().epoch()).isEqualTo(-1);
    }

    @Test
    void shouldAnswerAtOnceWhenThereIsNothingToWaitFor() {
        long begin = System.nanoTime();
        call(LATEST, DataRig.fetch(topic, 0, 0).setMaxWaitMs(LONG).setMinBytes(0));
        call(LATEST, DataRig.fetch(topic, 9, 0).setMaxWaitMs(LONG));
        call(LATEST, new FetchRequestData().setMaxWaitMs(LONG).setMinBytes(1));
        assertThat(System.nanoTime() - begin).isLessThan(TimeUnit.SECONDS.toNanos(20));
    }

    @Test
    void shouldAnswerNothingWhenTheTimeIsUp() {
        long begin = System.nanoTime();
        PartitionData data = one(LATEST, DataRig.fetch(topic, 0, 0).setMaxWaitMs(200));
        assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(199));
        assertThat(data.records().sizeInBytes()).isZero();
        assertThat(data.errorCode()).isZero();
    }

    @Test
    void shouldAnswerWithWhatThereIsWhenTheTimeIsUp() {
        rig.append(first, DataRig.batch(1, 10, 0));
        PartitionData data = one(LATEST, DataRig.fetch(topic, 0, 0).setMaxWaitMs(100).setMinBytes(100_000));
        assertThat(offsets(data)).containsExactly(0L);
    }

    @Test
    void shouldWakeWhenThereIsEnough() {
        one(LATEST, DataRig.fetch(topic, 0, 0));
        int enough = 3 * DataRig.batch(1, 1000, 0).sizeInBytes();
        client.send(ApiKeys.FETCH, LATEST, 1,
                DataRig.fetch(topic, 0, 0).setMaxWaitMs(LONG).setMinBytes(enough));
        for (int i = 0; i < 3; i++) {
            rig.append(first, DataRig.batch(1, 1000, 0));
        }
        FetchResponseData answer = client.receive(ApiKeys.FETCH, LATEST, 1, FetchResponseData.class);
        assertThat(offsets(answer.responses().get(0).partitions().get(0))).containsExactly(0L, 1L, 2L);
    }

    @Test
    void shouldWakeManyAndServeOthersMeanwhile() {
        one(LATEST, DataRig.fetch(topic, 0, 0));
        List<WireClient> waiting = java.util.stream.IntStream.range(0, 50).mapToObj(i -> rig.client()).toList();
        waiting.forEach(one -> one.send(ApiKeys.FETCH, LATEST, 1, DataRig.fetch(topic, 0, 0).setMaxWaitMs(LONG)));
        one(LATEST, DataRig.fetch(topic, 1, 0));
        rig.append(first, DataRig.batch(1, 10_000, 0));
        waiting.forEach(one -> {
            FetchResponseData answer = one.receive(ApiKeys.FETCH, LATEST, 1, FetchResponseData.class);
            assertThat(offsets(answer.responses().get(0).partitions().get(0))).containsExactly(0L);
            one.close();
        });
    }

    @Test
    void shouldEndTheWaitWithTheConnection() {
        one(LATEST, DataRig.fetch(topic, 0, 0));
        try (WireClient leaving = rig.client()) {
            leaving.send(ApiKeys.FETCH, LATEST, 1, DataRig.fetch(topic, 0, 0).setMaxWaitMs(LONG));
            await().until(() -> rig.server.requestBytesInFlight() > 0);
        }
        await().until(() -> rig.server.requestBytesInFlight() == 0);
        rig.append(first, DataRig.batch(1, 10, 0));
        assertThat(offsets(one(LATEST, DataRig.fetch(topic, 0, 0)))).containsExactly(0L);
    }

    @Test
    void shouldNotDelayTheEndOfTheServerWithAWait() {
        try (WireClient waiting = rig.client()) {
            waiting.send(ApiKeys.FETCH, LATEST, 1, DataRig.fetch(topic, 0, 0).setMaxWaitMs(LONG));
            await().until(() -> rig.server.requestBytesInFlight() > 0);
            long begin = System.nanoTime();
            rig.server.close();
            assertThat(System.nanoTime() - begin).isLessThan(TimeUnit.SECONDS.toNanos(4));
            assertThat(waiting.receive()).isNull();
        }
    }

    private FetchResponseData call(int version, FetchRequestData request) {
        return client.call(ApiKeys.FETCH, version, request, FetchResponseData.class);
    }

    private PartitionData one(int version, FetchRequestData request) {
        return call(version, request).responses().get(0).partitions().get(0);
    }

    private void assertError(int version, FetchRequestData request, Errors error) {
        PartitionData data = one(version, request);
        assertThat(Errors.forCode(data.errorCode())).as("version " + version).isEqualTo(error);
        assertThat(data.highWatermark()).isEqualTo(-1);
        assertThat(data.logStartOffset()).isEqualTo(-1);
    }

    private static FetchRequestData withEpoch(FetchRequestData request, int epoch) {
        request.topics().get(0).partitions().get(0).setCurrentLeaderEpoch(epoch);
        return request;
    }

    private static List<Long> offsets(PartitionData data) {
        List<Long> offsets = new java.util.ArrayList<>();
        for (MutableRecordBatch batch : ((MemoryRecords) data.records()).batches()) {
            assertThat(batch.isValid()).isTrue();
            offsets.add(batch.baseOffset());
        }
        return offsets;
    }
}

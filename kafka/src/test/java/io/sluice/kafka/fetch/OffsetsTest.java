package io.sluice.kafka.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.actors.image.TopicImage;
import io.sluice.actors.partition.PartitionRef;
import io.sluice.kafka.fakes.DataRig;
import io.sluice.kafka.fakes.WireClient;
import java.nio.file.Path;
import java.util.List;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsPartitionResponse;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderPartition;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderTopic;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.EpochEndOffset;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Partition 0 has offsets 0 to 4 of epoch 0 and 5 to 6 of epoch 1, with timestamps from 1000 and 2000 on; partition 1 is empty. */
class OffsetsTest {
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
        PartitionRef ref = rig.ref(topic, 0);
        rig.append(ref, DataRig.batch(5, 10, 1000));
        rig.partitions.passivate(ref);
        rig.append(ref, DataRig.batch(2, 10, 2000));
    }

    @AfterEach
    void stop() {
        client.close();
        rig.close();
    }

    @Test
    void shouldFindPlacesInEveryVersion() {
        for (short version : ApiKeys.LIST_OFFSETS.allVersions()) {
            assertAnswer(version, 0, -1, -1, 7, 1);
            assertAnswer(version, 0, -2, -1, 0, 0);
            assertAnswer(version, 1, -1, -1, 0, 0);
            assertAnswer(version, 1, -2, -1, 0, 0);
            assertAnswer(version, 0, 1003, 1003, 3, 0);
            assertAnswer(version, 0, 1500, 2000, 5, 1);
            assertAnswer(version, 0, 3000, -1, -1, -1);
            assertAnswer(version, 1, 0, -1, -1, -1);
            if (version >= 7) {
                assertAnswer(version, 0, -3, 2001, 6, 1);
                assertAnswer(version, 1, -3, -1, -1, -1);
            }
            if (version >= 8) {
                assertAnswer(version, 0, -4, -1, 0, 0);
            }
            if (version >= 9) {
                assertAnswer(version, 0, -5, -1, -1, -1);
            }
            if (version >= 11) {
                assertAnswer(version, 0, -6, -1, -1, -1);
            }
        }
    }

    @Test
    void shouldRefusePlacesThatTheVersionHasNot() {
        for (short version : ApiKeys.LIST_OFFSETS.allVersions()) {
            for (long place : new long[]{-3, -4, -5, -6, -7, Long.MIN_VALUE}) {
                boolean known = (place == -3 && version >= 7) || (place == -4 && version >= 8)
                        || (place == -5 && version >= 9) || (place == -6 && version >= 11);
                assertThat(Errors.forCode(list(version, 0, place, -1).errorCode()))
                        .isEqualTo(known ? Errors.NONE : Errors.UNSUPPORTED_VERSION);
            }
        }
    }

    @Test
    void shouldCheckPartitionsAndEpochs() {
        assertThat(Errors.forCode(list(11, 5, -1, -1).errorCode())).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(Errors.forCode(list(11, 0, -1, 0).errorCode())).isEqualTo(Errors.FENCED_LEADER_EPOCH);
        assertThat(Errors.forCode(list(11, 0, -1, 2).errorCode())).isEqualTo(Errors.UNKNOWN_LEADER_EPOCH);
        assertThat(Errors.forCode(list(11, 0, -1, 1).errorCode())).isEqualTo(Errors.NONE);
    }

    @Test
    void shouldRefuseAPartitionThatIsNamedTwice() {
        ListOffsetsPartition twice = new ListOffsetsPartition().setPartitionIndex(0).setTimestamp(-1);
        ListOffsetsResponseData answer = client.call(ApiKeys.LIST_OFFSETS, 11,
                new ListOffsetsRequestData()
                        .setTopics(List.of(new ListOffsetsTopic().setName("t").setPartitions(List.of(twice, twice)))),
                ListOffsetsResponseData.class);
        assertThat(answer.topics().get(0).partitions()).extracting(ListOffsetsPartitionResponse::errorCode)
                .containsExactly(Errors.INVALID_REQUEST.code(), Errors.INVALID_REQUEST.code());
    }

    @Test
    void shouldSayWhereEpochsEndInEveryVersion() {
        for (short version : ApiKeys.OFFSET_FOR_LEADER_EPOCH.allVersions()) {
            assertEnd(version, 0, 0, 0, 5);
            assertEnd(version, 0, 1, 1, 7);
            assertEnd(version, 0, 2, -1, -1);
            assertEnd(version, 1, 0, 0, 0);
            assertThat(Errors.forCode(end(version, 9, 0, -1).errorCode())).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
            assertThat(Errors.forCode(end(version, 0, 0, 0).errorCode())).isEqualTo(Errors.FENCED_LEADER_EPOCH);
        }
    }

    private void assertAnswer(int version, int partition, long asked, long timestamp, long offset, int epoch) {
        ListOffsetsPartitionResponse answer = list(version, partition, asked, -1);
        assertThat(answer.errorCode()).isZero();
        assertThat(new long[]{answer.timestamp(), answer.offset(), answer.leaderEpoch()})
                .as("timestamp " + asked + " in version " + version)
                .containsExactly(timestamp, offset, version >= 4 ? epoch : -1);
    }

    private ListOffsetsPartitionResponse list(int version, int partition, long timestamp, int epoch) {
        ListOffsetsPartition asked = new ListOffsetsPartition().setPartitionIndex(partition).setTimestamp(timestamp)
                .setCurrentLeaderEpoch(epoch);
        return client.call(ApiKeys.LIST_OFFSETS, version,
                new ListOffsetsRequestData()
                        .setTopics(List.of(new ListOffsetsTopic().setName("t").setPartitions(List.of(asked)))),
                ListOffsetsResponseData.class).topics().get(0).partitions().get(0);
    }

    private void assertEnd(int version, int partition, int asked, int epoch, long offset) {
        EpochEndOffset answer = end(version, partition, asked, -1);
        assertThat(answer.errorCode()).isZero();
        assertThat(answer.leaderEpoch()).isEqualTo(epoch);
        assertThat(answer.endOffset()).isEqualTo(offset);
    }

    private EpochEndOffset end(int version, int partition, int epoch, int current) {
        OffsetForLeaderTopic asked = new OffsetForLeaderTopic().setTopic("t").setPartitions(
                List.of(new OffsetForLeaderPartition().setPartition(partition).setLeaderEpoch(epoch)
                        .setCurrentLeaderEpoch(current)));
        OffsetForLeaderEpochRequestData request = new OffsetForLeaderEpochRequestData();
        request.topics().add(asked);
        return client.call(ApiKeys.OFFSET_FOR_LEADER_EPOCH, version, request, OffsetForLeaderEpochResponseData.class)
                .topics().find("t").partitions().get(0);
    }
}

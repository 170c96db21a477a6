package io.sluice.kafka.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.kafka.fakes.WireClient;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.junit.jupiter.api.Test;

class RequestParserTest {

    @Test
    void shouldParseEveryVersionOfEveryApiAsItWasWritten() throws Exception {
        for (ApiKeys api : ApiKeys.clientApis()) {
            for (short version : api.allVersions()) {
                ApiMessage empty = api.messageType.newRequest();
                ByteBuffer frame;
                try {
                    frame = WireClient.frame(api, version, 42, empty).position(4).slice();
                } catch (RuntimeException e) {
                    continue; // a message whose default is not writable in that version
                }
                RequestPrefix prefix = RequestPrefix.read(frame);
                Request request = RequestParser.parse(api, prefix, frame);
                assertThat(prefix).isEqualTo(new RequestPrefix(api.id, version, 42));
                assertThat(request.clientId()).isEqualTo("test");
                assertThat(frame.remaining()).as(api + " v" + version).isZero();
            }
        }
    }

    @Test
    void shouldViewRecordsInTheFrameWithoutACopy() throws Exception {
        ProduceRequestData written = produce(ByteBuffer.wrap(new byte[]{1, 2, 3}));
        ByteBuffer sent = WireClient.frame(ApiKeys.PRODUCE, (short) 12, 1, written).position(4);
        ByteBuffer frame = ByteBuffer.allocateDirect(sent.remaining()).put(sent).flip();
        RequestPrefix prefix = RequestPrefix.read(frame);
        ProduceRequestData read = (ProduceRequestData) RequestParser.parse(ApiKeys.PRODUCE, prefix, frame).message();
        PartitionProduceData partition = read.topicData().iterator().next().partitionData().get(0);
        ByteBuffer records = ((MemoryRecords) partition.records()).buffer();

        records.put(0, (byte) 99);

        assertThat(records.isDirect()).isTrue();
        boolean inFrame = false;
        for (int i = 0; i < frame.limit(); i++) {
            inFrame |= frame.get(i) == 99;
        }
        assertThat(inFrame).isTrue();
    }

    @Test
    void shouldRefuseAbsurdCountsWithoutMakingRoomForThem() {
        // Metadata v1: the number of topics is a plain int
        byte[] frame = WireClient.frameBytes(ApiKeys.METADATA, (short) 1, 1, new MetadataRequestData());
        int count = frame.length - 4;
        for (int claim : new int[]{Integer.MAX_VALUE, 1_000_000_000, 100}) {
            ByteBuffer bad = ByteBuffer.wrap(frame.clone()).putInt(count, claim).position(4).slice();
            refused(ApiKeys.METADATA, bad);
        }
    }

    @Test
    void shouldRefuseAHugeCountEvenInAFrameThatIsLargerStill() {
        int claim = RequestParser.ARRAY_ELEMENTS_MAX + 1;
        ByteBuffer frame = ByteBuffer.allocate(claim * 3);
        frame.putShort(ApiKeys.METADATA.id).putShort((short) 1).putInt(1).putShort((short) -1).putInt(claim).rewind();
        refused(ApiKeys.METADATA, frame);
    }

    @Test
    void shouldRefuseEveryTruncationAndSayNothingOfTheContents() {
        FetchRequestData fetch = new FetchRequestData().setTopics(List.of(new FetchRequestData.FetchTopic()
                .setTopic("secret").setPartitions(List.of(new FetchRequestData.FetchPartition()))));
        for (short version : new short[]{4, 11, 12}) {
            byte[] whole = WireClient.frameBytes(ApiKeys.FETCH, version, 1, fetch);
            for (int length = RequestPrefix.BYTES; length < whole.length - 4; length++) {
                ByteBuffer cut = ByteBuffer.wrap(whole, 4, length).slice();
                refused(ApiKeys.FETCH, cut);
            }
        }
    }

    private static void refused(ApiKeys api, ByteBuffer frame) {
        assertThatThrownBy(() -> RequestParser.parse(api, RequestPrefix.read(frame), frame))
                .isInstanceOf(MalformedRequestException.class).hasMessageContaining("malformed " + api.name)
                .hasMessageNotContaining("secret");
    }

    private static ProduceRequestData produce(ByteBuffer records) {
        ProduceRequestData request = new ProduceRequestData();
        request.topicData().add(new TopicProduceData().setName("t").setPartitionData(
                List.of(new PartitionProduceData().setRecords(MemoryRecords.readableRecords(records)))));
        return request;
    }
}

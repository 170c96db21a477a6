package io.sluice.kafka.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.FileRegion;
import io.sluice.kafka.fakes.WireClient;
import io.sluice.persistence.net.SliceRegion;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResponseEncoderTest {
    @TempDir
    Path directory;

    @Test
    void shouldEncodeRecordsOfAnySizeInEveryVersion() throws IOException {
        int large = SliceRegion.COPIED_BYTES_MAX + 1;
        for (short version : ApiKeys.FETCH.allVersions()) {
            List<TestSlice> slices = new ArrayList<>();
            for (int length : new int[]{large, 10, 0, 3 * large, SliceRegion.COPIED_BYTES_MAX}) {
                slices.add(new TestSlice(directory.resolve(version + "-" + slices.size()), length));
            }

            EncodedResponse encoded = encode(version, response(slices));

            assertThat(encoded.parts().stream().filter(FileRegion.class::isInstance)).as("regions").hasSize(2);
            FetchResponseData read = WireClient.decode(bytes(encoded), ApiKeys.FETCH, version, 5,
                    FetchResponseData.class);
            List<PartitionData> partitions = read.responses().get(0).partitions();
            for (int i = 0; i < slices.size(); i++) {
                ByteBuffer records = ((MemoryRecords) partitions.get(i).records()).buffer();
                assertThat(records.remaining()).isEqualTo(slices.get(i).length());
                for (int at = 0; at < records.remaining(); at++) {
                    assertThat(records.get(at)).isEqualTo((byte) (at + 7));
                }
            }
            encoded.release();
            assertThat(slices).allSatisfy(slice -> assertThat(slice.closed).hasValue(1));
        }
    }

    @Test
    void shouldCloseAllSlicesWhenItFails() {
        List<TestSlice> slices = List.of(new TestSlice(directory.resolve("a"), 10_000),
                new TestSlice(directory.resolve("b"), 10_000));
        FetchResponseData response = response(slices);
        // names are not nullable before version 13
        FetchableTopicResponse bad = new FetchableTopicResponse().setTopic(null);
        response.responses().add(bad);
        assertThatThrownBy(() -> encode((short) 12, response)).isInstanceOf(RuntimeException.class);
        assertThat(slices).allSatisfy(slice -> assertThat(slice.closed).hasValue(1));
    }

    @Test
    void shouldCloseTheSlicesOfADiscardedResponse() {
        TestSlice slice = new TestSlice(directory.resolve("a"), 10_000);
        FetchResponseData response = response(List.of(slice));
        SliceRecords.discard(response);
        SliceRecords.discard(response);
        SliceRecords.discard(null);
        assertThat(slice.closed).hasValue(1);
    }

    @Test
    void shouldGiveFlexibleVersionsATaggedHeader() {
        for (short version : ApiKeys.LIST_OFFSETS.allVersions()) {
            EncodedResponse encoded = ResponseEncoder.encode(UnpooledByteBufAllocator.DEFAULT, ApiKeys.LIST_OFFSETS,
                    version, 9, new ListOffsetsResponseData());
            assertThat(encoded.parts()).hasSize(1);
            ByteBuf bytes = (ByteBuf) encoded.parts().get(0);
            assertThat(bytes.getInt(0)).isEqualTo(bytes.readableBytes() - 4);
            ByteBuffer frame = bytes.nioBuffer(4, bytes.readableBytes() - 4);
            WireClient.decode(frame, ApiKeys.LIST_OFFSETS, version, 9, ListOffsetsResponseData.class);
            encoded.release();
        }
    }

    private static EncodedResponse encode(short version, FetchResponseData response) {
        return ResponseEncoder.encode(UnpooledByteBufAllocator.DEFAULT, ApiKeys.FETCH, version, 5, response);
    }

    private static FetchResponseData response(List<TestSlice> slices) {
        FetchableTopicResponse topic = new FetchableTopicResponse().setTopic("t");
        for (TestSlice slice : slices) {
            topic.partitions()
                    .add(new PartitionData().setAbortedTransactions(null).setRecords(new SliceRecords(slice)));
        }
        FetchResponseData response = new FetchResponseData();
        response.responses().add(topic);
        return response;
    }

    private static ByteBuffer bytes(EncodedResponse response) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Object part : response.parts()) {
            if (part instanceof ByteBuf buffer) {
                buffer.getBytes(buffer.readerIndex(), out, buffer.readableBytes());
            } else {
                FileRegion region = (FileRegion) part;
                while (region.transferred() < region.count()) {
                    region.transferTo(Channels.newChannel(out), region.transferred());
                }
            }
        }
        ByteBuffer all = ByteBuffer.wrap(out.toByteArray());
        assertThat(all.getInt()).isEqualTo(all.remaining());
        return all.slice();
    }
}

package io.sluice;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.apache.kafka.common.protocol.Errors.CORRUPT_MESSAGE;
import static org.apache.kafka.common.protocol.Errors.INVALID_RECORD;
import static org.apache.kafka.common.protocol.Errors.INVALID_REQUIRED_ACKS;
import static org.apache.kafka.common.protocol.Errors.INVALID_TOPIC_EXCEPTION;
import static org.apache.kafka.common.protocol.Errors.MESSAGE_TOO_LARGE;
import static org.apache.kafka.common.protocol.Errors.NONE;
import static org.apache.kafka.common.protocol.Errors.OFFSET_OUT_OF_RANGE;
import static org.apache.kafka.common.protocol.Errors.UNKNOWN_TOPIC_ID;
import static org.apache.kafka.common.protocol.Errors.UNKNOWN_TOPIC_OR_PARTITION;
import static org.apache.kafka.common.protocol.Errors.UNSUPPORTED_VERSION;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceDataCollection;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests that are well-formed and ask for what cannot be: each gets the error that Apache Kafka 4.3.1 was seen to give. */
class BadRequestTest {

    private static final String SECRET = "contents that no log may show";
    private static final int MAGIC = 16;
    private static final int CRC = 17;
    private static final int ATTRIBUTES = 21;
    private static final int LAST_OFFSET_DELTA = 23;
    private static final int RECORD_COUNT = 57;
    private static final int BATCH_LENGTH = 8;

    @RegisterExtension
    static final NodeExtension node = NodeExtension.with();

    private static String topic;
    private RawConnection connection;

    @BeforeAll
    static void createTopic() {
        topic = node.createTopic(1, "max.message.bytes", "100000");
    }

    @BeforeEach
    void connect() throws IOException {
        connection = new RawConnection(node.process());
    }

    @AfterEach
    void goesOn() throws IOException {
        connection.close();
        try (RawConnection another = new RawConnection(node.process())) {
            BadFrameTest.assertWorks(another);
        }
        assertThat(node.log().lines()).noneMatch(line -> line.contains(SECRET));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void shouldRefuseTheBatch(String name, Errors error, UnaryOperator<ByteBuffer> change) throws IOException {
        long end = produce(topic, batch()).baseOffset() + 3;
        ProduceResponseData.PartitionProduceResponse response = produce(topic, change.apply(batch()));
        assertThat(Errors.forCode(response.errorCode())).isEqualTo(error);
        assertThat(response.baseOffset()).isEqualTo(-1);
        assertThat(produce(topic, batch()).baseOffset()).as("nothing of it was stored").isEqualTo(end);
    }

    static Stream<Arguments> shouldRefuseTheBatch() {
        return Stream.of(batchCase("bad CRC", CORRUPT_MESSAGE, batch -> batch.putInt(CRC, batch.getInt(CRC) + 1)),
                batchCase("a flipped bit", CORRUPT_MESSAGE, batch -> batch.put(90, (byte) (batch.get(90) ^ 1))),
                batchCase("magic 0", INVALID_RECORD, batch -> batch.put(MAGIC, (byte) 0)),
                batchCase("magic 1", INVALID_RECORD, batch -> batch.put(MAGIC, (byte) 1)),
                batchCase("magic 3", CORRUPT_MESSAGE, batch -> batch.put(MAGIC, (byte) 3)),
                batchCase("more records than said", INVALID_RECORD, batch -> sign(batch.putInt(RECORD_COUNT, 2))),
                batchCase("fewer records than said", INVALID_RECORD, batch -> sign(batch.putInt(RECORD_COUNT, 4))),
                batchCase("no records", INVALID_RECORD,
                        batch -> sign(batch.putInt(RECORD_COUNT, 0).putInt(LAST_OFFSET_DELTA, -1))),
                batchCase("a negative count", INVALID_RECORD, batch -> sign(batch.putInt(RECORD_COUNT, -3))),
                batchCase("a last offset that does not fit", INVALID_RECORD,
                        batch -> sign(batch.putInt(LAST_OFFSET_DELTA, 7))),
                batchCase("a control batch", INVALID_RECORD, batch -> sign(batch.putShort(ATTRIBUTES, (short) 0x20))),
                batchCase("a length past the end", INVALID_RECORD,
                        batch -> batch.putInt(BATCH_LENGTH, batch.getInt(BATCH_LENGTH) + 1)),
                batchCase("a length of nothing", CORRUPT_MESSAGE, batch -> batch.putInt(BATCH_LENGTH, 0)),
                batchCase("a negative length", CORRUPT_MESSAGE, batch -> batch.putInt(BATCH_LENGTH, -1)),
                batchCase("two batches", INVALID_RECORD,
                        batch -> ByteBuffer.allocate(2 * batch.limit()).put(batch.duplicate()).put(batch.duplicate())
                                .flip()),
                batchCase("no batch", INVALID_RECORD, batch -> ByteBuffer.allocate(0)),
                batchCase("a piece of a batch", INVALID_RECORD, batch -> batch.limit(40)),
                batchCase("a batch over the topic's limit", MESSAGE_TOO_LARGE, batch -> batchOf(new byte[100_000])));
    }

    private static Arguments batchCase(String name, Errors error, UnaryOperator<ByteBuffer> change) {
        return Arguments.of(name, error, change);
    }

    private static ByteBuffer batch() {
        byte[] value = SECRET.getBytes(UTF_8);
        return copy(MemoryRecords.withRecords(Compression.NONE, new SimpleRecord(value), new SimpleRecord(value),
                new SimpleRecord(value)));
    }

    private static ByteBuffer batchOf(byte[] value) {
        return copy(MemoryRecords.withRecords(Compression.NONE, new SimpleRecord(value)));
    }

    private static ByteBuffer copy(MemoryRecords records) {
        ByteBuffer buffer = records.buffer();
        return ByteBuffer.allocate(buffer.remaining()).put(buffer.duplicate()).flip();
    }

    /** Gives a changed batch the CRC that fits it. */
    private static ByteBuffer sign(ByteBuffer batch) {
        CRC32C crc = new CRC32C();
        crc.update(batch.duplicate().position(ATTRIBUTES));
        return batch.putInt(CRC, (int) crc.getValue());
    }

    @Test
    void shouldNotProduceWhereNothingIs() throws IOException {
        assertThat(errorOf(produce("no-such-topic", batch()))).isEqualTo(UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(errorOf(produce(12, produceRequest(topic, 99, -1, batch())))).isEqualTo(UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(errorOf(produce(12, produceRequest(topic, -1, -1, batch())))).isEqualTo(UNKNOWN_TOPIC_OR_PARTITION);
        ProduceRequestData byId = produceRequest("", 0, -1, batch());
        byId.topicData().iterator().next().setTopicId(Uuid.randomUuid());
        assertThat(errorOf(produce(13, byId))).isEqualTo(UNKNOWN_TOPIC_ID);
    }

    @Test
    void shouldNotProduceWithAcksThatAreNone() throws IOException {
        assertThat(errorOf(produce(12, produceRequest(topic, 0, 2, batch())))).isEqualTo(INVALID_REQUIRED_ACKS);
        assertThat(errorOf(produce(12, produceRequest(topic, 0, -2, batch())))).isEqualTo(INVALID_REQUIRED_ACKS);
    }

    @Test
    void shouldCloseTheConnectionWhenThereIsNoAnswerToTellAnErrorIn() throws IOException {
        connection.send(RawConnection.request(ApiKeys.PRODUCE, 12, produceRequest(topic, 99, 0, batch())));
        assertThat(connection.isClosedByNode()).isTrue();
    }

    private static Errors errorOf(ProduceResponseData.PartitionProduceResponse response) {
        return Errors.forCode(response.errorCode());
    }

    private ProduceResponseData.PartitionProduceResponse produce(String name, ByteBuffer batch) throws IOException {
        return produce(12, produceRequest(name, 0, -1, batch));
    }

    private ProduceResponseData.PartitionProduceResponse produce(int version, ProduceRequestData request)
            throws IOException {
        return connection.exchange(ApiKeys.PRODUCE, version, request, new ProduceResponseData()).responses().iterator()
                .next()
                .partitionResponses().get(0);
    }

    private static ProduceRequestData produceRequest(String name, int partition, int acks, ByteBuffer batch) {
        TopicProduceDataCollection topics = new TopicProduceDataCollection();
        topics.add(new TopicProduceData().setName(name).setPartitionData(List.of(
                new PartitionProduceData().setIndex(partition).setRecords(MemoryRecords.readableRecords(batch)))));
        return new ProduceRequestData().setAcks((short) acks).setTimeoutMs(5000).setTopicData(topics);
    }

    @Test
    void shouldNotFetchWhatIsNotThere() throws IOException {
        assertThat(errorOf(produce(topic, batch()))).isEqualTo(NONE);
        assertThat(fetch(topic, 0, 1_000_000)).isEqualTo(OFFSET_OUT_OF_RANGE);
        assertThat(fetch(topic, 0, -5)).isEqualTo(OFFSET_OUT_OF_RANGE);
        assertThat(fetch(topic, 0, 0)).isEqualTo(NONE);
        assertThat(fetch(topic, 99, 0)).isEqualTo(UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(fetch("no-such-topic", 0, 0)).isEqualTo(UNKNOWN_TOPIC_OR_PARTITION);
    }

    @Test
    void shouldNotFetchFromATopicIdThatIsNone() throws IOException {
        FetchRequestData request = fetchRequest("", 0, 0);
        request.topics().get(0).setTopicId(Uuid.randomUuid());
        assertThat(Errors
                .forCode(connection.exchange(ApiKeys.FETCH, 16, request, new FetchResponseData()).responses().get(0)
                        .partitions().get(0).errorCode()))
                .isEqualTo(UNKNOWN_TOPIC_ID);
    }

    private Errors fetch(String name, int partition, long offset) throws IOException {
        return Errors.forCode(
                connection.exchange(ApiKeys.FETCH, 12, fetchRequest(name, partition, offset), new FetchResponseData())
                        .responses().get(0).partitions().get(0).errorCode());
    }

    private static FetchRequestData fetchRequest(String name, int partition, long offset) {
        return new FetchRequestData().setMaxWaitMs(10).setMinBytes(1).setMaxBytes(1 << 20)
                .setTopics(List.of(new FetchTopic().setTopic(name).setPartitions(List.of(
                        new FetchPartition().setPartition(partition).setFetchOffset(offset)
                                .setPartitionMaxBytes(1 << 20)))));
    }

    @Test
    void shouldNotListOffsetsOfWhatIsNotThere() throws IOException {
        assertThat(listOffsets(topic, 99, -1)).isEqualTo(UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(listOffsets("no-such-topic", 0, -1)).isEqualTo(UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(listOffsets(topic, 0, -99)).isEqualTo(UNSUPPORTED_VERSION);
    }

    private Errors listOffsets(String name, int partition, long timestamp) throws IOException {
        ListOffsetsRequestData request = new ListOffsetsRequestData().setReplicaId(-1)
                .setTopics(List.of(new ListOffsetsTopic().setName(name)
                        .setPartitions(List
                                .of(new ListOffsetsPartition().setPartitionIndex(partition).setTimestamp(timestamp)))));
        return Errors.forCode(
                connection.exchange(ApiKeys.LIST_OFFSETS, 8, request, new ListOffsetsResponseData()).topics().get(0)
                        .partitions().get(0).errorCode());
    }

    @Test
    void shouldTellOfTopicNamesThatAreNone() throws IOException {
        MetadataRequestData request = new MetadataRequestData().setAllowAutoTopicCreation(true)
                .setTopics(Stream.of("a/b", "..", "x".repeat(250), "white space")
                        .map(name -> new MetadataRequestTopic().setName(name)).toList());
        MetadataResponseData response = connection.exchange(ApiKeys.METADATA, 9, request, new MetadataResponseData());
        assertThat(response.topics()).hasSize(4)
                .allSatisfy(
                        answer -> assertThat(Errors.forCode(answer.errorCode())).isEqualTo(INVALID_TOPIC_EXCEPTION));
    }
}

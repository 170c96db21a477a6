package io.sluice;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Bytes that are no request: the connection closes, as Apache Kafka 4.3.1 closes it (every expectation here was seen there), and nothing
 * else happens to the node but one line in its log.
 */
class BadFrameTest {

    @RegisterExtension
    static final NodeExtension node = NodeExtension.with();

    private RawConnection bystander;
    private int logged;

    @BeforeEach
    void connectBystander() throws IOException {
        bystander = new RawConnection(node.process());
        assertWorks(bystander);
        logged = node.log().size();
    }

    @AfterEach
    void nothingElseHappened() throws IOException {
        assertWorks(bystander);
        bystander.close();
        try (RawConnection another = new RawConnection(node.process())) {
            assertWorks(another);
        }
        assertThat(node.process().isAlive()).isTrue();
        if (!NodeCommand.isApacheKafka()) {
            // under a flood the node limits such lines and says now and then how many it left out
            assertThat(node.log().linesAfter(logged)).filteredOn(line -> !line.contains("were left out"))
                    .hasSizeLessThanOrEqualTo(1);
        }
    }

    static void assertWorks(RawConnection connection) throws IOException {
        ApiVersionsResponseData response = connection.exchange(ApiKeys.API_VERSIONS, 3,
                new ApiVersionsRequestData().setClientSoftwareName("raw").setClientSoftwareVersion("1"),
                new ApiVersionsResponseData());
        assertThat(Errors.forCode(response.errorCode())).isEqualTo(Errors.NONE);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void shouldCloseTheConnectionOn(String name, ByteBuffer bytes) throws IOException {
        try (RawConnection connection = new RawConnection(node.process())) {
            connection.sendRaw(bytes);
            assertThat(connection.isClosedByNode()).isTrue();
        }
    }

    static Stream<Arguments> shouldCloseTheConnectionOn() {
        ByteBuffer metadata = RawConnection.request(ApiKeys.METADATA, 1,
                new MetadataRequestData().setTopics(List.of(new MetadataRequestTopic().setName("topic"))));
        ByteBuffer flexible = RawConnection.request(ApiKeys.METADATA, 12,
                new MetadataRequestData().setTopics(List.of(new MetadataRequestTopic().setName("topic"))));
        ByteBuffer deletion = RawConnection.request(ApiKeys.DELETE_TOPICS, 1,
                new DeleteTopicsRequestData().setTopicNames(List.of()));
        int count = RawConnection.request(ApiKeys.METADATA, 1, new MetadataRequestData().setTopics(List.of())).limit()
                - 4;
        int flexibleCount = RawConnection.request(ApiKeys.METADATA, 12, new MetadataRequestData().setTopics(List.of()))
                .limit() - 4;
        return Stream.of(Arguments.of("an unknown API", framed(RawConnection.request(9999, 0, 20))),
                Arguments.of("a negative API", framed(RawConnection.request(-1, 0, 20))),
                Arguments.of("an API between brokers that is gone", framed(RawConnection.request(4, 7, 20))),
                Arguments.of("an API of controllers", framed(RawConnection.request(ApiKeys.VOTE.id, 0, 20))),
                Arguments.of("a version that is too new", framed(RawConnection.request(ApiKeys.FETCH.id, 99, 20))),
                Arguments.of("a version that is too old", framed(RawConnection.request(ApiKeys.PRODUCE.id, 1, 20))),
                Arguments.of("a negative version", framed(RawConnection.request(ApiKeys.FETCH.id, -1, 20))),
                Arguments.of("an empty frame", ByteBuffer.allocate(4)),
                Arguments.of("a frame shorter than a header", framed(ByteBuffer.allocate(3))),
                Arguments.of("a truncated body", framed(metadata.duplicate().limit(metadata.limit() - 3))),
                Arguments.of("a truncated flexible body", framed(flexible.duplicate().limit(flexible.limit() - 5))),
                Arguments.of("an absurd count",
                        framed(ByteBuffer.allocate(metadata.limit()).put(metadata.duplicate()).flip()
                                .putInt(count, Integer.MAX_VALUE))),
                Arguments.of("a negative count",
                        framed(deletion.duplicate().putInt(deletion.limit() - 8, -2).rewind())),
                Arguments.of("a negative length of a string",
                        framed(ByteBuffer.allocate(metadata.limit()).put(metadata.duplicate())
                                .flip().putShort(count + 4, (short) -7))),
                Arguments.of("a length of a string past the end", framed(ByteBuffer.allocate(metadata.limit())
                        .put(metadata.duplicate()).flip().putShort(count + 4, Short.MAX_VALUE))),
                Arguments.of("a count whose varint never ends", framed(ByteBuffer.allocate(flexible.limit() + 10)
                        .put(flexible.duplicate()).flip().limit(flexible.limit() + 10).putLong(flexibleCount, -1L)
                        .putLong(flexibleCount + 6, -1L))),
                Arguments.of("a negative length", ByteBuffer.allocate(8).putInt(0, -1)),
                Arguments.of("the most negative length", ByteBuffer.allocate(8).putInt(0, Integer.MIN_VALUE)),
                Arguments.of("an oversized length", ByteBuffer.allocate(8).putInt(0, 100 * 1024 * 1024 + 1)),
                Arguments.of("the largest length", ByteBuffer.allocate(8).putInt(0, Integer.MAX_VALUE)),
                Arguments.of("HTTP", ByteBuffer.wrap("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(US_ASCII))),
                Arguments.of("TLS",
                        ByteBuffer.wrap(new byte[]{0x16, 3, 1, 0, (byte) 0xc0, 1, 0, 0, (byte) 0xbc, 3, 3})));
    }

    private static ByteBuffer framed(ByteBuffer frame) {
        return ByteBuffer.allocate(4 + frame.remaining()).putInt(frame.remaining()).put(frame.duplicate()).flip();
    }

    @Test
    void shouldNameItsVersionsWhenAskedInOneItDoesNotKnow() throws IOException {
        try (RawConnection connection = new RawConnection(node.process())) {
            connection.send(RawConnection.request(ApiKeys.API_VERSIONS.id, 99, 4));
            ApiVersionsResponseData response = connection.receive(ApiKeys.API_VERSIONS, 0,
                    new ApiVersionsResponseData());
            assertThat(Errors.forCode(response.errorCode())).isEqualTo(Errors.UNSUPPORTED_VERSION);
            assertThat(response.apiKeys()).singleElement().satisfies(key -> {
                assertThat(key.apiKey()).isEqualTo(ApiKeys.API_VERSIONS.id);
                assertThat(key.minVersion()).isZero();
                assertThat(key.maxVersion()).isEqualTo((short) 4);
            });
            assertWorks(connection);
        }
    }

    @Test
    void shouldRefuseAClientNameThatIsNone() throws IOException {
        try (RawConnection connection = new RawConnection(node.process())) {
            ApiVersionsResponseData response = connection.exchange(ApiKeys.API_VERSIONS, 3,
                    new ApiVersionsRequestData().setClientSoftwareName("-/-").setClientSoftwareVersion("1"),
                    new ApiVersionsResponseData());
            assertThat(Errors.forCode(response.errorCode())).isEqualTo(Errors.INVALID_REQUEST);
        }
    }

    @Test
    void shouldNotMindHalfAFrame() throws IOException {
        try (RawConnection connection = new RawConnection(node.process())) {
            connection.sendRaw(ByteBuffer.allocate(100).putInt(0, 1000));
        }
        try (RawConnection connection = new RawConnection(node.process())) {
            connection.sendRaw(ByteBuffer.allocate(2));
        }
    }

    @Test
    void shouldAnswerAFrameThatComesByteByByte() throws IOException {
        try (RawConnection connection = new RawConnection(node.process())) {
            ByteBuffer frame = framed(
                    RawConnection.request(ApiKeys.METADATA, 1, new MetadataRequestData().setTopics(List.of())));
            while (frame.hasRemaining()) {
                connection.sendRaw(ByteBuffer.wrap(new byte[]{frame.get()}));
            }
            assertThat(connection.receive().remaining()).isPositive();
        }
    }
}

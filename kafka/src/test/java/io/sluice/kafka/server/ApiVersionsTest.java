package io.sluice.kafka.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.kafka.fakes.WireClient;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersion;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ApiVersionsTest {
    private static KafkaServer server;

    @BeforeAll
    static void start() {
        server = KafkaServer.start(KafkaServerSettings.of("127.0.0.1", 0), List.of(
                new TestHandler(ApiKeys.METADATA,
                        (context, request) -> CompletableFuture.completedFuture(new MetadataResponseData())),
                new TestHandler(ApiKeys.PRODUCE, (context, request) -> CompletableFuture.completedFuture(null))));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void shouldListExactlyTheHandlersInEveryVersion() {
        for (short version : ApiKeys.API_VERSIONS.allVersions()) {
            try (WireClient client = new WireClient(server.address())) {
                ApiVersionsResponseData answer = client.call(ApiKeys.API_VERSIONS, version, request(),
                        ApiVersionsResponseData.class);
                assertThat(answer.errorCode()).isZero();
                assertThat(answer.apiKeys()).extracting(ApiVersion::apiKey).containsExactlyInAnyOrder((short) 0,
                        (short) 3, (short) 18);
                assertThat(answer.apiKeys().find(ApiKeys.METADATA.id).maxVersion())
                        .isEqualTo(ApiKeys.METADATA.latestVersion());
            }
        }
    }

    @Test
    void shouldAdvertiseProduceFromVersion0ButNotServeIt() {
        try (WireClient client = new WireClient(server.address())) {
            ApiVersionsResponseData answer = client.call(ApiKeys.API_VERSIONS, 4, request(),
                    ApiVersionsResponseData.class);
            assertThat(answer.apiKeys().find(ApiKeys.PRODUCE.id).minVersion()).isZero();
            ByteBuffer old = WireClient.frame(ApiKeys.PRODUCE, (short) 3, 1, new ProduceRequestData());
            old.putShort(6, (short) 2);
            client.send(old);
            assertThat(client.receive()).isNull();
        }
    }

    @Test
    void shouldAnswerAnUnknownVersionInVersion0WithItsOwnRange() {
        try (WireClient client = new WireClient(server.address())) {
            // nothing behind the correlation id can be read in a version we do not know
            client.send(ByteBuffer.allocate(17).putInt(13).putShort((short) 18).putShort((short) 99).putInt(7).flip()
                    .limit(17));
            ByteBuffer answer = client.receive();
            byte[] expected = {0, 0, 0, 7, 0, 35, 0, 0, 0, 1, 0, 18, 0, 0, 0, 4};
            assertThat(answer).isEqualTo(ByteBuffer.wrap(expected));
            assertThat(client.call(ApiKeys.API_VERSIONS, 4, request(), ApiVersionsResponseData.class).errorCode())
                    .as("the connection stays usable").isZero();
        }
    }

    @Test
    void shouldCloseTheConnectionOnAnUnknownKeyOrVersion() {
        for (int[] keyAndVersion : new int[][]{{1, 4}, {3, 14}, {-1, 0}, {9999, 0}}) {
            try (WireClient client = new WireClient(server.address())) {
                client.send(ByteBuffer.allocate(14).putInt(10).putShort((short) keyAndVersion[0])
                        .putShort((short) keyAndVersion[1]).putInt(7).putShort((short) -1).flip());
                assertThat(client.receive()).isNull();
            }
        }
    }

    @Test
    void shouldRefuseASoftwareNameThatIsNone() {
        try (WireClient client = new WireClient(server.address())) {
            ApiVersionsResponseData answer = client.call(ApiKeys.API_VERSIONS, 3,
                    request().setClientSoftwareName("-evil\n-"), ApiVersionsResponseData.class);
            assertThat(answer.errorCode()).isEqualTo(Errors.INVALID_REQUEST.code());
        }
    }

    private static ApiVersionsRequestData request() {
        return new ApiVersionsRequestData().setClientSoftwareName("test").setClientSoftwareVersion("1.0");
    }
}

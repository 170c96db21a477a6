package io.sluice.kafka.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.sluice.kafka.api.CloseConnectionException;
import io.sluice.kafka.fakes.WireClient;
import io.sluice.persistence.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.ListGroupsResponseData;
import org.apache.kafka.common.message.ListGroupsResponseData.ListedGroup;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Heartbeats wait until the test answers them; ListGroups answers a megabyte; Metadata fails; Produce closes. */
class ConnectionTest {
    private static final int LARGE = 1 << 20;

    private final Queue<CompletableFuture<ApiMessage>> heartbeats = new ConcurrentLinkedQueue<>();
    private final AtomicReference<Runnable> held = new AtomicReference<>();
    private KafkaServer server;

    @AfterEach
    void stop() {
        heartbeats.forEach(one -> one.complete(new HeartbeatResponseData()));
        server.close();
        assertThat(server.connectionCount()).isZero();
        assertThat(server.requestBytesInFlight()).isZero();
    }

    private void start(KafkaServerSettings settings) {
        server = KafkaServer.start(settings, List.of(new TestHandler(ApiKeys.HEARTBEAT, (context, request) -> {
            CompletableFuture<ApiMessage> answer = new CompletableFuture<>();
            heartbeats.add(answer);
            return answer;
        }), new TestHandler(ApiKeys.LIST_GROUPS, (context, request) -> {
            String id = "g".repeat(30_000);
            List<ListedGroup> groups = new ArrayList<>();
            for (int i = 0; i < LARGE / id.length(); i++) {
                groups.add(new ListedGroup().setGroupId(id));
            }
            return done(new ListGroupsResponseData().setGroups(groups));
        }), new TestHandler(ApiKeys.METADATA, (context, request) -> {
            throw new IllegalStateException("a bug");
        }), new TestHandler(ApiKeys.PRODUCE, (context, request) -> {
            ProduceRequestData produce = (ProduceRequestData) request;
            if (produce.acks() == 0) {
                return produce.timeoutMs() > 0
                        ? done(null)
                        : CompletableFuture.failedFuture(new CloseConnectionException("acks=0 failed"));
            }
            held.set(context.holdFrame());
            return done(new org.apache.kafka.common.message.ProduceResponseData());
        })));
    }

    private static KafkaServerSettings settings() {
        return KafkaServerSettings.of("127.0.0.1", 0);
    }

    private static KafkaServerSettings.Requests requests(int inFlight, int inFlightBytes, long nodeBytes) {
        return new KafkaServerSettings.Requests(1 << 20, 1 << 20, inFlight, inFlightBytes, nodeBytes, 100_000,
                Duration.ofMillis(500));
    }

    private static CompletionStage<ApiMessage> done(ApiMessage message) {
        return CompletableFuture.completedFuture(message);
    }

    private WireClient client() {
        return new WireClient(server.address());
    }

    private void awaitHeartbeats(int count) {
        await().until(() -> heartbeats.size() == count);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldAnswerPipelinedRequestsInOrder(boolean nativeTransport) {
        KafkaServerSettings s = settings();
        start(new KafkaServerSettings(s.host(), 0, 1, nativeTransport, 10, s.requests(), s.connections(),
                s.stopTimeout()));
        try (WireClient client = client()) {
            for (int i = 0; i < 3; i++) {
                client.send(ApiKeys.HEARTBEAT, 4, i, new HeartbeatRequestData());
            }
            client.send(ApiKeys.PRODUCE, 9, 3, new ProduceRequestData().setTimeoutMs(1).setAcks((short) 0));
            client.send(ApiKeys.LIST_GROUPS, 3, 4, new ListGroupsRequestData());
            awaitHeartbeats(3);
            List<CompletableFuture<ApiMessage>> waiting = List.copyOf(heartbeats);
            waiting.get(2).complete(new HeartbeatResponseData().setErrorCode((short) 2));
            waiting.get(0).complete(new HeartbeatResponseData().setErrorCode((short) 0));
            waiting.get(1).complete(new HeartbeatResponseData().setErrorCode((short) 1));
            for (int i = 0; i < 3; i++) {
                assertThat(client.receive(ApiKeys.HEARTBEAT, 4, i, HeartbeatResponseData.class).errorCode())
                        .isEqualTo((short) i);
            }
            assertThat(client.receive(ApiKeys.LIST_GROUPS, 3, 4, ListGroupsResponseData.class).groups())
                    .isNotEmpty();
        }
    }

    @Test
    void shouldTakeNoMoreRequestsThanTheLimitAtATime() {
        start(settings().with(requests(3, 1 << 20, 1 << 20), KafkaServerSettings.Connections.DEFAULTS));
        try (WireClient client = client()) {
            for (int i = 0; i < 10; i++) {
                client.send(ApiKeys.HEARTBEAT, 4, i, new HeartbeatRequestData());
            }
            awaitHeartbeats(3);
            for (int i = 0; i < 10; i++) {
                assertThat(heartbeats.size()).isLessThanOrEqualTo(3);
                await().until(() -> !heartbeats.isEmpty());
                heartbeats.remove().complete(new HeartbeatResponseData());
                client.receive(ApiKeys.HEARTBEAT, 4, i, HeartbeatResponseData.class);
            }
        }
    }

    @Test
    void shouldShareTheNodesRequestBytesAmongConnections() {
        start(settings().with(requests(100, 1 << 20, 150), KafkaServerSettings.Connections.DEFAULTS));
        try (WireClient one = client(); WireClient two = client(); WireClient three = client()) {
            HeartbeatRequestData large = new HeartbeatRequestData().setGroupId("g".repeat(100));
            one.send(ApiKeys.HEARTBEAT, 4, 1, large);
            awaitHeartbeats(1);
            two.send(ApiKeys.HEARTBEAT, 4, 2, large);
            three.send(ApiKeys.HEARTBEAT, 4, 3, large);
            heartbeats.remove().complete(new HeartbeatResponseData());
            one.receive(ApiKeys.HEARTBEAT, 4, 1, HeartbeatResponseData.class);
            for (int i = 0; i < 2; i++) {
                awaitHeartbeats(1);
                assertThat(server.requestBytesInFlight()).isLessThanOrEqualTo(150);
                heartbeats.remove().complete(new HeartbeatResponseData());
            }
            two.receive(ApiKeys.HEARTBEAT, 4, 2, HeartbeatResponseData.class);
            three.receive(ApiKeys.HEARTBEAT, 4, 3, HeartbeatResponseData.class);
        }
    }

    @Test
    void shouldNotPileUpResponsesForAClientThatDoesNotRead() {
        start(settings().with(requests(1000, 1 << 20, 1 << 20), KafkaServerSettings.Connections.DEFAULTS));
        int requests = 60;
        try (WireClient client = client(); WireClient other = client()) {
            long before = usedDirectMemory();
            for (int i = 0; i < requests; i++) {
                client.send(ApiKeys.LIST_GROUPS, 3, i, new ListGroupsRequestData());
            }
            other.call(ApiKeys.LIST_GROUPS, 3, new ListGroupsRequestData(), ListGroupsResponseData.class);
            assertThat(usedDirectMemory() - before).isLessThan(requests / 2 * (long) LARGE);
            for (int i = 0; i < requests; i++) {
                client.receive(ApiKeys.LIST_GROUPS, 3, i, ListGroupsResponseData.class);
            }
        }
    }

    private static long usedDirectMemory() {
        return io.netty.buffer.PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
    }

    @Test
    void shouldAnswerABugWithAnErrorWhereTheVersionHasOneAndElseClose() {
        start(settings());
        try (WireClient client = client()) {
            MetadataResponseData answer = client.call(ApiKeys.METADATA, 13, new MetadataRequestData(),
                    MetadataResponseData.class);
            assertThat(answer.errorCode()).isEqualTo(Errors.UNKNOWN_SERVER_ERROR.code());
            client.send(ApiKeys.METADATA, 12, 1, new MetadataRequestData());
            assertThat(client.receive()).isNull();
        }
    }

    @Test
    void shouldAnswerNothingToAcks0AndCloseOnItsError() {
        start(settings());
        try (WireClient client = client()) {
            client.send(ApiKeys.PRODUCE, 9, 1, new ProduceRequestData().setTimeoutMs(1).setAcks((short) 0));
            client.send(ApiKeys.LIST_GROUPS, 3, 2, new ListGroupsRequestData());
            client.receive(ApiKeys.LIST_GROUPS, 3, 2, ListGroupsResponseData.class);
            client.send(ApiKeys.PRODUCE, 9, 3, new ProduceRequestData().setTimeoutMs(0).setAcks((short) 0));
            assertThat(client.receive()).isNull();
        }
    }

    @Test
    void shouldCountAHeldFrameUntilItIsLetGo() {
        start(settings());
        try (WireClient client = client()) {
            client.send(ApiKeys.PRODUCE, 9, 1, new ProduceRequestData().setAcks((short) 1));
            assertThat(client.receive()).isNotNull();
            assertThat(server.requestBytesInFlight()).isPositive();
            held.get().run();
            held.get().run();
            assertThat(server.requestBytesInFlight()).isZero();
        }
    }

    @Test
    void shouldCloseOnGarbageAndLeaveOthersAlone() {
        start(settings());
        try (WireClient good = client()) {
            for (byte[] garbage : new byte[][]{
                    "GET / HTTP/1.1\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII),
                    {0, 0, 0, 3, 1, 2, 3}, {-1, -1, -1, -1}, {0, 0, 0, 9, 0, 12, 0, 4, 0, 0, 0, 1, 0}}) {
                try (WireClient bad = client()) {
                    bad.send(ByteBuffer.wrap(garbage));
                    assertThat(bad.receive()).isNull();
                }
            }
            good.call(ApiKeys.LIST_GROUPS, 3, new ListGroupsRequestData(), ListGroupsResponseData.class);
        }
    }

    @Test
    void shouldCloseAConnectionWhoseFrameDoesNotArrive() {
        start(settings().with(requests(3, 1 << 20, 1 << 20), KafkaServerSettings.Connections.DEFAULTS));
        try (WireClient client = client()) {
            client.send(ByteBuffer.wrap(new byte[]{0, 0, 1, 0, 0, 12}));
            assertThat(client.receive()).isNull();
        }
    }

    @Test
    void shouldCloseIdleConnectionsButNotThoseThatWaitForAnAnswer() {
        start(settings().with(KafkaServerSettings.Requests.DEFAULTS,
                new KafkaServerSettings.Connections(10, 10, Duration.ofMillis(300))));
        try (WireClient idle = client(); WireClient waiting = client()) {
            waiting.send(ApiKeys.HEARTBEAT, 4, 1, new HeartbeatRequestData());
            assertThat(idle.receive()).isNull();
            await().during(Duration.ofMillis(500)).until(() -> server.connectionCount() == 1);
            heartbeats.remove().complete(new HeartbeatResponseData());
            waiting.receive(ApiKeys.HEARTBEAT, 4, 1, HeartbeatResponseData.class);
            assertThat(waiting.receive()).isNull();
        }
    }

    @Test
    void shouldRefuseConnectionsPastTheLimit() {
        start(settings().with(KafkaServerSettings.Requests.DEFAULTS,
                new KafkaServerSettings.Connections(10, 2, Duration.ofMinutes(1))));
        try (WireClient one = client(); WireClient two = client(); WireClient three = client()) {
            one.call(ApiKeys.LIST_GROUPS, 3, new ListGroupsRequestData(), ListGroupsResponseData.class);
            two.call(ApiKeys.LIST_GROUPS, 3, new ListGroupsRequestData(), ListGroupsResponseData.class);
            assertThat(three.receive()).isNull();
        }
    }

    @Test
    void shouldServeManyConnections() {
        start(settings());
        List<WireClient> clients = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            clients.add(client());
        }
        clients.forEach(one -> one.send(ApiKeys.PRODUCE, 9, 1, new ProduceRequestData().setAcks((short) 1)));
        clients.forEach(one -> assertThat(one.receive()).isNotNull());
        assertThat(server.connectionCount()).isEqualTo(500);
        clients.forEach(WireClient::close);
        await().until(() -> server.connectionCount() == 0);
        held.get().run();
        server.close();
        // the other frames are held for ever by the handler above
        start(settings());
    }

    @Test
    void shouldLetRequestsInFlightFinishWhenItStops() throws Exception {
        start(settings());
        try (WireClient client = client(); WireClient idle = client()) {
            client.send(ApiKeys.HEARTBEAT, 4, 1, new HeartbeatRequestData());
            awaitHeartbeats(1);
            CompletableFuture<Void> stopped = CompletableFuture.runAsync(server::close);
            assertThat(idle.receive()).isNull();
            assertThat(stopped).isNotDone();
            heartbeats.remove().complete(new HeartbeatResponseData());
            client.receive(ApiKeys.HEARTBEAT, 4, 1, HeartbeatResponseData.class);
            assertThat(client.receive()).isNull();
            stopped.get();
        }
    }

    @Test
    void shouldSayInOneLineThatItsAddressIsTaken() throws Exception {
        start(settings());
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            KafkaServerSettings there = KafkaServerSettings.of("127.0.0.1", taken.getLocalPort());
            assertThatThrownBy(() -> KafkaServer.start(there, List.of())).isInstanceOf(BindException.class)
                    .hasMessage("address already in use: 127.0.0.1:" + taken.getLocalPort());
        }
    }
}
